import type { DealKind, WorldActivity, WorldDeal, WorldStage } from '../../world/world.ts';
import type { Row } from '../schema/model.ts';
import { wireDate, wireTime } from '../time.ts';
import { amend } from '../write/save.ts';
import { recordOf } from './people.ts';
import type { Teller } from './teller.ts';

const stageLabels: Readonly<Record<WorldStage, string>> = {
  prospecting: 'Prospecting',
  qualified: 'Qualification',
  proposal: 'Proposal/Price Quote',
  negotiation: 'Negotiation/Review',
  won: 'Closed Won',
  lost: 'Closed Lost',
};

const dealTypes: Readonly<Record<DealKind, string>> = {
  'new business': 'New Customer',
  expansion: 'Existing Customer - Upgrade',
  renewal: 'Existing Customer - Replacement',
};

export function tellDeals(teller: Teller): void {
  for (const deal of teller.world.deals) if (deal.in.includes('salesforce')) tellDeal(teller, deal);
}

/** Stage by stage, so that the history tells itself. */
function tellDeal(teller: Teller, deal: WorldDeal): void {
  const [first, ...later] = deal.stages;
  const company = teller.company(deal.companyKey);
  const values: Row = {
    Name: deal.name,
    AccountId: company?.in.includes('salesforce') ? teller.id('Account', company.key) : null,
    StageName: stageLabels[first?.stage ?? 'prospecting'],
    Amount: major(deal),
    Type: dealTypes[deal.kind],
    CloseDate: deal.closeDate,
    Description: deal.lostReason ?? null,
    ...(teller.org.knobs.multiCurrency ? { CurrencyIsoCode: deal.currency } : {}),
  };
  const { createdAt, ownerKey } = deal;
  let row = teller.put('Opportunity', deal.key, values, { createdAt, ownerKey });
  for (const { stage, at } of later) {
    row = amend(teller.writer(at, ownerKey), teller.object('Opportunity'), row, {
      StageName: stageLabels[stage],
    });
  }
  teller.touch('Opportunity', row, deal.modifiedAt);
  tellRoles(teller, deal);
}

function major({ amountMinor, currency }: WorldDeal): number {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return amountMinor / 10 ** maximumFractionDigits;
}

function tellRoles(teller: Teller, deal: WorldDeal): void {
  for (const [index, { personKey, role }] of deal.people.entries()) {
    const person = teller.person(personKey);
    const record = person && recordOf(teller, person);
    if (record?.object !== 'Contact') continue;
    const values = {
      OpportunityId: teller.id('Opportunity', deal.key),
      ContactId: record.id,
      Role: role,
      IsPrimary: index === 0,
    };
    teller.put('OpportunityContactRole', `${deal.key} ${personKey}`, values, { createdAt: deal.createdAt });
  }
}

const subtypes: Readonly<Record<WorldActivity['kind'], string>> = {
  call: 'Call',
  email: 'Email',
  task: 'Task',
  meeting: 'Event',
};

export function tellActivities(teller: Teller): void {
  const deals = new Map(teller.world.deals.map((deal) => [deal.key, deal]));
  for (const activity of teller.world.activities) {
    const person = teller.person(activity.personKey);
    const record = person && recordOf(teller, person);
    if (activity.system !== 'salesforce' || record === undefined) continue;
    const deal = activity.dealKey === null ? undefined : deals.get(activity.dealKey);
    const values: Row = {
      Subject: activity.subject,
      WhoId: record.id,
      WhatId: deal?.in.includes('salesforce') ? teller.id('Opportunity', deal.key) : null,
    };
    tellActivity(teller, activity, values);
  }
}

function tellActivity(teller: Teller, { key, kind, at, ownerKey }: WorldActivity, values: Row): void {
  const times = { createdAt: at, ownerKey };
  if (kind === 'meeting') {
    teller.put('Event', key, { ...values, StartDateTime: wireTime(at), DurationInMinutes: 45 }, times);
    return;
  }
  const done = { Status: 'Completed', ActivityDate: wireDate(at), TaskSubtype: subtypes[kind] };
  teller.put('Task', key, { ...values, ...done }, times);
}
