/**
 * All that is kept of a record, and how one more version joins in. The result is a function of the set of
 * versions alone: any order, any repetition gives the same. (Each part is the best of a total order, or the
 * first few of it, or a minimum or maximum.)
 */
import type { VendorRecord } from '../connector/contract.ts';
import type { JsonObject } from '../support/json.ts';
import {
  byIdentity,
  byText,
  hasBody,
  identityOf,
  isSame,
  newestFirst,
  noBody,
  type PastVersion,
  pastOf,
  type Version,
} from './version.ts';
import { fieldHashes, pathOf } from './versions.ts';

export interface RecordState {
  readonly head: Version;
  /** The newest version with a body, while the head is a tombstone without one: its keys still join. */
  readonly kept: Version | null;
  /** Newest first. */
  readonly earlier: readonly PastVersion[];
  /** By path: the latest change time that the vendor told, and the hash of the value it told it of. */
  readonly told: Readonly<Record<string, readonly [at: number, hash: string]>>;
  readonly createdAt: number | null;
  /** The earliest `modifiedAt` ever seen. */
  readonly firstAt: number;
  /** Versions up to this time are gone for good. */
  readonly voidUntil: number | null;
}

/** So many are told; one more may be stored. */
export const maxEarlier = 8;

export function stateOf(record: VendorRecord): RecordState {
  const tombstone = record.tombstone ?? null;
  const erased = tombstone?.kind === 'erased';
  const body = erased ? noBody : JSON.stringify(record.body);
  return {
    head: {
      modifiedAt: record.modifiedAt,
      readAt: record.readAt ?? null,
      tombstone,
      body,
      version: record.version ?? null,
      byUs: record.byUs ?? false,
    },
    kept: null,
    earlier: [],
    told: record.fieldTimes && !erased ? toldOf(record.body, record.fieldTimes) : {},
    createdAt: record.createdAt ?? null,
    firstAt: record.modifiedAt,
    voidUntil: erased ? record.modifiedAt : null,
  };
}

/** A vendor tells of `phone` what the body holds under `properties.phone`. */
function toldOf(body: JsonObject, times: Readonly<Record<string, number>>): RecordState['told'] {
  const hashes = fieldHashes(body);
  const told = Object.entries(times).map(([name, at]): [string, readonly [number, string]] => {
    const path = pathOf(body, name);
    return [path, [at, hashes[path] ?? '']];
  });
  return Object.fromEntries(told);
}

/** The state after all versions of both. */
export function join(a: RecordState, b: RecordState): RecordState {
  const voidUntil = best(Math.max, a.voidUntil, b.voidUntil);
  const candidates = [a.head, b.head, a.kept, b.kept].filter((version) => version !== null);
  const full = candidates.filter((version) => survives(version, voidUntil)).sort(newestFirst);
  const head = full[0] ?? a.head;
  const shown = full.find(hasBody) ?? head;
  const displaced = full.filter((version) => hasBody(version) && !isSame(version, shown)).map(pastOf);
  return {
    head,
    kept: shown === head ? null : shown,
    earlier: newest([...a.earlier, ...b.earlier, ...displaced], shown, voidUntil),
    told: latestTold(a.told, b.told, voidUntil),
    createdAt: best(Math.min, a.createdAt, b.createdAt),
    firstAt: Math.min(a.firstAt, b.firstAt),
    voidUntil,
  };
}

/** Takes out everything but the fact that there was a record; versions up to `at` will not come back. */
export function erased(state: RecordState, at: number): RecordState {
  const { head } = state;
  return {
    head: { ...head, body: noBody, version: null, tombstone: head.tombstone ?? { kind: 'erased' } },
    kept: null,
    earlier: [],
    told: {},
    createdAt: state.createdAt,
    firstAt: state.firstAt,
    voidUntil: Math.max(at, head.modifiedAt, state.voidUntil ?? at),
  };
}

/** A bare tombstone holds nobody's data, so erasure leaves it. */
function survives(version: Version, voidUntil: number | null): boolean {
  return voidUntil === null || version.modifiedAt > voidUntil || !hasBody(version);
}

/**
 * The first of all versions but the one shown. That one may change places with another of its time when it is
 * read again; so that this brings back no gap, the list is cut where it would be with the shown one in it.
 */
function newest(past: readonly PastVersion[], shown: Version, voidUntil: number | null): PastVersion[] {
  const distinct = new Map(past.map((one) => [`${one.modifiedAt} ${one.dead} ${one.rank}`, one]));
  const sorted = [...distinct.values()]
    .filter(({ modifiedAt }) => modifiedAt > (voidUntil ?? Number.NEGATIVE_INFINITY))
    .sort(byIdentity);
  if (sorted[0]?.modifiedAt !== shown.modifiedAt) return sorted.slice(0, maxEarlier);
  const own = identityOf(shown);
  const others = sorted.filter((one) => byIdentity(one, own) !== 0);
  const before = others.filter((one) => byIdentity(one, own) < 0).length;
  return others.slice(0, before > maxEarlier ? maxEarlier + 1 : maxEarlier);
}

function latestTold(
  a: RecordState['told'],
  b: RecordState['told'],
  voidUntil: number | null,
): RecordState['told'] {
  const latest: Record<string, readonly [number, string]> = {};
  for (const [path, told] of [...Object.entries(a), ...Object.entries(b)]) {
    const other = latest[path];
    const later = !other || told[0] > other[0] || (told[0] === other[0] && told[1] > other[1]);
    if (later && told[0] > (voidUntil ?? Number.NEGATIVE_INFINITY)) latest[path] = told;
  }
  return Object.fromEntries(Object.entries(latest).sort(([one], [other]) => byText(one, other)));
}

function best(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : pick(a, b);
}
