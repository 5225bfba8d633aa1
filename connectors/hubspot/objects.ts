/** The CRM objects that are read as streams: what is asked for, and which property says what changed. */
export interface CrmObject {
  /** As in paths, mappings and webhooks: `contacts`. */
  readonly name: string;
  readonly title: string;
  /** HubSpot's number of the object type, as generic webhooks name it. */
  readonly typeId: string;
  /** The property that moves with every change. Contacts have a name of their own for it. */
  readonly cursor: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** Properties that are always read; mappings add to them. */
  readonly properties: readonly string[];
  /** Objects whose associations are carried inside the record. */
  readonly associated: readonly string[];
}

/** Either may omit ids that the other one has (fivetran/dbt_hubspot#46, #168), so both are read. */
const merged = ['hs_merged_object_ids'] as const;
const mergedContacts = ['hs_merged_object_ids', 'hs_calculated_merged_vids'] as const;

const source = ['hs_analytics_source', 'hs_analytics_source_data_1', 'hs_analytics_source_data_2'] as const;

/** In the order of a backfill: what others point to comes first. */
export const crmObjects: readonly CrmObject[] = [
  {
    name: 'companies',
    title: 'Companies',
    typeId: '0-2',
    cursor: 'hs_lastmodifieddate',
    properties: [
      'name',
      'domain',
      'website',
      'phone',
      'industry',
      'numberofemployees',
      'annualrevenue',
      'address',
      'city',
      'state',
      'zip',
      'country',
      'lifecyclestage',
      'hubspot_owner_id',
      'createdate',
      'hs_lastmodifieddate',
      ...source,
      ...merged,
    ],
    associated: [],
  },
  {
    name: 'contacts',
    title: 'Contacts',
    typeId: '0-1',
    cursor: 'lastmodifieddate',
    properties: [
      'email',
      'firstname',
      'lastname',
      'phone',
      'mobilephone',
      'jobtitle',
      'company',
      'website',
      'address',
      'city',
      'state',
      'zip',
      'country',
      'hs_language',
      'lifecyclestage',
      'hs_lead_status',
      'hubspotscore',
      'hs_email_optout',
      'hubspot_owner_id',
      'createdate',
      'lastmodifieddate',
      ...source,
      'hs_latest_source',
      'hs_latest_source_data_1',
      'hs_latest_source_data_2',
      'hs_latest_source_timestamp',
      'hs_analytics_first_url',
      'hs_analytics_first_referrer',
      'hs_analytics_first_timestamp',
      ...mergedContacts,
    ],
    associated: ['companies'],
  },
  {
    name: 'deals',
    title: 'Deals',
    typeId: '0-3',
    cursor: 'hs_lastmodifieddate',
    properties: [
      'dealname',
      'amount',
      'deal_currency_code',
      'dealstage',
      'pipeline',
      'closedate',
      'dealtype',
      'hs_deal_stage_probability',
      'hs_is_closed',
      'hs_is_closed_won',
      'closed_lost_reason',
      'hubspot_owner_id',
      'createdate',
      'hs_lastmodifieddate',
      ...source,
      ...merged,
    ],
    associated: ['contacts', 'companies'],
  },
  {
    name: 'tickets',
    title: 'Tickets',
    typeId: '0-5',
    cursor: 'hs_lastmodifieddate',
    properties: [
      'subject',
      'content',
      'hs_pipeline',
      'hs_pipeline_stage',
      'hs_ticket_priority',
      'hubspot_owner_id',
      'createdate',
      'closed_date',
      'hs_lastmodifieddate',
      ...merged,
    ],
    associated: ['contacts', 'companies'],
  },
];
