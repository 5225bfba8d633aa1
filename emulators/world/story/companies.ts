import type { WorldCompany, WorldSystem, WorldUser } from '../world.ts';
import { chance } from './chance.ts';
import { companySizes, sizeOrder } from './market.ts';
import { companyWords } from './names.ts';
import { type PlaceCode, placeOdds, places } from './places.ts';
import { ago, bothSystems, type Scene } from './scene.ts';

const staff: readonly (readonly [key: string, name: string, role: WorldUser['role']])[] = [
  ['u-1', 'Petra Wolkenberg', 'sales'],
  ['u-2', 'Declan Fairweather', 'sales'],
  ['u-3', 'Amélie Pontclair', 'sales'],
  ['u-4', 'Hiro Tsukimi', 'sales'],
  ['u-5', 'Rosalind Oakes', 'account manager'],
  ['u-6', 'Mateo Rocablanca', 'account manager'],
];
export const users: readonly WorldUser[] = staff.map(([key, name, role]) => ({
  key,
  name,
  email: `${key}@lumenfold.example`,
  role,
}));
const sales = users.filter(({ role }) => role === 'sales');
const managers = users.filter(({ role }) => role === 'account manager');

/** Taken in turn, so that everybody has about the same number of companies. */
function staffOf(index: number): { readonly ownerKey: string; readonly managerKey: string } {
  return {
    ownerKey: sales[index % sales.length]?.key ?? '',
    managerKey: managers[index % managers.length]?.key ?? '',
  };
}

export type CastKey = 'larkmere' | 'nordlicht' | 'hoshizora' | 'baiyun' | 'vyshnia' | 'waha' | 'chouette';

const cast: Readonly<Record<CastKey, readonly [name: string, domain: string, place: PlaceCode]>> = {
  larkmere: ['Larkmere & Daughters', 'larkmere.example', 'US'],
  nordlicht: ['Nordlicht Werkzeuge GmbH', 'nordlicht-werkzeuge.example', 'DE'],
  hoshizora: ['星空精機株式会社', 'hoshizora.example', 'JP'],
  baiyun: ['白云软件有限公司', 'baiyun.example', 'CN'],
  vyshnia: ['Вишня Логістика', 'vyshnia.example', 'UA'],
  waha: ['شركة الواحة', 'waha.example', 'EG'],
  chouette: ["L'Étoile & Chouette", 'etoile-chouette.example', 'FR'],
};

/** The companies that the hard cases play in; known to both systems. */
export function tellCast(scene: Scene): Readonly<Record<CastKey, WorldCompany>> {
  const tell = (key: CastKey, index: number): WorldCompany => {
    const [name, domain, place] = cast[key];
    return {
      key: `c-${key}`,
      name,
      domain,
      industry: 'Technology',
      employees: 40 * (index + 2),
      country: places[place].country,
      phone: scene.phones(place),
      createdAt: ago(scene, 364),
      ...staffOf(index),
      customer: false,
      in: bothSystems,
    };
  };
  return {
    larkmere: tell('larkmere', 0),
    nordlicht: tell('nordlicht', 1),
    hoshizora: tell('hoshizora', 2),
    baiyun: tell('baiyun', 3),
    vyshnia: tell('vyshnia', 4),
    waha: tell('waha', 5),
    chouette: tell('chouette', 6),
  };
}

const systemOdds: readonly (readonly WorldSystem[])[] = [
  bothSystems,
  bothSystems,
  bothSystems,
  ['salesforce'],
  ['hubspot'],
];

const customerShare = 0.34;

export function tellCompanies(scene: Scene, count: number): WorldCompany[] {
  const draw = chance(scene.seed, 'companies');
  const names = draw.shuffled(
    companyWords.first.flatMap((first) =>
      companyWords.last.map(([last, industry]) => ({ name: `${first} ${last}`, industry })),
    ),
  );
  return names.slice(0, count).map(({ name, industry }, index) => {
    const place = draw.pick(placeOdds);
    const customer = draw.flip(customerShare);
    return {
      key: `c-${String(index + 1).padStart(2, '0')}`,
      name,
      domain: `${name.toLowerCase().replaceAll(' ', '-')}.example`,
      industry,
      employees: draw.int(...companySizes[draw.pick(sizeOrder)].employees),
      country: places[place].country,
      phone: scene.phones(place),
      createdAt: ago(scene, draw.int(customer ? 350 : 300, 364) + draw.next()),
      ...staffOf(index),
      customer,
      in: systemOdds[index % systemOdds.length] ?? bothSystems,
    };
  });
}
