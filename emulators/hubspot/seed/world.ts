/** Tells the world's story as a HubSpot account would hold it. */

import { iso } from '../../../src/support/clock.ts';
import { worldSalesforceId } from '../../world/ids.ts';
import type { World, WorldCompany, WorldDeal, WorldPerson } from '../../world/world.ts';
import type { Portal } from '../portal.ts';
import { refOf } from '../state/crm.ts';
import type { Values } from '../state/rows.ts';
import type { Table } from '../state/table.ts';
import { tellActivities, tellTickets } from './activities.ts';
import { tellForms } from './forms.ts';
import { associate, create, ownerValue, stampOf, type Telling, tableOf } from './telling.ts';
import { companyValues, contactChanges, contactValues, dealValues, stageIds } from './values.ts';

const crossReference = 'salesforce_opportunity_id';
const opportunityPrefix = '006';

export function seedPortal(portal: Portal, world: World): void {
  const owners = tellOwners(portal, world);
  const records = { companies: new Map(), people: new Map(), deals: new Map() };
  const telling: Telling = { portal, world, owners, ...records, references: 0 };
  provisionCrossReference(portal);
  for (const company of world.companies) tellCompany(telling, company);
  for (const person of world.people) tellPerson(telling, person);
  for (const deal of world.deals) tellDeal(telling, deal);
  tellActivities(telling);
  tellTickets(telling);
  for (const person of world.people) tellEnd(telling, person);
  for (const deal of world.deals) tellDeletion(telling, deal);
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
  const { lifecycle = '', since } = person.hubspot;
  const changes = [
    ...(told ? [[contactChanges(told), told.at] as const] : []),
    ...(since === undefined ? [] : [[{ lifecyclestage: lifecycle }, since] as const]),
  ];
  for (const [values, at] of changes.toSorted(([, one], [, other]) => one - other))
    portal.crm.update(table, row, values, { ...stamp, at });
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
  telling.deals.set(deal.key, row);
  const company = companies.get(deal.companyKey);
  if (company) associate(portal, row, 'deals', company, 'companies', stamp);
  for (const { personKey, role } of deal.people) {
    const contact = people.get(personKey);
    const label = portal.crm.links.label('deals', 'contacts', role);
    if (contact)
      portal.crm.associate(refOf(table, row), { object: 'contacts', id: contact.id }, [label], stamp);
  }
  for (const { stage: reached, at } of later) {
    const isClosed = reached === 'won' || reached === 'lost';
    const values = { dealstage: stageIds[reached], ...(isClosed ? { closedate: iso(at) } : {}) };
    portal.crm.update(table, row, values, { ...stamp, at });
  }
  if (deal.modifiedAt > row.updatedAt) portal.crm.touch(table, row, { ...stamp, at: deal.modifiedAt });
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

function tellDeletion(telling: Telling, { key, ownerKey, deleted }: WorldDeal): void {
  const row = telling.deals.get(key);
  if (!row || deleted?.hubspot === undefined) return;
  telling.portal.crm.archive(
    tableOf(telling.portal, 'deals'),
    row,
    stampOf(telling, ownerKey, deleted.hubspot),
  );
}
