import {
  audit,
  checkbox,
  createOnly,
  currency,
  date,
  double,
  idField,
  int,
  isDeleted,
  longText,
  object,
  owner,
  percent,
  picklist,
  readOnly,
  reference,
  required,
  text,
  viewed,
} from '../fields.ts';
import { campaignStatuses, campaignTypes } from '../picklists.ts';

const counted = { ...readOnly, nillable: false, defaultValue: 0, permissionable: true };

export const campaign = object('Campaign', '701', [
  idField('Campaign ID'),
  isDeleted,
  text('Name', 'Name', 80, { ...required, nameField: true, idLookup: true }),
  reference('ParentId', 'Parent Campaign ID', 'Campaign', 'ChildCampaigns'),
  picklist('Type', 'Type', campaignTypes, { defaulted: true, defaultValue: 'Conference' }),
  picklist('Status', 'Status', campaignStatuses, { defaulted: true, defaultValue: 'Planned' }),
  date('StartDate', 'Start Date'),
  date('EndDate', 'End Date'),
  currency('ExpectedRevenue', 'Expected Revenue in Campaign', 18, 0),
  currency('BudgetedCost', 'Budgeted Cost in Campaign', 18, 0),
  currency('ActualCost', 'Actual Cost in Campaign', 18, 0),
  percent('ExpectedResponse', 'Expected Response (%)', 10, 2, { defaultValue: 0 }),
  double('NumberSent', 'Num Sent in Campaign', 18, 0, { defaultValue: 0 }),
  checkbox('IsActive', 'Active', { permissionable: true }),
  longText('Description', 'Description'),
  int('NumberOfLeads', 'Leads in Campaign', counted),
  int('NumberOfConvertedLeads', 'Converted Leads in Campaign', counted),
  int('NumberOfContacts', 'Contacts in Campaign', counted),
  int('NumberOfResponses', 'Responses in Campaign', counted),
  int('NumberOfOpportunities', 'Opportunities in Campaign', counted),
  int('NumberOfWonOpportunities', 'Won Opportunities in Campaign', counted),
  currency('AmountAllOpportunities', 'Value Opportunities in Campaign', 18, 0, counted),
  currency('AmountWonOpportunities', 'Value Won Opportunities in Campaign', 18, 0, counted),
  owner(),
  ...audit,
  ...viewed,
  reference('CampaignMemberRecordTypeId', 'Record Type ID', 'RecordType', null, { permissionable: false }),
]);

const belongs = { ...createOnly, cascadeDelete: true };

/** Deleted at once, without a stay in the recycle bin: queryAll does not show what is gone. */
export const campaignMember = object(
  'CampaignMember',
  '00v',
  [
    idField('Campaign Member ID'),
    isDeleted,
    reference('CampaignId', 'Campaign ID', 'Campaign', 'CampaignMembers', { ...required, ...belongs }),
    reference('LeadId', 'Lead ID', 'Lead', 'CampaignMembers', belongs),
    reference('ContactId', 'Contact ID', 'Contact', 'CampaignMembers', belongs),
    picklist('Status', 'Status', ['Sent', 'Responded'], { defaulted: true, defaultValue: 'Sent' }),
    checkbox('HasResponded', 'Responded', readOnly),
    ...audit.slice(0, 5),
    date('FirstRespondedDate', 'First Responded Date', readOnly),
    text('Name', 'Full Name', 121, { ...readOnly, nameField: true }),
    text('FirstName', 'First Name', 40, readOnly),
    text('LastName', 'Last Name', 80, readOnly),
    text('Title', 'Title', 128, readOnly),
    text('Email', 'Email', 80, readOnly),
    text('CompanyOrAccount', 'Company (Account)', 255, readOnly),
    picklist('Type', 'Type', ['Lead', 'Contact'], readOnly),
    reference('LeadOrContactId', 'Related Record ID', ['Contact', 'Lead'], null, readOnly),
  ],
  { undeletable: false },
);

export const campaignMemberStatus = object('CampaignMemberStatus', '01Y', [
  idField('Campaign Member Status ID'),
  isDeleted,
  reference('CampaignId', 'Campaign ID', 'Campaign', 'CampaignMemberStatuses', { ...required, ...belongs }),
  text('Label', 'Label', 765, required),
  int('SortOrder', 'Sort Order'),
  checkbox('IsDefault', 'Is Default'),
  checkbox('HasResponded', 'Responded'),
  ...audit,
]);

/** Customizable Campaign Influence: the percentage of a deal that one campaign is credited with. */
export const campaignInfluenceModel = object(
  'CampaignInfluenceModel',
  '03V',
  [
    idField('Campaign Influence Model ID'),
    text('MasterLabel', 'Master Label', 80, readOnly),
    text('DeveloperName', 'Name', 80, readOnly),
    checkbox('IsDefaultModel', 'Default Model', readOnly),
    checkbox('IsModelLocked', 'Locked', readOnly),
    text('ModelDescription', 'Description', 255, readOnly),
    text('ModelType', 'Type', 40, readOnly),
    ...audit,
  ],
  { createable: false, updateable: false, deletable: false, undeletable: false },
);

export const campaignInfluence = object(
  'CampaignInfluence',
  '1CI',
  [
    idField('Campaign Influence ID'),
    isDeleted,
    reference('CampaignId', 'Campaign ID', 'Campaign', 'CampaignInfluence', { ...required, ...belongs }),
    reference('OpportunityId', 'Opportunity ID', 'Opportunity', 'CampaignInfluence', {
      ...required,
      ...belongs,
    }),
    reference('ModelId', 'Campaign Influence Model ID', 'CampaignInfluenceModel', null, {
      ...required,
      ...createOnly,
    }),
    reference('ContactId', 'Contact ID', 'Contact', 'CampaignInfluence', createOnly),
    percent('Influence', 'Influence (%)', 16, 2),
    currency('RevenueShare', 'Revenue Share', 18, 2, readOnly),
    ...audit,
  ],
  { undeletable: false },
);
