/** What the hub does next about each of HubSpot's ways to say no. */
import { Fault, type FaultDetails, type FaultKind } from '../../../src/connector/fault.ts';
import type { Asked, HttpResponse } from '../../../src/connector/http.ts';
import { retryAfter } from '../../../src/connector/status.ts';
import { complaintsOf, contextOf, existingIdOf, readError, type VendorError } from './errors.ts';

const second = 1_000;
const halfHour = 1_800 * second;

/** An error as it was told: of a whole answer, or of one record in the `errors` of a batch answer. */
export interface Told {
  readonly error: VendorError;
  /** Absent for one record's error inside a 207. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** HubSpot's time, ms; with `status` and `headers`. */
  readonly now?: number;
}

/** Null for a success; a 207 is one, its records' errors are read by the sender of the batch. */
export function faultOf(answer: HttpResponse, { now }: Pick<Asked, 'now'>): Fault | null {
  if (answer.status < 300) return null;
  const error = readError(jsonOf(answer.text)) ?? readError({ message: '' });
  return error === null ? null : toFault({ error, status: answer.status, headers: answer.headers, now });
}

/** The fault of an answer or of one record; its `cause` is the error as HubSpot told it. */
export function toFault(told: Told): Fault {
  const reading = readings.find((one) => one.when(told));
  const kind = reading?.kind ?? 'rejected';
  const complaints = complaintsOf(told.error);
  const [first] = complaints;
  const fields = complaints.flatMap(({ field }) => field ?? []);
  const code = first?.code ?? told.error.policyName ?? signInReason(told.error) ?? told.error.category;
  const existingId = kind === 'conflict' ? existingIdOf(told.error) : undefined;
  const details: FaultDetails = {
    cause: told.error,
    ...(code === undefined ? {} : { code }),
    ...(first?.field === undefined ? {} : { field: first.field }),
    ...(fields.length > 0 ? { fields: [...new Set(fields)] } : {}),
    ...(told.status === undefined ? {} : { status: told.status }),
    ...(existingId === undefined ? {} : { existingId }),
    ...waitOf(told, kind),
  };
  return new Fault(kind, messageOf(told, kind), details);
}

interface Reading {
  readonly kind: FaultKind;
  when(told: Told): boolean;
}

/** First match decides: what HubSpot says in words comes before the bare status. */
const readings: readonly Reading[] = [
  { kind: 'unauthorized', when: ({ error }) => signInReason(error) !== undefined },
  {
    kind: 'unauthorized',
    when: byCategory('MISSING_SCOPES', 'INVALID_AUTHENTICATION', 'EXPIRED_AUTHENTICATION'),
  },
  { kind: 'throttled', when: byCategory('RATE_LIMITS') },
  // 423 is a locked record or account; 477 an account on the move to another data centre.
  { kind: 'throttled', when: byStatus(423, 429, 477) },
  { kind: 'unauthorized', when: byStatus(401, 403) },
  { kind: 'conflict', when: byStatus(409) },
  { kind: 'conflict', when: byCategory('CONFLICT', 'OBJECT_ALREADY_EXISTS') },
  { kind: 'conflict', when: ({ error }) => existingIdOf(error) !== undefined },
  { kind: 'unavailable', when: byStatus(408) },
  { kind: 'unavailable', when: byCategory('INTERNAL_ERROR', 'SERVICE_UNAVAILABLE') },
  { kind: 'unavailable', when: ({ status }) => status !== undefined && status >= 500 },
];

function byCategory(...categories: readonly string[]): Reading['when'] {
  return ({ error }) => error.category !== undefined && categories.includes(error.category);
}

function byStatus(...statuses: readonly number[]): Reading['when'] {
  return ({ status }) => status !== undefined && statuses.includes(status);
}

const deadGrants: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client']);

/** Why the sign-in endpoint refuses for good: `BAD_REFRESH_TOKEN`, `BAD_CLIENT_ID`, … */
function signInReason(error: VendorError): string | undefined {
  if (error.status?.startsWith('BAD_')) return error.status;
  return error.error !== undefined && deadGrants.has(error.error) ? error.error : undefined;
}

/** How long to wait. HubSpot documents no `Retry-After` on 429, but an intermediary may send one. */
function waitOf({ error, status, headers, now = 0 }: Told, kind: FaultKind): { retryAfterMs?: number } {
  if (kind !== 'throttled' && kind !== 'unavailable') return {};
  const asked = retryAfter(headers?.['retry-after'], now);
  if (asked !== undefined) return { retryAfterMs: asked };
  if (kind === 'unavailable') return {};
  return { retryAfterMs: waits.find((one) => one.when(error, status))?.ms(now) ?? 10 * second };
}

const waits: readonly {
  ms(now: number): number;
  when(error: VendorError, status: number | undefined): boolean;
}[] = [
  // The day ends at midnight of the account's own time zone, which an answer does not tell. Zones are whole half
  // hours apart, but for a few that are a quarter off: the day cannot end before the next half hour.
  {
    ms: (now) => halfHour - (now % halfHour),
    when: ({ policyName, message }) => policyName === 'DAILY' || /daily limit/i.test(message),
  },
  {
    ms: () => 10 * second,
    when: ({ policyName, message }) => /ten_?secondly/i.test(`${policyName} ${message}`),
  },
  // Searches say it in words only, without a policy: "You have reached your secondly limit."
  { ms: () => second, when: ({ policyName, message }) => /secondly/i.test(`${policyName} ${message}`) },
  { ms: () => 2 * second, when: (_, status) => status === 423 },
  { ms: () => 600 * second, when: (_, status) => status === 477 },
];

function messageOf(told: Told, kind: FaultKind): string {
  const said = complaintsOf(told.error).map(({ field, message }) =>
    field ? `${field}: ${message}` : message,
  );
  const words = said.length > 0 ? said.join('; ') : told.error.message || told.error.error_description;
  const what = words
    ? `HubSpot says: ${words}`
    : `HubSpot answered ${told.status ?? 'an error'} without a reason`;
  return kind === 'unauthorized' ? `${what} ${remedyOf(told)}` : what;
}

function remedyOf({ error, status }: Told): string {
  const scopes = contextOf(error, 'requiredGranularScopes');
  if (scopes.length > 0)
    return `(Grant the scopes ${scopes.join(', ')} to the app or key, then sign in again.)`;
  if (signInReason(error) !== undefined) {
    return '(Check clientId and clientSecret; if they are right, install the app again and put its new refreshToken into the connection.)';
  }
  if (status === 403) return '(The token is good, but may not do this: look at its scopes.)';
  return '(Check that the private app, service key or app install still exists, and put its present token into the connection.)';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
