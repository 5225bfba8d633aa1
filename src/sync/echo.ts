/**
 * Telling our own voice from news. What a vendor makes of a value that we wrote (trimmed, rounded, relabelled)
 * is remembered as the answer to that write; only a later departure from it counts as a change of theirs.
 * So a lossy mapping cannot oscillate, and an echo dies here.
 */
import type { Contribution } from '../canonical/model.ts';
import type { LandedRecord } from '../store/contract/landing.ts';
import type { FieldMemory } from '../store/contract/outbox.ts';
import { canonicalJson } from '../support/fingerprint.ts';
import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';

export interface Recognition {
  /** Memories whose field still holds our value or the vendor's version of it. */
  readonly echoes: readonly FieldMemory[];
  /** Memories that got their answer from this record. */
  readonly learned: readonly FieldMemory[];
  /** Memories that a later change of theirs has overtaken. */
  readonly overtaken: readonly FieldMemory[];
  /** Memories of which that is so since an earlier look. */
  readonly past: readonly FieldMemory[];
}

export function recognise(record: LandedRecord, memories: readonly FieldMemory[]): Recognition {
  const echoed: FieldMemory[] = [];
  const learned: FieldMemory[] = [];
  const overtaken: FieldMemory[] = [];
  const past = memories.filter(({ status }) => status === 'overtaken');
  for (const memory of memories.filter(({ status }) => status !== 'overtaken')) {
    const held = valueAt(record.body, memory.path);
    if (sameValue(held, memory.sent) || (memory.answer !== undefined && sameValue(held, memory.answer))) {
      const isFirstLook =
        memory.answer === undefined && memory.status === 'written' && !isBefore(record, memory);
      // Else a value that somebody puts there later would be taken for what the vendor made of ours.
      const seen = isFirstLook ? { ...memory, answer: held, basis: record.modifiedAt } : memory;
      if (isFirstLook) learned.push(seen);
      echoed.push(seen);
    } else if (record.tombstone || isBefore(record, memory)) {
      // Landed before our write took effect, as the last body of a record that is gone may have: says nothing of it.
    } else if (isAnswer(record, memory, held)) {
      const answered = { ...memory, answer: held, basis: record.modifiedAt };
      learned.push(answered);
      echoed.push(answered);
    } else {
      overtaken.push({ ...memory, status: 'overtaken' });
    }
  }
  return { echoes: echoed, learned, overtaken, past };
}

/** Whether the record landed as it was before our write took effect. What was seen of it since has its stamp. */
function isBefore({ modifiedAt }: LandedRecord, { basis, answer }: FieldMemory): boolean {
  return answer === undefined ? modifiedAt <= basis : modifiedAt < basis;
}

/** The first look after our write. If it may never have arrived, only a value that comes of ours tells that it did. */
function isAnswer(record: LandedRecord, memory: FieldMemory, held: Json): boolean {
  if (memory.answer !== undefined) return false;
  return (record.byUs && memory.status === 'written') || lossilyEqual(memory.sent, held);
}

/** Replaces echoed values by the canonical value that was written, with the time that it had then. */
export function echoes(
  contributions: readonly Contribution[],
  memories: readonly FieldMemory[],
): Contribution[] {
  return contributions.map((contribution) => {
    const own = memories.filter((memory) => memory.canonical in contribution.values);
    if (own.length === 0) return contribution;
    const said = own.map((memory) => [
      memory.canonical,
      {
        value: memory.value as Contribution['values'][string]['value'],
        at: memory.valueAt,
        exact: memory.valueExact,
      },
    ]);
    return { ...contribution, values: { ...contribution.values, ...Object.fromEntries(said) } };
  });
}

/**
 * What somebody put in the place of a value that we had written came after it, whatever the clocks say: stamps may
 * count whole seconds, and two systems' clocks differ.
 */
export function successors(
  contributions: readonly Contribution[],
  overtaken: readonly FieldMemory[],
): Contribution[] {
  return contributions.map((contribution) => {
    const later = overtaken.flatMap(({ canonical, valueAt: ours }) => {
      const said = contribution.values[canonical];
      if (!said || (said.exact && said.at > ours)) return [];
      return [[canonical, { ...said, at: Math.max(said.at, ours + 1), exact: true }] as const];
    });
    if (later.length === 0) return contribution;
    return { ...contribution, values: { ...contribution.values, ...Object.fromEntries(later) } };
  });
}

/** The value at a dotted path; a key that itself holds dots wins over the path. */
export function valueAt(body: JsonObject, path: string): Json {
  if (path in body) return body[path] ?? null;
  const dot = path.indexOf('.');
  if (dot < 0) return null;
  const inner = body[path.slice(0, dot)];
  return isJsonObject(inner) ? valueAt(inner, path.slice(dot + 1)) : null;
}

/** Equal as far as a CRM is concerned: blank is blank, `"5"` is 5, a moment is a moment however it is written. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  const [left, right] = [plain(a), plain(b)];
  if (left === right) return true;
  if (left === null || right === null) return false;
  if (typeof left === 'object' || typeof right === 'object')
    return canonicalJson(left) === canonicalJson(right);
  if (typeof left === 'number' || typeof right === 'number') return Number(left) === Number(right);
  const moment = momentOf(left);
  return moment === null ? String(left) === String(right) : moment === momentOf(right);
}

function plain(value: Json | undefined): Json {
  return value === undefined || value === '' ? null : value;
}

/** Salesforce says `+0000`, others `Z` (date formats in its REST guide), with or without milliseconds. */
function momentOf(value: string | boolean): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}

/** What is left of our value after a vendor trimmed, cut, rounded, re-cased or re-punctuated it. */
export function lossilyEqual(sent: Json, held: Json): boolean {
  if (isNationalForm(sent, held)) return true;
  const [ours, theirs] = [essence(sent), essence(held)];
  if (ours === theirs) return true;
  const [a, b] = [Number(ours), Number(theirs)];
  if (ours !== '' && theirs !== '' && Number.isFinite(a) && Number.isFinite(b)) return Math.abs(a - b) < 0.5;
  return theirs.length >= 20 && ours.startsWith(theirs);
}

const longestCountryCode = 3;
const shortestNumber = 7;

/** A flow that writes `+1 212 555 0100` as `(212) 555-0100`: the same number without its country. */
function isNationalForm(sent: Json, held: Json): boolean {
  if (typeof sent !== 'string' || typeof held !== 'string' || !sent.startsWith('+')) return false;
  if (!/^[\d\s()./-]+$/.test(held)) return false;
  const [ours, theirs] = [sent.replace(/\D/g, ''), held.replace(/\D/g, '').replace(/^0+/, '')];
  const dropped = ours.length - theirs.length;
  return (
    theirs.length >= shortestNumber && dropped >= 0 && dropped <= longestCountryCode && ours.endsWith(theirs)
  );
}

function essence(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'object') return canonicalJson(value);
  const text = String(value).trim().toLowerCase();
  const digits = text.replace(/[\s().+-]/g, '');
  return /^\d{6,}$/.test(digits) && !/^-?\d+\.\d+$/.test(text) ? digits : text.replace(/\s+/g, ' ');
}
