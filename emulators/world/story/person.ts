import type { WorldCompany, WorldPerson, WorldSystem } from '../world.ts';
import { latin, type Name, written } from './names.ts';
import { type PlaceCode, places } from './places.ts';
import { bothSystems, placeOf, type Scene } from './scene.ts';

export interface PersonPlan
  extends Partial<Omit<WorldPerson, 'key' | 'companyKey' | 'salesforce' | 'hubspot'>> {
  readonly key: string;
  readonly name: readonly [given: Name, family: Name];
  readonly company: WorldCompany | null;
  /** Only asked when there is no company. */
  readonly place?: PlaceCode;
  readonly createdAt: number;
  /** Both when absent; none for a person who is known from chat alone. */
  readonly in?: readonly WorldSystem[];
  readonly salesforce?: NonNullable<WorldPerson['salesforce']>;
  readonly lifecycle?: string;
}

/** Fills in what a plan leaves open: address, phone, city, owner. */
export function makePerson(scene: Scene, plan: PersonPlan): WorldPerson {
  const {
    key,
    name,
    company,
    place: chosen,
    in: systems = bothSystems,
    lifecycle,
    salesforce,
    ...told
  } = plan;
  const code = chosen ?? (company ? placeOf(company) : 'US');
  const place = places[code];
  return {
    key,
    firstName: written(name[0]),
    lastName: written(name[1]),
    title: null,
    city: place.cities[0] ?? null,
    country: place.country,
    companyKey: company?.key ?? null,
    ownerKey: company?.ownerKey ?? 'u-1',
    modifiedAt: plan.createdAt,
    ...told,
    email: told.email === undefined ? emailOf(scene, name, company) : told.email,
    phone: told.phone === undefined ? scene.phones(code) : told.phone,
    ...(systems.includes('salesforce') ? { salesforce: salesforce ?? { as: 'contact' } } : {}),
    ...(systems.includes('hubspot') ? { hubspot: { lifecycle: lifecycle ?? 'lead' } } : {}),
  };
}

function emailOf(scene: Scene, name: PersonPlan['name'], company: WorldCompany | null): string {
  return scene.claimEmail(`${latin(name[0])}.${latin(name[1])}`, company?.domain ?? 'example.com');
}
