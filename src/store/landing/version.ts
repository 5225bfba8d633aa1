/** One version of a record, and the order in which versions stand. */
import type { Tombstone } from '../../connector/contract/reading.ts';
import { canonicalJson, fingerprint } from '../../support/fingerprint.ts';
import type { JsonObject } from '../../support/json.ts';
import { leaves } from './versions.ts';

export interface Version {
  readonly modifiedAt: number;
  /** When it was read, where that orders versions of one `modifiedAt`. */
  readonly readAt: number | null;
  readonly tombstone: Tombstone | null;
  /** JSON text. */
  readonly body: string;
  readonly version: string | null;
  readonly byUs: boolean;
}

export const noBody = '{}';

/** Some vendors send a tombstone with the record's last body, others a bare one. */
export function hasBody(version: Version): boolean {
  return version.tombstone === null || version.body !== noBody;
}

/**
 * By time; at the same time a tombstone that was told beats a body, then the later reading wins, then one that is
 * presumed beats a body, then the richer content.
 */
export function newestFirst(a: Version, b: Version): number {
  if (a.modifiedAt !== b.modifiedAt) return b.modifiedAt - a.modifiedAt;
  if (isToldDead(a) !== isToldDead(b)) return isToldDead(a) ? -1 : 1;
  if (a.readAt !== b.readAt) return (b.readAt ?? 0) - (a.readAt ?? 0);
  if (isDead(a) !== isDead(b)) return isDead(a) ? -1 : 1;
  return sameText(a, b) ? 0 : byText(rankOf(b), rankOf(a));
}

/** In whatever order the fields stand. */
export function sameContent(a: Version, b: Version): boolean {
  return a.body === b.body || canonicalJson(JSON.parse(a.body)) === canonicalJson(JSON.parse(b.body));
}

/** Of one stamp, and different: only when they were read says which of them is the later one. */
export function areTied(a: Version, b: Version): boolean {
  if (a.modifiedAt !== b.modifiedAt || a.readAt === null || b.readAt === null) return false;
  if (isToldDead(a) || isToldDead(b)) return false;
  return isDead(a) !== isDead(b) || !sameContent(a, b);
}

function isDead(version: Version): boolean {
  return version.tombstone !== null;
}

function isToldDead({ tombstone }: Version): boolean {
  return tombstone !== null && !('presumed' in tombstone);
}

function sameText(a: Version, b: Version): boolean {
  const alive = a.tombstone === null && b.tombstone === null;
  return alive && a.body === b.body && a.version === b.version && a.byUs === b.byUs;
}

const ranks = new WeakMap<Version, string>();

/**
 * More fields first: a field that was not asked for before comes with an unchanged `modifiedAt`, and must not
 * be lost to chance. Then the longer text, then a hash of all; of equal content in another order, the text.
 */
function rankOf(version: Version): string {
  const known = ranks.get(version);
  if (known !== undefined) return known;
  const body: JsonObject = JSON.parse(version.body);
  const { tombstone, version: tag, byUs } = version;
  const content = canonicalJson([body, tombstone === null ? null : { ...tombstone }, tag, byUs]);
  const size = [leaves(body).length, content.length].map((count) => String(count).padStart(8, '0'));
  const rank = [...size, fingerprint(content, 16), version.body].join('.');
  ranks.set(version, rank);
  return rank;
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
