/** Earlier versions as text: the newest in full, each other as its difference from the one before it. */
import { fromJson } from './json.ts';
import type { PastVersion } from './version.ts';

interface StoredVersion extends Omit<PastVersion, 'hashes'> {
  /** Null: the version had no such field. */
  readonly hashes: Readonly<Record<string, string | null>>;
}

export function encodePast(versions: readonly PastVersion[]): string {
  let newer: PastVersion['hashes'] = {};
  const stored = versions.map((version): StoredVersion => {
    const hashes = difference(newer, version.hashes);
    newer = version.hashes;
    return { ...version, hashes };
  });
  return JSON.stringify(stored);
}

export function decodePast(text: string): PastVersion[] {
  if (text === '[]') return [];
  let newer: PastVersion['hashes'] = {};
  return fromJson<StoredVersion[]>(text).map((version) => {
    const hashes = Object.entries({ ...newer, ...version.hashes }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    );
    newer = Object.fromEntries(hashes);
    return { ...version, hashes: newer };
  });
}

/** Sorted, so that equal versions have equal text however they came. */
function difference(from: PastVersion['hashes'], to: PastVersion['hashes']): StoredVersion['hashes'] {
  const paths = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return Object.fromEntries(
    paths.filter((path) => from[path] !== to[path]).map((path) => [path, to[path] ?? null]),
  );
}
