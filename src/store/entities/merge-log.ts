/** What became of entities that were replaced, as lines for the log of each entity involved. */
import type { EntityKind } from '../../canonical/model.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type { MergeLine } from '../contract/entities.ts';
import { fromJson } from '../database/json.ts';
import type { Row } from '../database/tables.ts';

type Members = Pick<Row<'entity'>, 'id' | 'kind' | 'members'>;

/**
 * `joined`: ended entities whose members all went to one. `split`: an entity whose members are in several now,
 * or (`into` is empty) that ended with nobody left.
 */
export function mergeLines(
  old: readonly Members[],
  young: readonly Members[],
  ended: readonly string[],
  at: number,
): Row<'merge'>[] {
  if (old.length === 0) return [];
  const homes = homesOf(old, young);
  const gone = new Set(ended);
  const lines: MergeLine[] = [];
  for (const { id, kind } of old) {
    const into = homes.get(id) ?? [];
    if (into.length > 1 || (into.length === 0 && gone.has(id)))
      lines.push({ at, kind: kind as EntityKind, what: 'split', from: [id], into });
  }
  const there = new Set(old.map(({ id }) => id));
  const joined = Map.groupBy(ended, (former) => homes.get(former)?.join() ?? '');
  for (const { id, kind } of young) {
    const from = joined.get(id) ?? [];
    const stayed = there.has(id) ? [id] : [];
    if (from.length > 0)
      lines.push({
        at,
        kind: kind as EntityKind,
        what: 'joined',
        from: [...from, ...stayed].sort(),
        into: [id],
      });
  }
  return lines.flatMap(rowsOf);
}

/** Former entity → sorted ids of the entities that its members form now. */
function homesOf(old: readonly Members[], young: readonly Members[]): Map<string, string[]> {
  const home = new Map(
    young.flatMap(({ id, members }) => fromJson<string[]>(members).map((name) => [name, id])),
  );
  return new Map(
    old.map(({ id, members }) => {
      const ids = fromJson<string[]>(members).flatMap((name) => home.get(name) ?? []);
      return [id, [...new Set(ids)].sort()];
    }),
  );
}

function rowsOf({ at, kind, what, from, into }: MergeLine): Row<'merge'>[] {
  const [came_from, went_into] = [JSON.stringify(from), JSON.stringify(into)];
  const line = fingerprint(`${what}${came_from}${went_into}`, 16);
  return [...new Set([...from, ...into])].map((entity_id) => ({
    entity_id,
    at,
    line,
    kind,
    what,
    came_from,
    went_into,
  }));
}
