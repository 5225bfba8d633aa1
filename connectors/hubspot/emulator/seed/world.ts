/** Tells the world's story as a HubSpot account would hold it. */
import { worldSalesforceId } from '../../../../src/emulator/ids.ts';
import type { World, WorldCompany, WorldDeal, WorldPerson } from '../../../../src/emulator/world.ts';
import { type Portal, person as userSource } from '../portal.ts';
import { refOf } from '../state/crm.ts';
import type { Stamp } from '../state/happenings.ts';
import type { Row, Values } from '../state/rows.ts';
import type { Table } from '../state/table.ts';
import { tellForms } from './forms.ts';
import { companyValues, contactChanges, contactValues, dealValues, stageIds } from './values.ts';

export const crossReference = 'salesforce_opportunity_id';
const opportunityPrefix = '006';

/** What the telling needs to remember: which record tells which fact. */
interface Telling {
  readonly portal: Portal;
  readonly world: World;
  readonly owners: ReadonlyMap<string, { readonly id: string; readonly userId: number }>;
  readonly companies: Map<string, Row>;
  readonly people: Map<string, Row>;
  /** Cross-references told so far. */
  references: number;
}

export function seedPortal(portal: Portal, world: World): void {
  const owners = tellOwners(portal, world);
  const telling: Telling = { portal, world, owners, companies: new Map(), people: new Map(), references: 0 };
  provisionCrossReference(portal);
  for (const company of world.companies) tellCompany(telling, company);
  for (const person of world.people) tellPerson(telling, person);
  for (const deal of world.deals) tellDeal(telling, deal);
  for (const person of world.people) tellEnd(telling, person);
  tellForms(portal, world);
}

function tellOwners(portal: Portal, world: World): Telling['owners'] {
  return new Map(
    world.users.map(({ key, name, email }, index) => {
      const [firstName = '', ...rest] = name.split(' ');
      const ids = { id: String(70_000_001 + index), userId: 5_000_001 + index };
      portal.owners.push({ ...ids, email, firstName, lastName: rest.join(' '), createdAt: 0 });
      return [key, ids] as const;
    }),
  );
}

function provisionCrossReference(portal: Portal): void {
  const label = 'Salesforce Opportunity ID';
  tableOf(portal, 'deals').schema.create({
    name: crossReference,
    label,
    type: 'string',
    fieldType: 'text',
    groupName: 'dealinformation',
  });
}

function tellCompany(telling: Telling, company: WorldCompany): void {
  if (!company.in.includes('hubspot')) return;
  const values = { ...companyValues(company), ...ownerValue(telling, company.ownerKey) };
  const row = create(telling, 'companies', values, stampOf(telling, company.ownerKey, company.createdAt));
  telling.companies.set(company.key, row);
}

function tellPerson(telling: Telling, person: WorldPerson): void {
  if (!person.hubspot) return;
  const { portal, companies } = telling;
  const table = tableOf(portal, 'contacts');
  const values = { ...contactValues(person, telling.world), ...ownerValue(telling, person.ownerKey) };
  const stamp = stampOf(telling, person.ownerKey, person.createdAt);
  const row = create(telling, 'contacts', withoutTakenEmail(table, values), stamp);
  telling.people.set(person.key, row);
  const company = companies.get(person.companyKey ?? '');
  if (company) associate(portal, row, 'contacts', company, 'companies', stamp);
  const told = person.told?.hubspot;
  if (told) portal.crm.update(table, row, contactChanges(told), { ...stamp, at: told.at });
  if (person.modifiedAt > row.updatedAt) portal.crm.touch(table, row, { ...stamp, at: person.modifiedAt });
}

/** HubSpot cannot hold two contacts with one address: the second one comes without. */
function withoutTakenEmail(table: Table, { email, ...rest }: Values): Values {
  return email === undefined || table.findUnique('email', email) ? rest : { ...rest, email };
}

function tellDeal(telling: Telling, deal: WorldDeal): void {
  if (!deal.in.includes('hubspot')) return;
  const { portal, companies, people } = telling;
  const table = tableOf(portal, 'deals');
  const stamp = stampOf(telling, deal.ownerKey, deal.createdAt);
  const [first, ...later] = deal.stages;
  const stage: Values = first ? { dealstage: stageIds[first.stage] } : {};
  const values = {
    ...dealValues(deal),
    ...stage,
    ...reference(telling, deal),
    ...ownerValue(telling, deal.ownerKey),
  };
  const row = create(telling, 'deals', values, stamp);
  const company = companies.get(deal.companyKey);
  if (company) associate(portal, row, 'deals', company, 'companies', stamp);
  for (const { personKey, role } of deal.people) {
    const contact = people.get(personKey);
    const label = portal.crm.links.label('deals', 'contacts', role);
    if (contact)
      portal.crm.associate(refOf(table, row), { object: 'contacts', id: contact.id }, [label], stamp);
  }
  for (const { stage: reached, at } of later) {
    portal.crm.update(table, row, { dealstage: stageIds[reached] }, { ...stamp, at });
  }
  if (deal.modifiedAt > row.updatedAt) portal.crm.touch(table, row, { ...stamp, at: deal.modifiedAt });
  const deletedAt = deal.deleted?.hubspot;
  if (deletedAt !== undefined) portal.crm.archive(table, row, { ...stamp, at: deletedAt });
}

/** People copy ids from screens and from exports, so every second one is of the short form. */
function reference(telling: Telling, deal: WorldDeal): Values {
  if (!deal.crossReferenced) return {};
  const id = worldSalesforceId(opportunityPrefix, deal.key);
  telling.references += 1;
  return { [crossReference]: telling.references % 2 === 0 ? id.slice(0, 15) : id };
}

/** Mergers and deletions come last, when everything that is tied to the records has been told. */
function tellEnd(telling: Telling, person: WorldPerson): void {
  const { portal, people } = telling;
  const table = tableOf(portal, 'contacts');
  const row = people.get(person.key);
  if (!row) return;
  const merge = person.mergedInto;
  const winner = merge?.system === 'hubspot' ? people.get(merge.personKey) : undefined;
  if (merge && winner) {
    const survivor = portal.crm.merge(table, winner, row, stampOf(telling, person.ownerKey, merge.at));
    people.set(merge.personKey, survivor);
    people.set(person.key, survivor);
  }
  const deletedAt = person.deleted?.hubspot;
  if (deletedAt !== undefined) portal.crm.archive(table, row, stampOf(telling, person.ownerKey, deletedAt));
}

// ---------------------------------------------------------------------------------------------- pieces

function create({ portal }: Telling, object: string, values: Values, stamp: Stamp): Row {
  return portal.crm.create(tableOf(portal, object), values, stamp);
}

function associate(
  portal: Portal,
  from: Row,
  fromObject: string,
  to: Row,
  toObject: string,
  stamp: Stamp,
): void {
  const ends = [
    { object: fromObject, id: from.id },
    { object: toObject, id: to.id },
  ] as const;
  portal.crm.associate(...ends, [], stamp);
}

function tableOf(portal: Portal, object: string): Table {
  const table = portal.crm.tables.get(object);
  if (table) return table;
  throw new Error(`no table of ${object}`);
}

function ownerValue({ owners }: Telling, key: string): Values {
  const owner = owners.get(key);
  return owner ? { hubspot_owner_id: owner.id } : {};
}

function stampOf({ owners }: Telling, ownerKey: string, at: number): Stamp {
  return { at, source: userSource(owners.get(ownerKey)?.userId ?? 0) };
}
