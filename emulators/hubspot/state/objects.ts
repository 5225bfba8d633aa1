/** The kinds of record, by every name that a path may give them. */
export interface ObjectType {
  /** Plural, as in documented paths. */
  readonly name: string;
  /** As in webhook types and association names. */
  readonly singular: string;
  readonly typeId: string;
  /** Moves with each change; search windows go by it. */
  readonly modifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
  readonly createdProperty: 'createdate' | 'hs_createdate';
  /** Told when a read names no properties; the two dates and the id always are. */
  readonly defaults: readonly string[];
  /** Middle part of its scopes, `crm.objects.{scope}.read`. */
  readonly scope: string;
  /** As names of associations call it, where that is not `singular`. */
  readonly inAssociations?: string;
}

const crm = { modifiedProperty: 'hs_lastmodifieddate', createdProperty: 'createdate' } as const;
/** Activities have no scopes of their own; mails are read with one more. */
const activity = {
  modifiedProperty: 'hs_lastmodifieddate',
  createdProperty: 'hs_createdate',
  defaults: [],
  scope: 'contacts',
} as const;

export const standardTypes: readonly ObjectType[] = [
  {
    name: 'contacts',
    singular: 'contact',
    typeId: '0-1',
    modifiedProperty: 'lastmodifieddate',
    createdProperty: 'createdate',
    defaults: ['email', 'firstname', 'lastname'],
    scope: 'contacts',
  },
  {
    ...crm,
    name: 'companies',
    singular: 'company',
    typeId: '0-2',
    defaults: ['domain', 'name'],
    scope: 'companies',
  },
  {
    ...crm,
    name: 'deals',
    singular: 'deal',
    typeId: '0-3',
    defaults: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
    scope: 'deals',
  },
  {
    ...crm,
    name: 'tickets',
    singular: 'ticket',
    typeId: '0-5',
    defaults: [
      'content',
      'hs_pipeline',
      'hs_pipeline_stage',
      'hs_ticket_category',
      'hs_ticket_priority',
      'subject',
    ],
    scope: 'tickets',
  },
  { ...activity, name: 'calls', singular: 'call', typeId: '0-48' },
  { ...activity, name: 'meetings', singular: 'meeting', typeId: '0-47', inAssociations: 'meeting_event' },
  { ...activity, name: 'emails', singular: 'email', typeId: '0-49', scope: 'sales-email-read' },
];

export function customType(typeId: string, name: string): ObjectType {
  return {
    name,
    singular: name,
    typeId,
    modifiedProperty: 'hs_lastmodifieddate',
    createdProperty: 'hs_createdate',
    defaults: [],
    scope: 'custom',
  };
}

/** Finds a type by plural, singular or type id, in any case: HubSpot takes `COMPANY`, `companies` and `0-2`. */
export function typeFinder(types: readonly ObjectType[]): (word: string) => ObjectType | undefined {
  const byWord = new Map<string, ObjectType>();
  for (const type of types)
    for (const word of [type.name, type.singular, type.typeId]) byWord.set(word, type);
  return (word) => byWord.get(word) ?? byWord.get(word.toLowerCase());
}
