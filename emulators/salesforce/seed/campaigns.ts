import type { WorldCampaign, WorldResponse } from '../../world/world.ts';
import type { Row } from '../schema/model.ts';
import { campaignTypes } from '../schema/picklists.ts';
import { wireDate } from '../time.ts';
import { recordOf } from './people.ts';
import type { Teller } from './teller.ts';

/** Salesforce's names for kinds of campaign that it calls otherwise. */
const renamed: Readonly<Record<string, string>> = {
  Event: 'Conference',
  'Paid Search': 'Advertisement',
  'Paid Social': 'Advertisement',
  Content: 'Other',
};

const week = 7 * 24 * 60 * 60 * 1000;

export function tellCampaigns(teller: Teller): void {
  const { now, campaigns } = teller.world;
  for (const campaign of campaigns) {
    if (!campaign.in.includes('salesforce')) continue;
    const values: Row = {
      Name: campaign.name,
      Type: typeOf(campaign),
      Status: campaign.end < now ? 'Completed' : 'In Progress',
      IsActive: campaign.end >= now,
      StartDate: wireDate(campaign.start),
      EndDate: wireDate(campaign.end),
      ActualCost: Math.round(campaign.costMinor / 100),
      UTM_Campaign__c: campaign.utmCampaign,
    };
    const modifiedAt = Math.min(campaign.end, now);
    teller.put('Campaign', campaign.key, values, { createdAt: campaign.start - week, modifiedAt });
  }
}

function typeOf({ type }: WorldCampaign): string {
  return renamed[type] ?? (campaignTypes.includes(type) ? type : 'Other');
}

/** A person is a member of a campaign once: of several answers the first counts. Forms are HubSpot's to tell. */
export function tellResponses(teller: Teller): void {
  const known = new Set(
    teller.world.campaigns.filter((one) => one.in.includes('salesforce')).map((one) => one.key),
  );
  const told = new Set<string>();
  for (const response of teller.world.responses.toSorted((one, other) => one.at - other.at)) {
    const { campaignKey, personKey, pageUrl } = response;
    const pair = `${campaignKey} ${personKey}`;
    if (campaignKey === null || pageUrl !== null || !known.has(campaignKey) || told.has(pair)) continue;
    if (tellMember(teller, campaignKey, response)) told.add(pair);
  }
}

function tellMember(
  teller: Teller,
  campaignKey: string,
  { key, personKey, at, responded }: WorldResponse,
): boolean {
  const person = teller.person(personKey);
  const record = person && recordOf(teller, person);
  if (person === undefined || record === undefined) return false;
  const convertedAt = person.salesforce?.convertedAt;
  const asLead = record.object === 'Lead' || (convertedAt !== undefined && at < convertedAt);
  const values: Row = {
    CampaignId: teller.id('Campaign', campaignKey),
    LeadId: asLead ? teller.id('Lead', personKey) : null,
    ContactId: record.object === 'Contact' ? record.id : null,
    Status: responded ? 'Responded' : 'Sent',
    FirstRespondedDate: responded ? wireDate(at) : null,
  };
  const modifiedAt = asLead && convertedAt !== undefined ? convertedAt : at;
  teller.put('CampaignMember', key, values, { createdAt: at, modifiedAt });
  return true;
}
