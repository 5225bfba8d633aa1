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

const list = (names: string): readonly string[] => names.trim().split(/\s+/);

/** Ids of merged-away records. Contacts have two, and either may omit ids (fivetran/dbt_hubspot#46, #168). */
export const mergedProperties = list('hs_merged_object_ids hs_calculated_merged_vids');

const origin = 'hs_analytics_source hs_analytics_source_data_1 hs_analytics_source_data_2';
const address = 'address city state zip country';
const record = 'hubspot_owner_id createdate hs_merged_object_ids';
const activity = 'hs_timestamp hubspot_owner_id hs_createdate hs_lastmodifieddate';

/** In the order of a backfill: what others point to comes first. */
export const crmObjects: readonly CrmObject[] = [
  {
    name: 'companies',
    title: 'Companies',
    typeId: '0-2',
    cursor: 'hs_lastmodifieddate',
    properties: list(`name domain website phone industry numberofemployees annualrevenue lifecyclestage
      hs_lastmodifieddate ${address} ${origin} ${record}`),
    associated: [],
  },
  {
    name: 'contacts',
    title: 'Contacts',
    typeId: '0-1',
    cursor: 'lastmodifieddate',
    properties: list(`email firstname lastname phone mobilephone jobtitle company website hs_language
      lifecyclestage hs_lead_status hubspotscore hs_email_optout lastmodifieddate ${address} ${origin}
      hs_latest_source hs_latest_source_data_1 hs_latest_source_data_2 hs_latest_source_timestamp
      hs_analytics_first_url hs_analytics_first_referrer hs_analytics_first_timestamp
      hs_calculated_merged_vids ${record}`),
    associated: ['companies'],
  },
  {
    name: 'deals',
    title: 'Deals',
    typeId: '0-3',
    cursor: 'hs_lastmodifieddate',
    properties: list(`dealname amount deal_currency_code dealstage pipeline closedate dealtype
      hs_deal_stage_probability hs_is_closed hs_is_closed_won closed_lost_reason hs_lastmodifieddate
      ${origin} ${record}`),
    associated: ['contacts', 'companies'],
  },
  {
    name: 'tickets',
    title: 'Tickets',
    typeId: '0-5',
    cursor: 'hs_lastmodifieddate',
    properties: list(`subject content hs_pipeline hs_pipeline_stage hs_ticket_priority closed_date
      hs_lastmodifieddate ${record}`),
    associated: ['contacts', 'companies'],
  },
  // What sales people logged. Texts of calls and mails are not asked for.
  {
    name: 'calls',
    title: 'Calls',
    typeId: '0-48',
    cursor: 'hs_lastmodifieddate',
    properties: list(`hs_call_title hs_call_direction hs_call_status hs_call_duration ${activity}`),
    associated: ['contacts'],
  },
  {
    name: 'meetings',
    title: 'Meetings',
    typeId: '0-47',
    cursor: 'hs_lastmodifieddate',
    properties: list(
      `hs_meeting_title hs_meeting_outcome hs_meeting_start_time hs_meeting_end_time ${activity}`,
    ),
    associated: ['contacts'],
  },
  {
    name: 'emails',
    title: 'Emails',
    typeId: '0-49',
    cursor: 'hs_lastmodifieddate',
    properties: list(`hs_email_subject hs_email_direction hs_email_status ${activity}`),
    associated: ['contacts'],
  },
];
