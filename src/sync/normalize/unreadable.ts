/**
 * Values that are there and that the mapping cannot read: two words where an address should be, a date of another kind.
 * A lead may hang on one, so `status` names the fields with a record of each. Kept are names of records, no values:
 * an erased person leaves nothing here.
 */
import { z } from 'zod';
import type { RecordRef } from '../../canonical/model.ts';
import type { Store } from '../../store/contract/store.ts';
import type { Hub } from '../hub.ts';

/** Records that are named for one field; there may be more. */
const most = 20;

const keptSchema = z.record(z.string(), z.array(z.string()));
type Kept = z.infer<typeof keptSchema>;

export interface Understood {
  readonly ref: RecordRef;
  /** Vendor fields whose value could not be read. */
  readonly unreadable: readonly string[];
}

/** In the transaction that keeps what the records say. A record that is understood by now is named no longer. */
export async function noteUnreadable(store: Store, records: readonly Understood[]): Promise<void> {
  const groups = Map.groupBy(records, ({ ref: { connection, object } }) => keyOf(connection, object));
  for (const [key, group] of groups) {
    const before = await kept(store, key);
    if (Object.keys(before).length === 0 && group.every(({ unreadable }) => unreadable.length === 0))
      continue;
    const now = without(before, group);
    for (const { ref, unreadable } of group)
      for (const field of unreadable) now[field] = [...(now[field] ?? []), ref.id].slice(0, most);
    if (JSON.stringify(now) === JSON.stringify(before)) continue;
    await store.connections.saveState(key, Object.keys(now).length === 0 ? null : now);
  }
}

function without(before: Kept, group: readonly Understood[]): Kept {
  const ids = new Set(group.map(({ ref }) => ref.id));
  const left = Object.entries(before).map(([field, records]): [string, string[]] => [
    field,
    records.filter((id) => !ids.has(id)),
  ]);
  return Object.fromEntries(left.filter(([, records]) => records.length > 0));
}

/** A sentence for each field, with what shows why. */
export async function unreadableTexts(
  { store }: Pick<Hub, 'store'>,
  connection: string,
  object: string,
): Promise<string[]> {
  return Object.entries(await kept(store, keyOf(connection, object))).map(
    ([field, [first = '', ...more]]) => {
      const others =
        more.length === 0 ? '' : ` and ${more.length + 1 < most ? '' : 'at least '}${more.length} more`;
      return (
        `The value of ${field} in ${object} ${first}${others} cannot be read, and counts as not said: ` +
        `\`hub preview ${connection} ${first}\` shows it.`
      );
    },
  );
}

async function kept(store: Store, key: string): Promise<Kept> {
  return keptSchema.safeParse(await store.connections.state(key)).data ?? {};
}

function keyOf(connection: string, object: string): string {
  return `unreadable:${connection}:${object}`;
}
