/**
 * Which fields a query may name. One that does not exist, or that the hub's user may not see, fails the whole
 * query with INVALID_FIELD; it is then left out, with a word to the admin, and asked for again a while later.
 */
import type { Context } from '../../../src/connector/contract/context.ts';
import type { PullOptions } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { Http } from '../../../src/connector/http.ts';
import type { SalesforceConfig } from '../config.ts';
import type { HubConnection } from './connection.ts';
import { describeRaw } from './describe.ts';
import { isEditionField, type PulledObject, type Target } from './objects.ts';

type Scope = Pick<Context<SalesforceConfig>, 'log' | 'vendorClock' | 'http'>;

const hour = 60 * 60_000;

/** Fields left out of one object's queries, and until when. */
export interface Absent {
  readonly fields: readonly string[];
  readonly until: number;
}

// One Http per opened connection: what was learnt lives as long as that, and checkpoints carry it further.
const learnt = new WeakMap<Http, Map<string, Absent>>();

/** Null when there are none, or when it is time to ask for them again. */
export function absentFields(scope: Scope, object: string): Absent | null {
  const absent = learnt.get(scope.http)?.get(object) ?? null;
  return absent !== null && absent.until > scope.vendorClock.now() ? absent : null;
}

export function learnAbsent(scope: Scope, object: string, absent: Absent | null): void {
  if (absent === null) return;
  const objects = learnt.get(scope.http) ?? new Map<string, Absent>();
  learnt.set(scope.http, objects.set(object, absent));
}

/** Runs `ask` with all wanted fields; once more without those that turn out to be unreadable. */
export async function withReadableFields<T>(
  scope: Scope,
  connection: HubConnection,
  target: Target,
  ask: (fields: readonly string[]) => Promise<T>,
): Promise<T> {
  const { object, spec, options } = target;
  const wanted = wantedFields(spec, options);
  const absent = new Set(absentFields(scope, object)?.fields);
  try {
    const answer = await ask(readableFields(scope, target));
    if (absent.size === 0) tellOfReturn(scope, object);
    return answer;
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'INVALID_FIELD') throw error;
    const missing = await unreadable(connection, object, wanted, error);
    if (missing.every((field) => absent.has(field))) throw error;
    tellOfAbsence(scope, target, missing);
    return await ask(wanted.filter((field) => !missing.includes(field)));
  }
}

/** All wanted fields but those that are known to be unreadable. */
export function readableFields(scope: Scope, { object, spec, options }: Target): string[] {
  const absent = new Set(absentFields(scope, object)?.fields);
  return wantedFields(spec, options).filter((field) => !absent.has(field));
}

/** The stream's own fields and the mapping's, each once: SOQL refuses a field that is named twice. */
function wantedFields(spec: PulledObject, options: PullOptions | undefined): string[] {
  const byName = new Map<string, string>();
  for (const field of [...spec.fields, ...(options?.fields ?? [])]) {
    const key = field.toLowerCase();
    if (!byName.has(key)) byName.set(key, field);
  }
  return [...byName.values()];
}

/** Describe lists what exists and is visible; a path such as `Owner.Email` starts with a relationship. */
async function unreadable(
  connection: HubConnection,
  object: string,
  wanted: readonly string[],
  fault: Fault,
): Promise<string[]> {
  const { fields } = await describeRaw(connection, object);
  const visible = new Set(fields.map(({ name }) => name.toLowerCase()));
  const relationships = new Set(fields.map(({ relationshipName }) => relationshipName?.toLowerCase()));
  const missing = wanted.filter((field) => {
    const [first = '', ...rest] = field.toLowerCase().split('.');
    return rest.length === 0 ? !visible.has(first) : !relationships.has(first);
  });
  return missing.length > 0 ? missing : namedIn(fault, wanted);
}

/** The end of a path is not described with the object, but the refusal names it. */
function namedIn(fault: Fault, wanted: readonly string[]): string[] {
  const [, name = ''] = /No such column '([^']+)'/.exec(fault.message) ?? [];
  const end = `.${name}`.toLowerCase();
  return name === '' ? [] : wanted.filter((field) => `.${field}`.toLowerCase().endsWith(end));
}

function tellOfAbsence(scope: Scope, { object, options }: Target, fields: readonly string[]): void {
  const unmissed = new Set(options?.unmissed);
  const news = fields.filter((field) => !isEditionField(object, field) && !unmissed.has(field));
  // An org seldom changes its edition; a permission may be granted any minute.
  learnAbsent(scope, object, {
    fields,
    until: scope.vendorClock.now() + (news.length > 0 ? hour : 24 * hour),
  });
  if (news.length === 0) return;
  scope.log.warn(
    { object, fields: news },
    `Salesforce does not show ${object}.${news.join(`, ${object}.`)} to the hub's user; read without. ` +
      'Create the field, grant it in the permission set, or take it out of the mapping.',
  );
}

function tellOfReturn(scope: Scope, object: string): void {
  const back = learnt.get(scope.http)?.get(object);
  if (back === undefined) return;
  learnt.get(scope.http)?.delete(object);
  scope.log.info(
    { object, fields: back.fields },
    `${object}: all mapped fields can be read now; a full sync brings their values for older records.`,
  );
}
