/**
 * Where a value stands in a record. `Phone`, `Campaign.Type`, `values[name=email].value` are read below the
 * mapping's `root`; a leading `/` starts at the top of the record; `$id`, `$createdAt` and `$modifiedAt` are the
 * record's own id and times, `$value` and `$before` what a field changed to and from (events with `history`).
 * A `?` at the end says that not every account has the field.
 */
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import type { MappedRecord } from './compiled.ts';

/** What a field changed to and from. */
export interface FieldChange {
  readonly value: Json;
  /** Null before the first value that is remembered. */
  readonly before: Json;
  readonly at: number;
}

/** What reading a value may need beside it, and where it says what it could not read. */
export interface ReadContext {
  readonly record: MappedRecord;
  /** The change that an event with `history` tells of. */
  readonly change?: FieldChange;
  /** `unreadable`: there is a value, and it counts as not said. */
  warn(field: string, message: string, unreadable?: boolean): void;
}

/** For looking at a value by itself. */
export const nowhere: ReadContext = {
  record: {
    ref: { connection: '', object: '', id: '' },
    body: {},
    createdAt: 0,
    modifiedAt: 0,
    fieldTimes: {},
  },
  warn: () => {},
};

/** Undefined: the record says nothing of it. `body` may be a part of the record (an element of a list). */
export type Reader = (body: JsonObject, context: ReadContext) => Json | undefined;

type Step = { readonly key: string } | { readonly where: string; readonly equals: string };

const stepPattern = /([^.[\]]+)|\[([^=\]]+)=([^\]]*)\]/g;
const pathPattern = /^\/?(?:[^.[\]/]+)(?:\.[^.[\]]+|\[[^=\]]+=[^\]]*\])*$/;

const facts: Readonly<Record<string, (context: ReadContext) => Json | undefined>> = {
  $id: ({ record }) => record.ref.id,
  $createdAt: ({ record }) => record.createdAt,
  $modifiedAt: ({ record }) => record.modifiedAt,
  $value: ({ change }) => change?.value,
  $before: ({ change }) => change?.before,
};

export function isPath(text: string): boolean {
  return text.startsWith('$') ? Object.hasOwn(facts, text) : pathPattern.test(text);
}

/** The path without its question mark. */
export function nameOf(text: string): string {
  return text.endsWith('?') ? text.slice(0, -1) : text;
}

/** The path from the top of the record's body. */
export function fullPath(text: string, root: string): string {
  if (text.startsWith('/')) return text.slice(1);
  return root === '' || text.startsWith('$') ? text : `${root}.${text}`;
}

/** True for what has to be asked of the vendor by name. */
export function isVendorField(text: string): boolean {
  return !text.startsWith('$') && !text.startsWith('/');
}

/** `path` as `fullPath` gives it. */
export function compilePath(path: string): Reader {
  const fact = facts[path];
  if (fact) return (_, context) => fact(context);
  const steps = parseSteps(path);
  const [first, second] = steps;
  if (first && 'key' in first && steps.length === 1) return (body) => body[first.key];
  if (first && second && 'key' in first && 'key' in second && steps.length === 2)
    return pairReader(first.key, second.key);
  return (body) => steps.reduce<Json | undefined>(take, body);
}

/** Most paths are `root.field`; this one saves the walk. */
function pairReader(outer: string, inner: string): Reader {
  return (body) => {
    const holder = body[outer];
    if (holder === null) return null;
    return isJsonObject(holder) ? holder[inner] : undefined;
  };
}

function parseSteps(path: string): Step[] {
  return [...path.matchAll(stepPattern)].map(([, key, where = '', equals = '']) =>
    key === undefined ? { where, equals } : { key },
  );
}

/** A null on the way is a blank at its end: `Account: null` means that `Account.Name` is blank. */
function take(value: Json | undefined, step: Step): Json | undefined {
  if (value === null || value === undefined) return value;
  if ('key' in step) return isJsonObject(value) ? value[step.key] : undefined;
  if (!Array.isArray(value)) return undefined;
  return value.find((item) => isJsonObject(item) && String(item[step.where]) === step.equals);
}
