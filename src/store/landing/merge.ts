/**
 * All that is kept of a record, and how one more version joins in. The result is a function of the set of
 * versions alone: any order, any repetition gives the same. (Each part is the best of a total order, or a
 * minimum or maximum.)
 */
import type { VendorRecord } from '../../connector/contract/reading.ts';
import type { JsonObject } from '../../support/json.ts';
import { type History, historyOf, joinHistories } from './history.ts';
import { byText, hasBody, newestFirst, noBody, sameContent, type Version } from './version.ts';
import { pathOf } from './versions.ts';

export interface RecordState {
  readonly head: Version;
  /** The newest version with a body, while the head is a tombstone without one: its keys still join. */
  readonly kept: Version | null;
  readonly history: History;
  /** By path: the last change time that the vendor told. */
  readonly told: Readonly<Record<string, number>>;
  readonly createdAt: number | null;
  /** The earliest `modifiedAt` ever seen. */
  readonly firstAt: number;
  /** Versions up to this time are gone for good. */
  readonly voidUntil: number | null;
}

export function stateOf(record: VendorRecord): RecordState {
  const tombstone = record.tombstone ?? null;
  const erased = tombstone?.kind === 'erased';
  const head: Version = {
    modifiedAt: record.modifiedAt,
    readAt: record.readAt ?? null,
    tombstone,
    body: erased ? noBody : JSON.stringify(record.body),
    version: record.version ?? null,
    byUs: record.byUs ?? false,
  };
  return {
    head,
    kept: null,
    history: historyOf(head),
    told: record.fieldTimes && !erased ? toldOf(record.body, record.fieldTimes) : {},
    createdAt: record.createdAt ?? null,
    firstAt: record.modifiedAt,
    voidUntil: erased ? record.modifiedAt : null,
  };
}

/** A vendor tells of `phone` what the body holds under `properties.phone`. */
function toldOf(body: JsonObject, times: Readonly<Record<string, number>>): RecordState['told'] {
  const told = Object.entries(times).map(([name, at]) => [pathOf(body, name), at] as const);
  // In the order that joining keeps: the same knowledge is the same row.
  return Object.fromEntries(told.sort(([one], [other]) => byText(one, other)));
}

const nothing: ReadonlySet<string> = new Set();

/** The state after all versions of both. `watched`: paths whose earlier values are kept. */
export function join(a: RecordState, b: RecordState, watched = nothing): RecordState {
  const voidUntil = best(Math.max, a.voidUntil, b.voidUntil);
  const versions = [a.head, b.head, a.kept, b.kept].filter((version) => version !== null);
  const full = versions.filter((version) => survives(version, voidUntil)).sort(newestFirst);
  const head = full[0] ?? a.head;
  const shown = full.find(hasBody) ?? head;
  const sides = [a, b].map(({ head: own, kept, history }) => ({ shown: kept ?? own, history }));
  return {
    head,
    kept: shown === head ? null : shown,
    history: joinHistories(shown, sides, voidUntil, watched),
    told: lastTold(a.told, b.told, voidUntil),
    createdAt: best(Math.min, a.createdAt, b.createdAt),
    firstAt: Math.min(a.firstAt, b.firstAt),
    voidUntil,
  };
}

/**
 * The state after somebody has handed a record over again: it counts instead of what was there, whatever the
 * times say, because a wrong time may be what was mended. It does not bring back what was deleted or erased.
 */
export function corrected(before: RecordState, next: RecordState): RecordState {
  const ended = before.voidUntil !== null || before.head.tombstone !== null || next.head.tombstone !== null;
  if (ended) return join(before, next);
  return sameContent(before.head, next.head) ? before : next;
}

/** Takes out everything but the fact that there was a record; versions up to `at` will not come back. */
export function erased(state: RecordState, at: number): RecordState {
  const { head, createdAt, firstAt } = state;
  const bare = {
    ...head,
    body: noBody,
    version: null,
    tombstone: head.tombstone ?? { kind: 'erased' as const },
  };
  const voidUntil = Math.max(at, head.modifiedAt, state.voidUntil ?? at);
  return { head: bare, kept: null, history: historyOf(bare), told: {}, createdAt, firstAt, voidUntil };
}

/** A bare tombstone holds nobody's data, so erasure leaves it. */
function survives(version: Version, voidUntil: number | null): boolean {
  return voidUntil === null || version.modifiedAt > voidUntil || !hasBody(version);
}

function lastTold(
  a: RecordState['told'],
  b: RecordState['told'],
  voidUntil: number | null,
): RecordState['told'] {
  const last = new Map(Object.entries(a));
  for (const [path, at] of Object.entries(b)) last.set(path, Math.max(at, last.get(path) ?? at));
  const valid = [...last].filter(([, at]) => at > (voidUntil ?? Number.NEGATIVE_INFINITY));
  return Object.fromEntries(valid.sort(([one], [other]) => byText(one, other)));
}

function best(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : pick(a, b);
}
