/** Which properties HubSpot's objects come with, as far as this stand-in knows them. */
export type Kind =
  | 'text'
  | 'textarea'
  | 'phone'
  | 'number'
  | 'date'
  | 'datetime'
  | 'bool'
  | 'select'
  | 'external'
  | 'list';

/** Names are parted by spaces; those of one line are alike. */
export type Line = readonly [kind: Kind, names: string, options?: readonly string[]];

const yesNo = ['true', 'false'];
const lifecycle = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
];
/** Recorded creates tell no date of the stage that contacts begin with. */
export const lifecycleDates: readonly string[] = lifecycle
  .filter((stage) => stage !== 'lead')
  .map((stage) => `hs_lifecyclestage_${stage}_date`);
const leadStatus = [
  'NEW',
  'OPEN',
  'IN_PROGRESS',
  'OPEN_DEAL',
  'UNQUALIFIED',
  'ATTEMPTED_TO_CONTACT',
  'CONNECTED',
  'BAD_TIMING',
];
const industries = [
  'ACCOUNTING',
  'APPAREL_FASHION',
  'AUTOMOTIVE',
  'BANKING',
  'COMPUTER_SOFTWARE',
  'CONSTRUCTION',
  'EDUCATION_MANAGEMENT',
  'FINANCIAL_SERVICES',
  'FOOD_BEVERAGES',
  'HOSPITAL_HEALTH_CARE',
  'HOSPITALITY',
  'INFORMATION_TECHNOLOGY_AND_SERVICES',
  'INSURANCE',
  'INTERNET',
  'LOGISTICS_AND_SUPPLY_CHAIN',
  'MARKETING_AND_ADVERTISING',
  'MECHANICAL_OR_INDUSTRIAL_ENGINEERING',
  'NON_PROFIT_ORGANIZATION_MANAGEMENT',
  'PHARMACEUTICALS',
  'REAL_ESTATE',
  'RETAIL',
  'TELECOMMUNICATIONS',
  'TRANSPORTATION_TRUCKING_RAILROAD',
  'UTILITIES',
];
export const currencies = ['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'CAD', 'AUD', 'SEK', 'KRW', 'BRL'];

const everywhere: readonly Line[] = [
  ['number', 'hs_object_id'],
  ['text', 'hs_object_source hs_object_source_id hs_object_source_label hs_object_source_user_id'],
  ['list', 'hs_merged_object_ids'],
];
const analytics: readonly Line[] = [
  ['text', 'hs_analytics_source hs_analytics_source_data_1 hs_analytics_source_data_2'],
  ['text', 'hs_latest_source hs_latest_source_data_1 hs_latest_source_data_2'],
  ['datetime', 'hs_latest_source_timestamp'],
];
const owner: readonly Line[] = [['external', 'hubspot_owner_id']];

export interface Catalogue {
  readonly group: string;
  readonly label: string;
  readonly writable: readonly Line[];
  readonly readOnly: readonly Line[];
}

/** By object name. A custom object has `everywhere` and its own. */
export const catalogues: Readonly<Record<string, Catalogue>> = {
  contacts: {
    group: 'contactinformation',
    label: 'Contact information',
    writable: [
      ['text', 'email firstname lastname jobtitle company website address city state zip country salutation'],
      ['phone', 'phone mobilephone fax'],
      ['textarea', 'message'],
      ['number', 'associatedcompanyid'],
      ['bool', 'hs_email_optout', yesNo],
      ['select', 'lifecyclestage', lifecycle],
      ['select', 'hs_lead_status', leadStatus],
      ['external', 'hs_pipeline'],
      ...owner,
    ],
    readOnly: [
      ...everywhere,
      ...analytics,
      ['datetime', `createdate lastmodifieddate ${lifecycleDates.join(' ')}`],
      ['text', 'hs_all_contact_vids hs_calculated_merged_vids hs_email_domain hs_additional_emails'],
      ['bool', 'hs_is_contact hs_is_unworked', yesNo],
      ['text', 'hs_analytics_first_url hs_analytics_first_referrer hs_analytics_last_url'],
      ['text', 'hs_analytics_first_touch_converting_campaign hs_analytics_last_touch_converting_campaign'],
      ['datetime', 'hs_analytics_first_timestamp hs_analytics_last_timestamp'],
      ['datetime', 'hs_analytics_first_visit_timestamp'],
      ['number', 'hs_analytics_num_visits hs_analytics_num_page_views num_associated_deals'],
    ],
  },
  companies: {
    group: 'companyinformation',
    label: 'Company information',
    writable: [
      ['text', 'name domain website address address2 city state zip country timezone twitterhandle'],
      ['phone', 'phone'],
      ['textarea', 'description about_us'],
      ['number', 'numberofemployees annualrevenue founded_year facebookfans'],
      ['select', 'industry', industries],
      ['select', 'lifecyclestage', lifecycle],
      ...owner,
    ],
    readOnly: [...everywhere, ...analytics, ['datetime', 'createdate hs_lastmodifieddate']],
  },
  deals: {
    group: 'dealinformation',
    label: 'Deal information',
    writable: [
      ['text', 'dealname closed_lost_reason closed_won_reason'],
      ['textarea', 'description'],
      ['number', 'amount'],
      ['datetime', 'closedate createdate'],
      ['external', 'dealstage pipeline'],
      ['select', 'dealtype', ['newbusiness', 'existingbusiness']],
      ['select', 'deal_currency_code', currencies],
      ['select', 'hs_priority', ['low', 'medium', 'high']],
      ...owner,
    ],
    readOnly: [
      ...everywhere,
      ...analytics,
      ['datetime', 'hs_lastmodifieddate'],
      ['number', 'amount_in_home_currency hs_deal_stage_probability hs_closed_amount'],
      ['number', 'num_associated_contacts'],
      ['bool', 'hs_is_closed hs_is_closed_won', yesNo],
    ],
  },
  tickets: {
    group: 'ticketinformation',
    label: 'Ticket information',
    writable: [
      ['text', 'subject'],
      ['textarea', 'content'],
      ['external', 'hs_pipeline hs_pipeline_stage'],
      ['select', 'hs_ticket_priority', ['LOW', 'MEDIUM', 'HIGH', 'URGENT']],
      [
        'select',
        'hs_ticket_category',
        ['PRODUCT_ISSUE', 'BILLING_ISSUE', 'FEATURE_REQUEST', 'GENERAL_INQUIRY'],
      ],
      ['select', 'source_type', ['CHAT', 'EMAIL', 'FORM', 'PHONE']],
      ...owner,
    ],
    readOnly: [
      ...everywhere,
      ['datetime', 'createdate hs_lastmodifieddate closed_date'],
      ['text', 'hs_ticket_id'],
    ],
  },
};

const activityDates = 'hs_createdate hs_lastmodifieddate';

/** What sales people log, by object name. */
export const activityCatalogues: Readonly<Record<string, Catalogue>> = {
  calls: {
    group: 'call',
    label: 'Call information',
    writable: [
      ['text', 'hs_call_title'],
      ['textarea', 'hs_call_body'],
      ['datetime', 'hs_timestamp'],
      ['number', 'hs_call_duration'],
      ['select', 'hs_call_direction', ['INBOUND', 'OUTBOUND']],
      ['select', 'hs_call_status', ['BUSY', 'CANCELED', 'COMPLETED', 'FAILED', 'NO_ANSWER', 'QUEUED']],
      ...owner,
    ],
    readOnly: [...everywhere, ['datetime', activityDates]],
  },
  meetings: {
    group: 'meeting',
    label: 'Meeting information',
    writable: [
      ['text', 'hs_meeting_title hs_meeting_location'],
      ['textarea', 'hs_meeting_body'],
      ['datetime', 'hs_timestamp hs_meeting_start_time hs_meeting_end_time'],
      ['select', 'hs_meeting_outcome', ['SCHEDULED', 'COMPLETED', 'RESCHEDULED', 'NO_SHOW', 'CANCELED']],
      ...owner,
    ],
    readOnly: [...everywhere, ['datetime', activityDates]],
  },
  emails: {
    group: 'email',
    label: 'Email information',
    writable: [
      ['text', 'hs_email_subject'],
      ['textarea', 'hs_email_text'],
      ['datetime', 'hs_timestamp'],
      ['select', 'hs_email_direction', ['EMAIL', 'INCOMING_EMAIL', 'FORWARDED_EMAIL']],
      ['select', 'hs_email_status', ['BOUNCED', 'FAILED', 'SCHEDULED', 'SENDING', 'SENT']],
      ...owner,
    ],
    readOnly: [...everywhere, ['datetime', activityDates]],
  },
};

export const customCatalogue: Catalogue = {
  group: 'custom_information',
  label: 'Custom object information',
  writable: [],
  readOnly: [...everywhere, ['datetime', 'hs_createdate hs_lastmodifieddate']],
};
