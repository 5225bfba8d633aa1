import {
  audit,
  checkbox,
  created,
  createOnly,
  currency,
  date,
  datetime,
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
  readOnlyObject,
  reference,
  required,
  systemModstamp,
  text,
  viewed,
} from '../fields.ts';
import type { Row } from '../model.ts';
import {
  contactRoles,
  forecastCategories,
  forecastCategoryNames,
  leadSources,
  opportunityTypes,
  stages,
} from '../picklists.ts';

const stageLabels = stages.map((stage) => stage.label);
const belongs = { ...required, cascadeDelete: true };

function expectedRevenue(row: Row): number | null {
  if (typeof row.Amount !== 'number' || typeof row.Probability !== 'number') return null;
  return Math.round(row.Amount * row.Probability) / 100;
}

export const opportunity = object(
  'Opportunity',
  '006',
  [
    idField('Opportunity ID'),
    isDeleted,
    reference('AccountId', 'Account ID', 'Account', 'Opportunities', { cascadeDelete: true }),
    checkbox('IsPrivate', 'Private'),
    text('Name', 'Name', 120, { ...required, nameField: true }),
    longText('Description', 'Description'),
    picklist('StageName', 'Stage', stageLabels, { ...required, length: 255 }),
    currency('Amount', 'Amount', 18, 2),
    percent('Probability', 'Probability (%)', 3, 0, { defaulted: true }),
    currency('ExpectedRevenue', 'Expected Amount', 18, 2, { ...readOnly, derive: expectedRevenue }),
    double('TotalOpportunityQuantity', 'Quantity', 18, 2),
    date('CloseDate', 'Close Date', required),
    picklist('Type', 'Opportunity Type', opportunityTypes),
    text('NextStep', 'Next Step', 255),
    picklist('LeadSource', 'Lead Source', leadSources),
    checkbox('IsClosed', 'Closed', readOnly),
    checkbox('IsWon', 'Won', readOnly),
    picklist('ForecastCategory', 'Forecast Category', forecastCategories, readOnly),
    picklist('ForecastCategoryName', 'Forecast Category', forecastCategoryNames, { defaulted: true }),
    reference('CampaignId', 'Campaign ID', 'Campaign', 'Opportunities'),
    checkbox('HasOpportunityLineItem', 'Has Line Item', readOnly),
    reference('Pricebook2Id', 'Price Book ID', 'Pricebook2'),
    owner(),
    ...audit,
    ...viewed,
    int('PushCount', 'Push Count', readOnly),
    datetime('LastStageChangeDate', 'Last Stage Change Date', readOnly),
    int('FiscalQuarter', 'Fiscal Quarter', readOnly),
    int('FiscalYear', 'Fiscal Year', readOnly),
    text('Fiscal', 'Fiscal Period', 6, readOnly),
    reference('ContactId', 'Contact ID', 'Contact', null, createOnly),
    checkbox('HasOpenActivity', 'Has Open Activity', readOnly),
    checkbox('HasOverdueTask', 'Has Overdue Task', readOnly),
  ],
  { labelPlural: 'Opportunities' },
);

/** A row for each change of stage, amount, probability or close date; made by the server alone. */
export const opportunityHistory = object(
  'OpportunityHistory',
  '008',
  [
    idField('Opportunity History ID'),
    reference('OpportunityId', 'Opportunity ID', 'Opportunity', 'OpportunityHistories', belongs),
    ...created.toReversed(),
    picklist('StageName', 'Stage', stageLabels, { ...readOnly, length: 255 }),
    currency('Amount', 'Amount', 18, 2, readOnly),
    currency('ExpectedRevenue', 'Expected Revenue', 18, 2, readOnly),
    date('CloseDate', 'Close Date', readOnly),
    percent('Probability', 'Probability', 3, 0, readOnly),
    picklist('ForecastCategory', 'To ForecastCategory', forecastCategories, readOnly),
    systemModstamp,
    isDeleted,
    currency('PrevAmount', 'Previous Amount', 18, 2, readOnly),
    date('PrevCloseDate', 'Previous Close Date', readOnly),
  ],
  { ...readOnlyObject, undeletable: true, labelPlural: 'Opportunity History' },
);

export const opportunityContactRole = object('OpportunityContactRole', '00K', [
  idField('Contact Role ID'),
  reference('OpportunityId', 'Opportunity ID', 'Opportunity', 'OpportunityContactRoles', {
    ...belongs,
    ...createOnly,
  }),
  reference('ContactId', 'Contact ID', 'Contact', 'OpportunityContactRoles', { ...belongs, ...createOnly }),
  picklist('Role', 'Role', contactRoles),
  checkbox('IsPrimary', 'Primary'),
  ...audit,
  isDeleted,
]);

export const opportunityStage = object(
  'OpportunityStage',
  '01J',
  [
    idField('Opportunity Stage ID'),
    text('MasterLabel', 'Master Label', 255, { ...readOnly, nillable: false }),
    text('ApiName', 'API Name', 255, readOnly),
    checkbox('IsActive', 'Is Active', readOnly),
    int('SortOrder', 'Sort Order', readOnly),
    checkbox('IsClosed', 'Closed', readOnly),
    checkbox('IsWon', 'Won', readOnly),
    picklist('ForecastCategory', 'Forecast Category', forecastCategories, readOnly),
    picklist('ForecastCategoryName', 'Forecast Category Name', forecastCategoryNames, readOnly),
    percent('DefaultProbability', 'Probability', 3, 0, readOnly),
    longText('Description', 'Description', 255, readOnly),
    ...audit,
  ],
  { ...readOnlyObject, replicateable: false },
);
