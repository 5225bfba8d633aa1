/**
 * Lead conversion: account, contact and, if wanted, an opportunity are made of a lead, which stays behind
 * read-only. https://help.salesforce.com/s/articleView?id=sf.leads_convert_considerations.htm
 */
import type { Org } from '../org.ts';
import type { ObjectDef, Row, Value } from '../schema/model.ts';
import { wireDate } from '../time.ts';
import { completeMember } from './campaign.ts';
import { plantRole } from './contact-role.ts';
import { plant } from './save.ts';
import { convertedAlready, liveRow, visibly, type Writer } from './writer.ts';

export interface Conversion {
  readonly accountId: string;
  readonly contactId: string;
  readonly opportunityId: string | null;
}

export interface ConversionWish {
  readonly withOpportunity: boolean;
}

export function convertLead(writer: Writer, leadId: string, { withOpportunity }: ConversionWish): Conversion {
  const { org } = writer;
  const lead = liveRow(org, objectOf(org, 'Lead'), leadId);
  if (lead.IsConverted === true) throw convertedAlready();
  const accountId = accountFor(writer, lead);
  const contactId = make(writer, 'Contact', contactOf(lead, accountId));
  const opportunityId = withOpportunity ? dealFor(writer, lead, accountId, contactId) : null;
  org.table('Lead').change(lead, {
    IsConverted: true,
    ConvertedDate: writer.stamp.slice(0, 10),
    ConvertedAccountId: accountId,
    ConvertedContactId: contactId,
    ConvertedOpportunityId: opportunityId,
    Status: 'Closed - Converted',
    IsUnreadByOwner: false,
    ...visibly(writer),
  });
  handOver(writer, leadId, contactId);
  org.changed(objectOf(org, 'Lead'), lead);
  return { accountId, contactId, opportunityId };
}

function objectOf(org: Org, name: string): ObjectDef {
  return org.catalog.object(name) as ObjectDef;
}

function make(writer: Writer, object: string, given: Row): string {
  return String(plant(writer, objectOf(writer.org, object), given).Id);
}

/** The account of that name, if there is one. */
function accountFor(writer: Writer, lead: Row): string {
  const [same] = writer.org.table('Account').lookup('Name', lead.Company ?? null);
  if (same !== undefined) return String(same.Id);
  return make(writer, 'Account', {
    Name: lead.Company ?? null,
    ...taken(lead, ['Phone', 'Website', 'Industry', 'NumberOfEmployees', 'AnnualRevenue', 'OwnerId']),
    ...renamed(lead, 'Billing'),
  });
}

const shared = [
  'FirstName',
  'LastName',
  'Salutation',
  'Title',
  'Email',
  'Phone',
  'MobilePhone',
  'LeadSource',
  'OwnerId',
  'Description',
  'HasOptedOutOfEmail',
];

function contactOf(lead: Row, accountId: string): Row {
  return { AccountId: accountId, ...taken(lead, shared), ...renamed(lead, 'Mailing') };
}

function taken(lead: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name): [string, Value] => [name, lead[name] ?? null]));
}

function renamed(lead: Row, prefix: string): Row {
  const parts = ['Street', 'City', 'State', 'PostalCode', 'Country'];
  return Object.fromEntries(parts.map((part): [string, Value] => [`${prefix}${part}`, lead[part] ?? null]));
}

function dealFor(writer: Writer, lead: Row, accountId: string, contactId: string): string {
  const month = Number(writer.stamp.slice(5, 7));
  const quarterEnd = Date.UTC(Number(writer.stamp.slice(0, 4)), Math.ceil(month / 3) * 3, 0);
  const id = make(writer, 'Opportunity', {
    AccountId: accountId,
    Name: `${lead.Company}-`,
    StageName: 'Prospecting',
    CloseDate: wireDate(quarterEnd),
    LeadSource: lead.LeadSource ?? null,
    OwnerId: lead.OwnerId ?? null,
  });
  plantRole(writer, { OpportunityId: id, ContactId: contactId, Role: null, IsPrimary: true });
  return id;
}

/** Campaign memberships get the contact beside the lead; activities move over. */
function handOver(writer: Writer, leadId: string, contactId: string): void {
  const { org, stamp } = writer;
  for (const member of org.table('CampaignMember').lookup('LeadId', leadId)) {
    const next: Row = { ...member, ContactId: contactId };
    completeMember(next, member, {}, writer);
    org.table('CampaignMember').change(member, { ...next, SystemModstamp: stamp });
  }
  for (const activity of ['Task', 'Event']) {
    for (const row of org.table(activity).lookup('WhoId', leadId)) {
      org.table(activity).change(row, { WhoId: contactId, SystemModstamp: stamp });
    }
  }
}
