/** JSONata of the mappings, evaluated before the transaction that stores what follows from it. */

import { isDeepStrictEqual } from 'node:util';
import { refText } from '../../canonical/names.ts';
import type { CompiledObject, MappedRecord } from '../../mapping/language/compiled.ts';
import { abandonEvaluations } from '../../mapping/language/jsonata/process.ts';
import type { LandedRecord } from '../../store/contract/landing.ts';
import type { Hub } from '../hub.ts';

/** A record with its expressions evaluated, or the error that came of that. */
export type Prepared =
  | { readonly record: MappedRecord }
  | { readonly body: LandedRecord['body']; readonly error: unknown };

/** How long a batch may wait for its expressions: well within the lease of its claims. */
const patienceMs = 10_000;
/** So many are evaluated between two looks at the clock. */
const slice = 16;

/** By ref; of records that are left out nothing was evaluated in time. */
export async function prepareAll(
  hub: Hub,
  refs: readonly string[],
  mapped: (record: LandedRecord) => MappedRecord,
): Promise<ReadonlyMap<string, Prepared>> {
  const prepared = new Map<string, Prepared>();
  const using = refs.filter((ref) => usesExpressions(hub, ref));
  if (using.length === 0) return prepared;
  const began = performance.now();
  const records = await hub.store.landing.get(using);
  for (let start = 0; start < records.length; start += slice) {
    if (performance.now() - began > patienceMs) break;
    const part = records.slice(start, start + slice);
    await unlessAborted(
      hub.signal,
      Promise.all(
        part.map(async (record) => {
          const object = objectOf(hub, record);
          if (object?.prepare) prepared.set(refText(record.ref), await prepareOne(object, mapped(record)));
        }),
      ),
    );
  }
  return prepared;
}

/** What was evaluated of the record, if it still is the one that it was evaluated of. */
export function preparedOf(
  prepared: ReadonlyMap<string, Prepared>,
  record: LandedRecord,
): Prepared | undefined {
  const found = prepared.get(refText(record.ref));
  if (!found) return undefined;
  const body = 'record' in found ? found.record.body : found.body;
  return isDeepStrictEqual(body, record.body) ? found : undefined;
}

async function prepareOne(object: CompiledObject, record: MappedRecord): Promise<Prepared> {
  try {
    return { record: object.prepare ? await object.prepare(record) : record };
  } catch (error) {
    return { body: record.body, error };
  }
}

function usesExpressions(hub: Hub, ref: string): boolean {
  const [connection = '', object = ''] = ref.split('|');
  return hub.systems.get(connection)?.mapping.objects[object]?.prepare !== undefined;
}

export function objectOf(hub: Hub, { ref }: Pick<LandedRecord, 'ref'>): CompiledObject | undefined {
  return hub.systems.get(ref.connection)?.mapping.objects[ref.object];
}

/** The work is left behind when the hub is to end; it is repeated another time. */
async function unlessAborted(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const leave = () => {
      reject(signal.reason);
      abandonEvaluations();
    };
    signal.addEventListener('abort', leave, { signal: ended.signal });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    ended.abort();
  }
}
