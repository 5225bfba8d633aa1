/** From an event on the wire to a landed record. */
import type { ZodError, ZodType } from 'zod';
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';
import { idOfContent, recordId } from '../wire/ids.ts';
import { type BareEvent, bareEvent, eventTypes } from '../wire/schema.ts';

export const eventObject = 'event';

/**
 * Checks an event against the format. Throws `rejected` that says what is wrong and what would be right;
 * `where` is how the sender finds it: `events[3]`.
 */
export function parseEvent(value: unknown, where: string): VendorRecord {
  const bare = check(bareEvent, value, where);
  const schema = Object.hasOwn(eventTypes, bare.type)
    ? eventTypes[bare.type as keyof typeof eventTypes]
    : null;
  if (schema) check<unknown>(schema, value, where);
  return toRecord(bare);
}

/**
 * Takes whatever can be stored: what an event has besides kind and time is the mapping's concern. One without an id
 * is known by its content. Throws `rejected` for one that cannot be stored.
 */
export function acceptEvent(value: unknown): VendorRecord {
  if (!isJsonObject(value) || !isBlank(value.id)) return toRecord(check(bareEvent, value, ''));
  const id = idOfContent(value);
  return toRecord(check(bareEvent, { ...value, id }, ''), id, value);
}

function isBlank(id: Json | undefined): boolean {
  return id === undefined || id === null || (typeof id === 'string' && id.trim() === '');
}

/**
 * Events are facts: their own time is their only change stamp, so that it does not matter how often and in
 * which order they come. An erasure is told as a later state of the event that it takes back.
 */
function toRecord(
  event: BareEvent,
  id: string = recordId(event.id),
  body: JsonObject = event as JsonObject,
): VendorRecord {
  const at = Date.parse(event.at);
  const { event: erasedId } = body;
  if (event.type === 'erased' && (typeof erasedId === 'string' || typeof erasedId === 'number'))
    return erased(recordId(erasedId), at);
  return { object: eventObject, id, body, createdAt: at, modifiedAt: at };
}

export function erased(id: string, at: number): VendorRecord {
  return { object: eventObject, id, body: { id }, modifiedAt: at, tombstone: { kind: 'erased' } };
}

/** Parses or throws `rejected` with the first thing that is wrong. */
export function check<T>(schema: ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { field, message } = firstIssue(parsed.error);
  const place = [where, field].filter(Boolean).join('.') || 'the JSON value';
  throw new Fault('rejected', `${place}: ${message}`, { code: 'INVALID_EVENT', field: place });
}

function firstIssue(error: ZodError): { field: string; message: string } {
  const issue = error.issues[0];
  const field = (issue?.path ?? []).map(String).join('.');
  return { field, message: (issue?.message ?? 'not of the expected shape').replace(/^Invalid input: /, '') };
}
