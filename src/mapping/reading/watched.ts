/** Which fields of a record say who it is and whom it ties, and where its system tells what they held before. */
import { nameOf } from '../language/path.ts';
import type { Section } from '../language/schema.ts';
import type { Scope } from '../language/scope.ts';
import { compileHistory, type HistoryReader } from './history.ts';

export interface WatchedFields {
  /** In a landed body. */
  readonly paths: readonly string[];
  /** Of these the ones that make keys. */
  readonly keys: readonly string[];
  /** By path, where the system is asked for past values. */
  readonly histories: ReadonlyMap<string, HistoryReader>;
}

/** Names tell people at one address apart. */
export const names: readonly string[] = ['firstName', 'lastName', 'name'];

type Entry = string | { readonly field: string };

export function compileWatched(section: Section, scope: Scope): WatchedFields {
  const pathOf = (entry: Entry) => scope.fullPath(typeof entry === 'string' ? entry : entry.field);
  const { match = {}, fields = {}, relations = [], past = [], immutable } = section;
  // Facts do not change.
  if (immutable) return { paths: [], keys: [], histories: new Map() };
  // The hub's own id says nothing that the hub did not know before.
  const hubId = typeof section.externalId === 'string' ? section.externalId : section.externalId?.field;
  const keys = entriesOf(match)
    .filter((entry) => nameOf(typeof entry === 'string' ? entry : entry.field) !== hubId)
    .map(pathOf);
  const ties = relations.flatMap(({ each, from = {}, to }) =>
    each === undefined ? entriesOf(to).concat(entriesOf(from)) : [each, ...entriesOf(from)],
  );
  const named = names.flatMap((name) => fields[name] ?? []);
  const histories = past.map((path, index): [string, HistoryReader] => [
    scope.fullPath(path),
    compileHistory(path, scope.at('past', index)),
  ]);
  return {
    paths: [...new Set([...keys, ...[...ties, ...named].map(pathOf)])],
    keys: [...new Set(keys)],
    histories: new Map(histories),
  };
}

function entriesOf(entries: Readonly<Record<string, Entry | readonly Entry[]>>): Entry[] {
  return Object.values(entries).flat();
}
