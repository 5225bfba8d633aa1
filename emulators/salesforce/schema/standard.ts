/** The objects that every org has, in the order of the global describe. */
import { picklist } from './fields.ts';
import type { ObjectDef } from './model.ts';
import { currencies } from './picklists.ts';
import { account } from './standard/account.ts';
import { event, task, topic, topicAssignment } from './standard/activity.ts';
import {
  campaign,
  campaignInfluence,
  campaignInfluenceModel,
  campaignMember,
  campaignMemberStatus,
} from './standard/campaign.ts';
import { contact } from './standard/contact.ts';
import { lead } from './standard/lead.ts';
import {
  opportunity,
  opportunityContactRole,
  opportunityHistory,
  opportunityStage,
} from './standard/opportunity.ts';
import {
  currencyType,
  datedConversionRate,
  fieldPermissions,
  leadStatus,
  objectPermissions,
  organization,
  permissionSet,
  permissionSetAssignment,
  profile,
  user,
  userRole,
} from './standard/setup.ts';

const everywhere = [
  account,
  campaign,
  campaignInfluence,
  campaignInfluenceModel,
  campaignMember,
  campaignMemberStatus,
  contact,
  event,
  fieldPermissions,
  lead,
  leadStatus,
  objectPermissions,
  opportunity,
  opportunityContactRole,
  opportunityHistory,
  opportunityStage,
  organization,
  permissionSet,
  permissionSetAssignment,
  profile,
  task,
  topic,
  topicAssignment,
  user,
  userRole,
];

const inMoney = new Set([
  'Account',
  'Campaign',
  'CampaignMember',
  'Contact',
  'Event',
  'Lead',
  'Opportunity',
  'OpportunityHistory',
  'Task',
  'User',
]);

const isoCode = { length: 3, restricted: true, defaulted: true };

const currencyIsoCode = picklist('CurrencyIsoCode', 'Currency ISO Code', currencies, isoCode);

/** With several currencies, records carry their own and two more objects hold the rates. */
export function standardObjects(multiCurrency: boolean): ObjectDef[] {
  if (!multiCurrency) return [...everywhere];
  const objects = [...everywhere.map(withCurrency), currencyType, datedConversionRate];
  return objects.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

export function withCurrency(def: ObjectDef): ObjectDef {
  if (!def.custom && !inMoney.has(def.name)) return def;
  const before = def.fields.findIndex((one) => one.name === 'CreatedDate');
  return { ...def, fields: def.fields.toSpliced(before, 0, currencyIsoCode) };
}
