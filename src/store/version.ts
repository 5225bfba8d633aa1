/** One version of a record, and the order in which versions stand. */
import type { Tombstone } from '../connector/contract.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import type { JsonObject } from '../support/json.ts';
import { fieldHashes, leaves } from './versions.ts';

/** One version in full. */
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

/** What a version is, whenever it was read. */
export interface Identity {
  readonly modifiedAt: number;
  readonly dead: boolean;
  /** Orders versions of the same time, and tells them apart. */
  readonly rank: string;
}

/** One of the versions before: enough to order it, to know it again, and to compare its fields. */
export interface PastVersion extends Identity {
  readonly hashes: Readonly<Record<string, string>>;
}

export const noBody = '{}';

/** Some vendors send a tombstone with the record's last body, others a bare one. */
export function hasBody(version: Version): boolean {
  return version.tombstone === null || version.body !== noBody;
}

/** Equal content may come with its members in another order; which text is kept must not depend on chance. */
export function newestFirst(a: Version, b: Version): number {
  return compare(b, a) || byText(b.body, a.body);
}

/** By time; at the same time a tombstone beats a body, then the later reading wins, then the richer content. */
export function compare(a: Version, b: Version): number {
  if (a.modifiedAt !== b.modifiedAt) return a.modifiedAt - b.modifiedAt;
  if (isDead(a) !== isDead(b)) return isDead(a) ? 1 : -1;
  if (a.readAt !== b.readAt) return (a.readAt ?? 0) - (b.readAt ?? 0);
  return sameContent(a, b) ? 0 : byText(rankOf(a), rankOf(b));
}

/** The same order without the time of reading, newest first. */
export function byIdentity(a: Identity, b: Identity): number {
  return b.modifiedAt - a.modifiedAt || Number(b.dead) - Number(a.dead) || byText(b.rank, a.rank);
}

export function identityOf(version: Version): Identity {
  return { modifiedAt: version.modifiedAt, dead: isDead(version), rank: rankOf(version) };
}

/** The same version, if perhaps read at another time. */
export function isSame(a: Version, b: Version): boolean {
  if (a.modifiedAt !== b.modifiedAt) return false;
  return sameContent(a, b) || byIdentity(identityOf(a), identityOf(b)) === 0;
}

function isDead(version: Version): boolean {
  return version.tombstone !== null;
}

function sameContent(a: Version, b: Version): boolean {
  return (
    a.body === b.body &&
    a.version === b.version &&
    a.byUs === b.byUs &&
    a.tombstone === null &&
    b.tombstone === null
  );
}

const ranks = new WeakMap<Version, string>();

/**
 * More fields first: a field that was not asked for before comes with an unchanged `modifiedAt`, and must not
 * be lost to chance. Then the longer text, then a hash of all.
 */
function rankOf(version: Version): string {
  const known = ranks.get(version);
  if (known !== undefined) return known;
  const body: JsonObject = JSON.parse(version.body);
  const { tombstone, version: tag, byUs } = version;
  const content = canonicalJson([body, tombstone === null ? null : { ...tombstone }, tag, byUs]);
  const size = [leaves(body).length, content.length].map((count) => String(count).padStart(8, '0'));
  const rank = [...size, fingerprint(content, 16)].join('.');
  ranks.set(version, rank);
  return rank;
}

export function pastOf(version: Version): PastVersion {
  return { ...identityOf(version), hashes: fieldHashes(JSON.parse(version.body)) };
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
