/**
 * Reads refusals. Salesforce says why in three shapes: an array of errors (REST, Bulk), an OAuth error object,
 * and a SOAP fault; a proxy in front of it may send a page of HTML.
 */
import { z } from 'zod';
import { Fault, type FaultDetails, type FaultKind } from '../../../src/connector/fault.ts';
import type { Asked, HttpResponse } from '../../../src/connector/http.ts';
import { retryAfter } from '../../../src/connector/status.ts';
import { isDuplicate, recordInTheWay } from './duplicates.ts';
import { type Reaction, reactions, reactionsByStatus, signInRemedies } from './reactions.ts';

/** One error as REST, Bulk and Collections tell it; Collections call the code `statusCode`. */
const vendorError = z.looseObject({
  message: z.string().default(''),
  errorCode: z.string().optional(),
  statusCode: z.string().optional(),
  fields: z.array(z.string()).nullish(),
});
export type VendorError = z.infer<typeof vendorError>;

export const vendorErrors = z.array(vendorError);
const oauthError = z.object({ error: z.string(), error_description: z.string().default('') });

/** A success whose body is not what was asked for: some other service answered, or a new release did. */
export function expected<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new Fault('unavailable', `Salesforce answered with something that is no ${what}`, {
    code: 'UNREADABLE',
  });
}

/** Reads a whole answer; null when it is a success. */
export function faultOf(answer: HttpResponse, { now }: Pick<Asked, 'now'>): Fault | null {
  const { status } = answer;
  if (status === 300) return severalMatches(answer);
  if (status < 300) return null;
  const body = bodyOf(answer);
  const oauth = oauthError.safeParse(body);
  if (oauth.success) return signInFault(oauth.data, status);
  const errors = vendorErrors.nonempty().safeParse(body);
  if (errors.success) return requestFault(errors.data, answer, now);
  return soapFault(answer) ?? bareFault(answer, now);
}

/** The fault of one record of `object` among many: nothing that is said of one record stops the others. */
export function recordFault(errors: readonly VendorError[], object: string): Fault {
  const [first = { message: 'Salesforce gave no reason' }] = errors;
  const code = codeOf(first);
  const inTheWay = recordInTheWay(first, object);
  const { kind = 'rejected', remedy } = reactions[code] ?? {};
  // A duplicate that cannot be named cannot be read again, so a person has to look.
  const parked = kind === 'unauthorized' || (isDuplicate(code) && inTheWay.existingId === undefined);
  const said = errors.length === 0 ? first.message : errors.map(words).join('; ');
  return made(parked ? 'rejected' : kind, said, remedy, { code, ...fieldsOf(errors), ...inTheWay });
}

/** `CODE:message:field --`, as failedResults of Bulk API 2.0 has it. */
export function bulkRecordFault(text: string, object: string): Fault {
  const [, code = 'UNKNOWN', message = text, field = ''] =
    /^([A-Z_]+):(.*?)(?::([\w, ]*?))?\s*--$/s.exec(text) ?? [];
  return recordFault(
    [{ message, statusCode: code, fields: field === '' ? [] : field.split(/,\s*/) }],
    object,
  );
}

function requestFault(errors: readonly VendorError[], answer: HttpResponse, now: number): Fault {
  const [first = { message: '' }] = errors;
  const code = codeOf(first);
  const reaction = isConcurrency(code, first.message)
    ? { kind: 'throttled' as const, retryAfterMs: 5_000 }
    : (reactions[code] ?? statusReaction(answer.status));
  const details = { code, status: answer.status, ...fieldsOf(errors), ...waitOf(answer, reaction, now) };
  return made(reaction.kind, errors.map(words).join('; '), reaction.remedy, details);
}

/** What the answer asks for, else what is known of the code. */
function waitOf({ headers }: HttpResponse, reaction: Reaction, now: number): { retryAfterMs?: number } {
  const retryAfterMs = retryAfter(headers['retry-after'], now) ?? reaction.retryAfterMs;
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

/** One code for a spent day and for too many long calls at once; only the words differ. */
function isConcurrency(code: string, message: string): boolean {
  return code === 'REQUEST_LIMIT_EXCEEDED' && /concurrent/i.test(message);
}

function signInFault({ error, error_description }: z.infer<typeof oauthError>, status: number): Fault {
  const said = `${error}: ${error_description}`;
  // Two refreshes of one token at the same time; the other one is about to succeed.
  if (/already being processed/.test(error_description)) {
    return new Fault('throttled', `Salesforce sign-in: ${said}`, {
      code: error,
      status,
      retryAfterMs: 2_000,
    });
  }
  if (status >= 500) return new Fault('unavailable', `Salesforce sign-in: ${said}`, { code: error, status });
  const remedy =
    signInRemedies.find(({ words }) => words.test(said))?.remedy ??
    'Check the sign-in settings of this connection.';
  return made('unauthorized', `sign-in refused, ${said}`, remedy, { code: error, status });
}

/** Status 300: a JSON array with the URLs of all records that carry the external id. */
function severalMatches(answer: HttpResponse): Fault {
  const urls = z.array(z.string()).catch([]).parse(bodyOf(answer));
  const ids = urls.map((url) => url.split('/').at(-1)).join(', ');
  const { remedy } = reactions.MULTIPLE_CHOICES ?? {};
  return made('rejected', `several records match the external id: ${ids}`, remedy, {
    code: 'MULTIPLE_CHOICES',
    status: 300,
  });
}

function soapFault(answer: HttpResponse): Fault | null {
  const [, code] = /<faultcode>(?:\w+:)?(\w+)<\/faultcode>/.exec(answer.text) ?? [];
  if (code === undefined) return null;
  const [, message = ''] = /<faultstring>([^<]*)<\/faultstring>/.exec(answer.text) ?? [];
  const { kind, remedy } = reactions[code] ?? {
    kind: /ACCESS|PERMISSION/.test(code) ? 'unauthorized' : 'rejected',
  };
  return made(kind, message, remedy, { code, status: answer.status });
}

function bareFault(answer: HttpResponse, now: number): Fault {
  const reaction = statusReaction(answer.status);
  const details = { status: answer.status, ...waitOf(answer, reaction, now) };
  return made(reaction.kind, `answered ${answer.status} without a readable reason`, reaction.remedy, details);
}

function statusReaction(status: number): Reaction {
  return reactionsByStatus[status] ?? { kind: status >= 500 ? 'unavailable' : 'rejected' };
}

function made(kind: FaultKind, message: string, remedy: string | undefined, details: FaultDetails): Fault {
  return new Fault(
    kind,
    remedy === undefined ? `Salesforce: ${message}` : `Salesforce: ${message}. ${remedy}`,
    details,
  );
}

function bodyOf(answer: HttpResponse): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}

function codeOf(error: VendorError): string {
  return error.errorCode ?? error.statusCode ?? 'UNKNOWN';
}

function words(error: VendorError): string {
  return `${error.message.trim()} (${codeOf(error)})`;
}

/** Named in a list, or, for a field that is hidden or does not exist, in words alone. */
function fieldsOf(errors: readonly VendorError[]): { fields?: string[] } {
  const named = errors.flatMap(({ message, fields }) => {
    const [, column] = /No such column '(\w+)' on/.exec(message) ?? [];
    return [...(fields ?? []), ...(column === undefined ? [] : [column])];
  });
  return named.length > 0 ? { fields: [...new Set(named)] } : {};
}
