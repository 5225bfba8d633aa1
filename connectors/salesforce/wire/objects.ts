/** The objects that are pulled, with the standard fields that orgs have. Custom fields come by the mapping. */
import type { PullOptions } from '../../../src/connector/contract/reading.ts';

export interface PulledObject {
  /** What an admin calls it. */
  readonly title: string;
  readonly fields: readonly string[];
  /** The time field that orders the reading; indexed by Salesforce. */
  readonly stamp: 'SystemModstamp' | 'CreatedDate';
  /** The field that names who made the last change. */
  readonly author: 'LastModifiedById' | 'CreatedById';
  /** How often rows vanish beyond what queryAll shows: the deletion log is asked accordingly. */
  readonly vanishes: 'always' | 'seldom' | 'never';
}

/** What is read, and which fields of it. */
export interface Target {
  readonly object: string;
  readonly spec: PulledObject;
  readonly options: PullOptions | undefined;
}

/** Fields that only some orgs have (several currencies, person accounts); leaving one out is no news to an admin. */
export function isEditionField(object: string, field: string): boolean {
  if (field === 'CurrencyIsoCode') return true;
  if (field === 'IsPersonAccount') return object === 'Contact' || object === 'Account';
  return (
    object === 'Account' && (/^Person|__pc$/.test(field) || field === 'FirstName' || field === 'LastName')
  );
}

// SystemModstamp, not LastModifiedDate: changes by automation and merges move only the former.
const changing = { stamp: 'SystemModstamp', author: 'LastModifiedById', vanishes: 'seldom' } as const;

// Deleted for good at once, past the recycle bin.
const hardDeleted = { ...changing, vanishes: 'always' } as const;

// Users are switched off, never deleted, and have no IsDeleted.
const neverDeleted = { ...changing, vanishes: 'never' } as const;

// Rows are only ever added and go with their opportunity: their creation is their only change.
const appended = { stamp: 'CreatedDate', author: 'CreatedById', vanishes: 'never' } as const;

const audit = 'CreatedDate LastModifiedDate LastModifiedById SystemModstamp';

/** In the order of a backfill: what others refer to comes first. */
export const pulledObjects: Readonly<Record<string, PulledObject>> = {
  User: {
    ...neverDeleted,
    title: 'Users',
    fields: names(`Id Username Name FirstName LastName Email IsActive ${audit}`),
  },
  Account: {
    ...changing,
    title: 'Accounts',
    fields: names(`Id IsDeleted MasterRecordId Name Type ParentId Website Phone Industry NumberOfEmployees
      AnnualRevenue BillingStreet BillingCity BillingState BillingPostalCode BillingCountry OwnerId
      CurrencyIsoCode ${audit}`),
  },
  Campaign: {
    ...changing,
    title: 'Campaigns',
    fields: names(`Id IsDeleted Name ParentId Type Status IsActive StartDate EndDate BudgetedCost ActualCost
      ExpectedRevenue OwnerId CurrencyIsoCode ${audit}`),
  },
  Lead: {
    ...changing,
    title: 'Leads',
    fields: names(`Id IsDeleted MasterRecordId FirstName LastName Name Title Company Email Phone MobilePhone
      Website Street City State PostalCode Country LeadSource Status Rating Industry NumberOfEmployees
      AnnualRevenue HasOptedOutOfEmail OwnerId IsConverted ConvertedDate ConvertedAccountId ConvertedContactId
      ConvertedOpportunityId CurrencyIsoCode ${audit}`),
  },
  Contact: {
    ...changing,
    title: 'Contacts',
    fields: names(`Id IsDeleted MasterRecordId AccountId FirstName LastName Name Title Department Email Phone
      MobilePhone MailingStreet MailingCity MailingState MailingPostalCode MailingCountry LeadSource
      HasOptedOutOfEmail OwnerId ${audit}`),
  },
  Opportunity: {
    ...changing,
    title: 'Opportunities',
    fields: names(`Id IsDeleted AccountId Name StageName Amount Probability ExpectedRevenue CloseDate Type
      LeadSource IsClosed IsWon ForecastCategoryName CampaignId OwnerId CurrencyIsoCode ${audit}`),
  },
  OpportunityContactRole: {
    ...changing,
    title: 'Opportunity contact roles',
    fields: names(`Id IsDeleted OpportunityId ContactId Role IsPrimary ${audit}`),
  },
  OpportunityHistory: {
    ...appended,
    title: 'Opportunity stage history',
    fields: names(`Id IsDeleted OpportunityId StageName Amount Probability CloseDate ForecastCategory
      CreatedById CreatedDate`),
  },
  CampaignMember: {
    ...hardDeleted,
    title: 'Campaign members',
    fields: names(`Id IsDeleted CampaignId LeadId ContactId Status HasResponded FirstRespondedDate ${audit}`),
  },
  Task: {
    ...changing,
    title: 'Tasks',
    fields: names(`Id IsDeleted IsArchived WhoId WhatId Subject Status IsClosed TaskSubtype ActivityDate
      CompletedDateTime OwnerId ${audit}`),
  },
  Event: {
    ...changing,
    title: 'Events',
    fields: names(`Id IsDeleted IsArchived WhoId WhatId Subject StartDateTime EndDateTime ActivityDate
      DurationInMinutes EventSubtype OwnerId ${audit}`),
  },
};

function names(list: string): string[] {
  return list.trim().split(/\s+/);
}
