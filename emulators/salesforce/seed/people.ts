import type { PersonFacts, WorldPerson } from '../../world/world.ts';
import type { Row } from '../schema/model.ts';
import { wireDate } from '../time.ts';
import { mergeRecords } from '../write/merge.ts';
import { removeRow } from '../write/remove.ts';
import { liveRow } from '../write/writer.ts';
import type { Teller } from './teller.ts';

export function tellPeople(teller: Teller): void {
  for (const person of teller.world.people) {
    const role = person.salesforce?.as;
    if (role === 'lead' || role === 'convertedLead') tellLead(teller, person);
    if (role === 'contact' || role === 'convertedLead') tellContact(teller, person);
    if (role === 'convertedLead') markConverted(teller, person);
  }
}

/** Under which name and id the person stands in Salesforce today. */
export function recordOf(teller: Teller, person: WorldPerson): { object: string; id: string } | undefined {
  if (person.salesforce === undefined) return undefined;
  const object = person.salesforce.as === 'lead' ? 'Lead' : 'Contact';
  return { object, id: teller.id(object, person.key) };
}

function factsOf(person: WorldPerson): PersonFacts {
  return { ...person, ...person.told?.salesforce };
}

function lastChange(person: WorldPerson): number {
  return Math.max(person.modifiedAt, person.told?.salesforce?.at ?? 0);
}

function common(person: WorldPerson): Row {
  const facts = factsOf(person);
  return {
    FirstName: facts.firstName,
    LastName: facts.lastName,
    Email: facts.email,
    Phone: facts.phone,
    Title: facts.title,
    LeadSource: person.utm === undefined ? null : 'Web',
    HasOptedOutOfEmail: person.salesforce?.optedOut ?? false,
  };
}

/** Salesforce's own words for a lead that came without a company. */
const noCompany = '[not provided]';

function tellLead(teller: Teller, person: WorldPerson): void {
  const { city, country } = factsOf(person);
  const { utm } = person;
  const values: Row = {
    ...common(person),
    Company: teller.company(person.companyKey)?.name ?? noCompany,
    City: city,
    Country: country,
    Status: openStatus(person),
    UTM_Source__c: utm?.source ?? null,
    UTM_Medium__c: utm?.medium ?? null,
    UTM_Campaign__c: utm?.campaign ?? null,
    UTM_Term__c: utm?.term ?? null,
    UTM_Content__c: utm?.content ?? null,
  };
  const { createdAt, ownerKey } = person;
  const modifiedAt = person.salesforce?.convertedAt ?? lastChange(person);
  teller.put('Lead', person.key, values, { createdAt, modifiedAt, ownerKey });
}

function openStatus({ salesforce }: WorldPerson): string {
  return salesforce?.as === 'lead' ? (salesforce.status ?? 'Open - Not Contacted') : 'Open - Not Contacted';
}

function tellContact(teller: Teller, person: WorldPerson): void {
  const { city, country } = factsOf(person);
  const { createdAt, ownerKey, salesforce } = person;
  const converted = salesforce?.as === 'convertedLead';
  const values: Row = {
    ...common(person),
    AccountId: accountOf(teller, person),
    MailingCity: city,
    MailingCountry: country,
    Former_Lead_Id__c: converted ? teller.id('Lead', person.key).slice(0, 15) : null,
  };
  const madeAt = salesforce?.convertedAt ?? createdAt;
  teller.put('Contact', person.key, values, { createdAt: madeAt, modifiedAt: lastChange(person), ownerKey });
}

function accountOf(teller: Teller, person: WorldPerson): string | null {
  const company = teller.company(person.companyKey);
  return company?.in.includes('salesforce') === true ? teller.id('Account', company.key) : null;
}

/** A conversion always leaves an account: where the world has no company, one of the person's name. */
function markConverted(teller: Teller, person: WorldPerson): void {
  const { convertedAt = person.modifiedAt, dealKey } = person.salesforce ?? {};
  const lead = teller.org.table('Lead').get(teller.id('Lead', person.key)) as Row;
  const accountId = accountOf(teller, person) ?? makeAccount(teller, person, convertedAt);
  teller.org.table('Lead').change(lead, {
    IsConverted: true,
    Status: 'Closed - Converted',
    IsUnreadByOwner: false,
    ConvertedDate: wireDate(convertedAt),
    ConvertedAccountId: accountId,
    ConvertedContactId: teller.id('Contact', person.key),
    ConvertedOpportunityId: dealKey === undefined ? null : teller.id('Opportunity', dealKey),
  });
}

function makeAccount(teller: Teller, person: WorldPerson, createdAt: number): string {
  const name =
    teller.company(person.companyKey)?.name ?? `${person.firstName ?? ''} ${person.lastName}`.trim();
  const account = teller.put(
    'Account',
    `account of ${person.key}`,
    { Name: name },
    { createdAt, ownerKey: person.ownerKey },
  );
  const contact = teller.org.table('Contact').get(teller.id('Contact', person.key)) as Row;
  teller.org.table('Contact').change(contact, { AccountId: account.Id ?? null });
  return String(account.Id);
}

/** Last, so that what hung on them moves or goes as it does in Salesforce. */
export function tellMergesAndDeletions(teller: Teller): void {
  for (const person of teller.world.people) {
    const at = person.deleted?.salesforce;
    const record = recordOf(teller, person);
    if (at !== undefined && record !== undefined) remove(teller, record.object, record.id, at);
    if (person.mergedInto?.system === 'salesforce') merge(teller, person, person.mergedInto);
  }
  for (const deal of teller.world.deals) {
    const at = deal.deleted?.salesforce;
    if (at !== undefined && deal.in.includes('salesforce'))
      remove(teller, 'Opportunity', teller.id('Opportunity', deal.key), at);
  }
}

function remove(teller: Teller, name: string, id: string, at: number): void {
  const object = teller.object(name);
  removeRow(teller.writer(at), object, liveRow(teller.org, object, id));
}

function merge(
  teller: Teller,
  loser: WorldPerson,
  { personKey, at }: NonNullable<WorldPerson['mergedInto']>,
): void {
  const winner = teller.person(personKey);
  const one = winner && recordOf(teller, winner);
  const other = recordOf(teller, loser);
  if (one === undefined || other === undefined || one.object !== other.object) return;
  mergeRecords(teller.writer(at), teller.object(one.object), one.id, other.id);
}
