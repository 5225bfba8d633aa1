/** Checks that a long backfill does not grow. */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Check, connectorCheck } from './check.ts';

/** What may stay behind between the first quarter of a reading and its end: not even the ids of the records. */
const mostGrowth = 4_000_000;
const quarters = 4;

export const memoryChecks: readonly Check[] = [
  connectorCheck(
    'memory stays flat over very many records',
    (subject) => subject.memory,
    async (bench, { object, records }) => {
      const heaps: number[] = [];
      let read = 0;
      for await (const page of bench.pull(bench.connect(), object)) {
        read += page.records.length;
        if (read >= ((heaps.length + 1) * records) / quarters) heaps.push(heapInUse());
      }
      assert(read >= records, `${read} of ${records} records were read`);
      const [first = 0, ...later] = heaps;
      const growth = Math.max(...later) - first;
      assert(growth <= mostGrowth, `memory grew by ${Math.round(growth / 1000)} kB over ${read} records`);
    },
    ({ knobs }) => knobs,
  ),
];

/** Bytes that are still needed: measured after a full collection, with or without `--expose-gc`. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = globalThis.gc ?? runInNewContext('gc');
  assert(typeof collect === 'function', 'this runtime cannot collect on demand');
  collect();
  return process.memoryUsage().heapUsed;
}
