/** Campaign members: a person once per campaign, told with the person's name, counted on the campaign. */
import { SaveFault } from '../errors.ts';
import type { Org } from '../org.ts';
import type { Row } from '../schema/model.ts';
import { wireDate } from '../time.ts';
import { liveRow, type Writer } from './writer.ts';

export function completeMember(row: Row, old: Row | undefined, _given: Row, { org }: Writer): void {
  if (old === undefined) refuseDoubles(org, row);
  const person = personOf(org, row);
  row.Type = row.ContactId ? 'Contact' : 'Lead';
  row.LeadOrContactId = row.ContactId ?? row.LeadId ?? null;
  for (const name of ['FirstName', 'LastName', 'Title', 'Email']) row[name] = person[name] ?? null;
  row.Name = [person.FirstName, person.LastName].filter(Boolean).join(' ');
  const account = org.table('Account').get(String(person.AccountId));
  row.CompanyOrAccount = person.Company ?? account?.Name ?? null;
  const responded = isResponse(org, row);
  row.HasResponded = responded;
  if (responded && !row.FirstRespondedDate) row.FirstRespondedDate = wireDate(org.clock.now());
}

function personOf(org: Org, row: Row): Row {
  const object = org.catalog.object(row.ContactId ? 'Contact' : 'Lead');
  const id = row.ContactId ?? row.LeadId;
  if (object !== undefined && typeof id === 'string') return liveRow(org, object, id);
  throw new SaveFault('REQUIRED_FIELD_MISSING', 'Required fields are missing: [ContactId]', ['ContactId']);
}

function refuseDoubles(org: Org, row: Row): void {
  const members = org.table('CampaignMember').lookup('CampaignId', row.CampaignId ?? null);
  const again = members.some((one) => isSame(one.ContactId, row.ContactId) || isSame(one.LeadId, row.LeadId));
  if (again) throw new SaveFault('DUPLICATE_VALUE', 'Already a campaign member.');
}

function isSame(one: Row[string] | undefined, other: Row[string] | undefined): boolean {
  return typeof one === 'string' && one === other;
}

function isResponse(org: Org, row: Row): boolean {
  const statuses = org.table('CampaignMemberStatus').lookup('CampaignId', row.CampaignId ?? null);
  const known = statuses.find((one) => one.Label === row.Status);
  return known === undefined ? row.Status === 'Responded' : known.HasResponded === true;
}

/** The share of the deal's amount follows from the percentage; nobody writes it. */
export function completeInfluence(row: Row, _old: Row | undefined, _given: Row, { org }: Writer): void {
  const amount = org.table('Opportunity').get(String(row.OpportunityId))?.Amount;
  const known = typeof amount === 'number' && typeof row.Influence === 'number';
  row.RevenueShare = known ? Math.round(amount * Number(row.Influence)) / 100 : null;
}

/** Counting is the system's business and leaves the campaign's stamps alone. */
export function countMember(row: Row, old: Row | undefined, { org }: Writer): void {
  const campaign = org.table('Campaign').get(String(row.CampaignId));
  if (campaign === undefined) return;
  const counter = row.Type === 'Contact' ? 'NumberOfContacts' : 'NumberOfLeads';
  const responded = Number(row.HasResponded === true) - Number(old?.HasResponded === true);
  org.table('Campaign').change(campaign, {
    [counter]: Number(campaign[counter] ?? 0) + (old === undefined ? 1 : 0),
    NumberOfResponses: Number(campaign.NumberOfResponses ?? 0) + responded,
  });
}

export function addStatuses(row: Row, old: Row | undefined, writer: Writer): void {
  if (old !== undefined) return;
  const { org, stamp, userId } = writer;
  for (const [index, label] of ['Sent', 'Responded'].entries()) {
    org.table('CampaignMemberStatus').insert({
      Id: org.ids.next('01Y'),
      CampaignId: row.Id ?? null,
      Label: label,
      SortOrder: index + 1,
      IsDefault: index === 0,
      HasResponded: index === 1,
      IsDeleted: false,
      CreatedDate: stamp,
      CreatedById: userId,
      LastModifiedDate: stamp,
      LastModifiedById: userId,
      SystemModstamp: stamp,
    });
  }
}
