/** The versions of mappings, writes, rules and settings that this process has read, each with the work it bears on. */
import type { OwnEdition } from '../store/contract/editions.ts';
import type { Stage } from '../store/contract/work.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import type { Json } from '../support/json.ts';
import { computedBy } from './computed-by.ts';
import type { Hub, System } from './hub.ts';
import { limitsOf, orderOf } from './rules.ts';
import { creditSettings } from './standing.ts';
import { pushedKinds } from './targets.ts';

/** An object that no mapping reads (any more). */
export const noVersion = 'none';

export const names = {
  mapping: (connection: string, object: string) => `mapping:${connection}:${object}`,
  writes: (connection: string) => `writes:${connection}`,
  fold: 'fold',
  credit: 'credit',
} as const;

/** Which editions a stage computes with: names with this prefix. Deliveries are read without any. */
export const editionsOf: Readonly<Record<Exclude<Stage, 'inbox'>, string>> = {
  fetch: 'mapping:',
  normalize: 'mapping:',
  resolve: names.fold,
  attribute: names.credit,
  push: 'writes:',
};

const known = new WeakMap<Hub, ReadonlyMap<string, OwnEdition>>();

export function ownEditions(hub: Hub): ReadonlyMap<string, OwnEdition> {
  const before = known.get(hub);
  if (before) return before;
  const systems = [...hub.systems.values()];
  const editedAt = Math.max(0, ...systems.map((system) => system.editedAt));
  const all: OwnEdition[] = [
    ...systems.flatMap((system) => [...mappingEditions(hub, system), writesEdition(system)]),
    { name: names.fold, version: foldVersion(hub), editedAt },
    { name: names.credit, version: creditVersion(hub), editedAt },
  ];
  const own = new Map(all.map((edition) => [edition.name, edition]));
  known.set(hub, own);
  return own;
}

/** Writes keep it: the mapping and the switches that wanted them. */
export function writesEdition({ name, settings, mapping, editedAt }: System): OwnEdition {
  const version = hashOf([settings.writes, mapping.version, computedBy.push]);
  return { name: names.writes(name), version, editedAt };
}

/** Facts keep it. */
export function mappingVersion(hub: Hub, connection: string, object: string): string {
  return ownEditions(hub).get(names.mapping(connection, object))?.version ?? noVersion;
}

function mappingEditions(hub: Hub, { name, mapping, editedAt }: System): OwnEdition[] {
  return Object.entries(mapping.objects).map(([object, { version }]) => ({
    name: names.mapping(name, object),
    version: hashOf([version, computedBy.normalize, targets(hub)]),
    editedAt,
  }));
}

/** What the fold asks of the mappings, and no more: a new field alone folds nothing anew that stood before. */
function foldVersion(hub: Hub): string {
  const rules = [...hub.systems.values()].flatMap(({ name, mapping }) =>
    Object.values(mapping.objects).flatMap(({ object, fields }) =>
      fields
        .filter(({ pulls }) => pulls)
        .map(({ entity, canonical, rule, blanks }) => [name, object, entity, canonical, { ...rule }, blanks]),
    ),
  );
  return hashOf([computedBy.resolve, orderOf(hub), rules, limitsOf(hub), targets(hub)]);
}

function creditVersion(hub: Hub): string {
  return hashOf([computedBy.attribute, creditSettings(hub.settings.attribution), targets(hub)]);
}

/**
 * Who is told of what, for every stage passes on what changed: a process that does not know of a new connection would
 * forget to.
 */
function targets(hub: Hub): Json {
  return [...hub.systems.values()].map((system) => [system.name, [...pushedKinds(system)].sort()]);
}

function hashOf(content: Json): string {
  return fingerprint(canonicalJson(content), 16);
}
