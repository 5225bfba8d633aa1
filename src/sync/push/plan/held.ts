/** People of whom no record is made, for nobody knows yet who they are. */

import type { Entity } from '../../../canonical/model.ts';
import { parseRef, recordOf, refText } from '../../../canonical/names.ts';
import type { Store } from '../../../store/contract/store.ts';

const most = 10_000;

/** By entity id, what to say about it; of those that have no record in the system yet. */
export async function heldOf(
  store: Store,
  connection: string,
  entities: readonly Entity[],
): Promise<Map<string, string>> {
  const isThere = ({ members }: Entity) =>
    members.some((name) => parseRef(recordOf(name)).connection === connection);
  const ids = entities.filter((one) => one.kind === 'Person' && !isThere(one)).map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const ambiguous = [...(await store.identity.held(ids))].map(([id, key]): [string, string] => [
    id,
    `Several people have ${key.slice(key.indexOf(':') + 1)}, and nobody knows which of them this is. \`hub suggest\` shows them and what to type.`,
  ]);
  return new Map([...ambiguous, ...(await takenBy(store, connection, ids))]);
}

/** A record that carries the hub's id of one person and was found to be another: writing under that id would hit it. */
async function takenBy(
  store: Store,
  connection: string,
  ids: readonly string[],
): Promise<[string, string][]> {
  const wanted = new Set(ids);
  const names = await store.facts.holders(
    'Person',
    ids.map((id) => `external:${id}`),
    most,
  );
  const records = (await store.facts.contributions(names)).filter(({ ref }) => ref.connection === connection);
  return records.flatMap(({ ref, keys }) =>
    keys.flatMap(({ kind, value }): [string, string][] => {
      if (kind !== 'external' || !wanted.has(value)) return [];
      const place = refText(ref).replaceAll('|', ' ');
      return [
        [
          value,
          `${place} carries the hub's id of this person (${value}) and is somebody else's. Clear the id there.`,
        ],
      ];
    }),
  );
}
