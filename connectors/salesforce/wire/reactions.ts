/** What the hub does about each refusal of Salesforce, as data. `faults.ts` reads answers by it. */
import type { FaultKind } from '../../../src/connector/fault.ts';

export interface Reaction {
  readonly kind: FaultKind;
  readonly retryAfterMs?: number;
  readonly remedy?: string;
}

const minute = 60_000;

/** By error code; what is not named here follows the HTTP status, and for a single record is `rejected`. */
export const reactions: Readonly<Record<string, Reaction>> = {
  INVALID_SESSION_ID: { kind: 'unauthorized' },
  INVALID_AUTH_HEADER: { kind: 'unauthorized' },
  // A rolling 24 hours: some calls come free all the time, so asking again soon is worth it.
  REQUEST_LIMIT_EXCEEDED: { kind: 'throttled', retryAfterMs: 15 * minute },
  TOO_MANY_REQUESTS: { kind: 'throttled' },
  SERVER_UNAVAILABLE: { kind: 'unavailable' },
  UNKNOWN_EXCEPTION: { kind: 'unavailable' },
  UNABLE_TO_LOCK_ROW: { kind: 'unavailable' },
  // Asking the same again takes as long again; a shorter span of time is asked for instead.
  QUERY_TIMEOUT: { kind: 'rejected' },
  INVALID_QUERY_LOCATOR: { kind: 'expired' },
  INVALID_REPLICATION_DATE: { kind: 'expired' },
  ENTITY_IS_DELETED: { kind: 'conflict' },
  CANNOT_UPDATE_CONVERTED_LEAD: { kind: 'conflict' },
  DUPLICATE_VALUE: { kind: 'conflict' },
  DUPLICATES_DETECTED: { kind: 'conflict' },
  MULTIPLE_CHOICES: {
    kind: 'rejected',
    remedy: 'Several records carry this external id: merge them or clear the field on all but one.',
  },
  INVALID_FIELD: {
    kind: 'rejected',
    remedy:
      'Create the field, or give the hub’s user access to it (field-level security), or leave it out of the mapping.',
  },
  API_DISABLED_FOR_ORG: {
    kind: 'unauthorized',
    remedy: 'This edition has no API access: enable it or upgrade.',
  },
  API_CURRENTLY_DISABLED: {
    kind: 'unauthorized',
    remedy: 'Give the hub’s user the permission "API Enabled".',
  },
  FUNCTIONALITY_NOT_ENABLED: { kind: 'unauthorized' },
  INSUFFICIENT_ACCESS: {
    kind: 'unauthorized',
    remedy:
      'Give the hub’s user the permissions "Customize Application" and "Modify Metadata Through Metadata API Functions".',
  },
};

/** By HTTP status, where the code says nothing. */
export const reactionsByStatus: Readonly<Record<number, Reaction>> = {
  401: { kind: 'unauthorized' },
  403: { kind: 'unauthorized' },
  408: { kind: 'unavailable' },
  409: { kind: 'conflict' },
  410: { kind: 'rejected', remedy: 'This API version is gone: set a newer apiVersion on the connection.' },
  412: { kind: 'conflict' },
  414: { kind: 'rejected', remedy: 'The mapping reads more fields than one query can name: map fewer.' },
  429: { kind: 'throttled' },
  431: { kind: 'rejected', remedy: 'The mapping reads more fields than one query can name: map fewer.' },
};

/** What to tell the admin about a refused sign-in. */
export const signInRemedies: readonly { readonly words: RegExp; readonly remedy: string }[] = [
  {
    words: /no client credentials user/,
    remedy: 'Name a run-as user for the client credentials flow in the External Client App.',
  },
  {
    words: /hasn't approved/,
    remedy: 'Pre-authorise the user for the app (Policies: admin approved users, with a permission set).',
  },
  {
    words: /expired (access\/refresh token|authorization code)/,
    remedy: 'Authorise the hub again and store the new refresh token.',
  },
  { words: /^invalid_client/, remedy: 'Check the consumer key and secret of the External Client App.' },
  {
    words: /audience/,
    remedy: 'Set the JWT audience: login.salesforce.com, or test.salesforce.com for a sandbox.',
  },
];
