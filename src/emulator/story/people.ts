import type { WorldCompany, WorldPerson, WorldSystem } from '../world.ts';
import { campaignUtms } from './campaigns.ts';
import { type Chance, chance } from './chance.ts';
import { jobTitles } from './names.ts';
import { makePerson, type PersonPlan } from './person.ts';
import { placeOdds, places } from './places.ts';
import { ago, bothSystems, minute, placeOf, type Scene } from './scene.ts';

const lifecycles = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
];
const leadStatuses = ['Open - Not Contacted', 'Working - Contacted', 'Closed - Not Converted'];

/** The first two of each company are contacts wherever the company is known, so that deals find people. */
export function tellColleagues(scene: Scene, companies: readonly WorldCompany[]): WorldPerson[] {
  const draw = chance(scene.seed, 'colleagues');
  const numbered = number('p');
  return companies.flatMap((company) =>
    Array.from({ length: draw.int(2, 5) }, (_, index) => {
      const buyer = index < 2;
      const systems = buyer ? company.in : company.in.filter(() => draw.flip(0.75));
      const createdAt = Math.max(
        company.createdAt,
        ago(scene, draw.int(buyer ? 150 : 10, 360) + draw.next()),
      );
      return invent(scene, draw, {
        key: numbered(),
        company,
        createdAt,
        in: systems.length > 0 ? systems : company.in,
        salesforce: buyer || draw.flip(0.5) ? { as: 'contact' } : leadFacts(draw),
      });
    }),
  );
}

/** Leads and subscribers who named no company; a few never left the chat window. */
export function tellLoners(scene: Scene, count: number): WorldPerson[] {
  const draw = chance(scene.seed, 'loners');
  const numbered = number('l');
  const odds: readonly (readonly WorldSystem[])[] = [
    ['salesforce'],
    ['hubspot'],
    bothSystems,
    ['hubspot'],
    ['salesforce'],
    [],
  ];
  return Array.from({ length: count }, () =>
    invent(scene, draw, {
      key: numbered(),
      company: null,
      place: draw.pick(placeOdds),
      createdAt: ago(scene, draw.int(3, 340) + draw.next()),
      in: draw.pick(odds),
      salesforce: leadFacts(draw),
    }),
  );
}

type Frame = Omit<PersonPlan, 'name'>;

function invent(scene: Scene, draw: Chance, frame: Frame): WorldPerson {
  const place = places[frame.company ? placeOf(frame.company) : (frame.place ?? 'US')];
  const span = scene.now - frame.createdAt;
  const changedAt = (from: number) => Math.round(frame.createdAt + span * (from + draw.next() / 4));
  const told = draw.flip(0.15)
    ? { told: { hubspot: { title: draw.pick(jobTitles), at: changedAt(0.5) } } }
    : {};
  return makePerson(scene, {
    ...frame,
    name: [draw.pick(place.names.given), draw.pick(place.names.family)],
    title: draw.flip(0.8) ? draw.pick(jobTitles) : null,
    city: draw.pick(place.cities),
    modifiedAt: Math.min(changedAt(0.2), scene.now - minute),
    lifecycle: draw.pick(lifecycles),
    ...(draw.flip(0.2) ? { phone: null } : {}),
    ...(draw.flip(0.6) ? { utm: draw.pick(campaignUtms) } : {}),
    ...(frame.in?.includes('hubspot') ? told : {}),
  });
}

function leadFacts(draw: Chance): NonNullable<WorldPerson['salesforce']> {
  return { as: 'lead', status: draw.pick(leadStatuses), ...(draw.flip(0.1) ? { optedOut: true } : {}) };
}

function number(prefix: string): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${prefix}-${String(last).padStart(3, '0')}`;
  };
}
