import type { RequestEntry, RequestLog } from './contract.ts';

/** Entries kept at least; counts are kept for ever. */
export const keptEntries = 10_000;

export interface RecordingLog extends RequestLog {
  add(entry: RequestEntry): void;
}

/** Bounded, so that a run over a million records costs no memory: the oldest half goes when twice full. */
export function createRequestLog(): RecordingLog {
  let entries: RequestEntry[] = [];
  let counts = new Map<string, number>();
  let total = 0;
  return {
    get entries() {
      return entries;
    },
    counted: () => total,
    byRoute: () => Object.fromEntries(counts),
    add(entry) {
      entries.push(entry);
      if (entries.length >= 2 * keptEntries) entries = entries.slice(-keptEntries);
      if (!entry.counted) return;
      total++;
      counts.set(entry.route, (counts.get(entry.route) ?? 0) + 1);
    },
    clear() {
      entries = [];
      counts = new Map();
      total = 0;
    },
  };
}
