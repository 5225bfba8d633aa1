/** What users do at the vendor's own screen while the connector is away. */
import type { Checkpoint } from '../connector/contract/reading.ts';
import type { Bench, Reading } from './bench.ts';
import type { StreamSubject } from './subject.ts';

const second = 1000;
const day = 86_400_000;

export function perPageOf(bench: Bench, stream: StreamSubject): number {
  return stream.perPage ?? bench.stream(stream.object).pageSize;
}

/**
 * Records for two full pages and a bit. Those from the end of the first page to the middle of the second share
 * one change stamp, so that a page ends within the tie. All stamps are whole seconds, the last one `until`.
 */
export function twoPagesAndMore(bench: Bench, stream: StreamSubject, until: number): Told {
  const perPage = perPageOf(bench, stream);
  const count = perPage * 2 + 3;
  const tie = { from: Math.max(1, perPage - 2), to: perPage + Math.ceil(perPage / 2) };
  const stepOf = (n: number) => (n >= tie.from && n <= tie.to ? tie.from : n);
  const start = Math.floor(until / second) * second - count * second;
  return tell(bench, stream, count, (n) => start + stepOf(n) * second);
}

export interface Told {
  readonly ids: readonly string[];
  readonly at: ReadonlyMap<string, number>;
}

export function tell(bench: Bench, stream: StreamSubject, count: number, at: (n: number) => number): Told {
  const stamps = new Map<string, number>();
  for (let n = 0; n < count; n += 1) {
    const { records } = bench.emulator;
    const id = records.create(stream.object, stream.record(bench.next(), records), { at: at(n) });
    stamps.set(id, at(n));
  }
  return { ids: [...stamps.keys()], at: stamps };
}

export function longAgo(bench: Bench): number {
  return bench.clock.now() - 30 * day;
}

/** Reads until a pull brings nothing more, an hour between: backfill, catching up, whatever else there is. */
export async function settled(
  bench: Bench,
  stream: StreamSubject,
  from: Checkpoint | null = null,
): Promise<Reading> {
  const first = await bench.read(stream.object, from);
  bench.clock.advance(3_600_000);
  const second = await bench.read(stream.object, first.checkpoint);
  return {
    pages: [...first.pages, ...second.pages],
    records: [...first.records, ...second.records],
    checkpoint: second.checkpoint,
  };
}
