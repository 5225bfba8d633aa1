/**
 * Which contributions hang together: those that share a key, and those that formed one entity until now (so
 * that whoever replaces that entity has all of it in hand). Found by walking outwards from the named ones, all
 * components of a batch at once, a fixed number of queries per step.
 */
import { sql } from 'kysely';
import type { Contribution } from '../canonical/model.ts';
import type { Component } from './contract.ts';
import { fromJson } from './json.ts';
import type { Session } from './session.ts';
import { type Cluster, type Tie, Web } from './web.ts';

export async function findComponents(
  session: Session,
  names: readonly string[],
  limit: number,
): Promise<Component[]> {
  const web = new Web(names);
  for (let frontier = web.unexplored(limit); frontier.length > 0; frontier = web.unexplored(limit)) {
    const keys = web.tie('key', await keysOf(session, frontier));
    const entities = web.tie('entity', await entitiesOf(session, frontier));
    web.tie('key', await holdersOf(session, keys, limit));
    web.tie('entity', await membersOf(session, entities));
  }
  const named = new Set(names);
  const cut = web.clusters().map((cluster) => cutOff(cluster, named, limit));
  const contributions = await load(
    session,
    cut.flatMap((cluster) => cluster.names),
  );
  return cut.map(({ names: kept, entities, overLimit }) => ({
    contributions: kept.flatMap((name) => contributions.get(name) ?? []),
    entities,
    overLimit,
  }));
}

/** Of too large a cluster the named ones stay, so that the caller finds what it asked for. */
function cutOff(
  cluster: Cluster,
  named: ReadonlySet<string>,
  limit: number,
): Cluster & { readonly overLimit: boolean } {
  if (cluster.names.length <= limit) return { ...cluster, overLimit: false };
  const namedFirst = [
    ...cluster.names.filter((name) => named.has(name)),
    ...cluster.names.filter((name) => !named.has(name)),
  ];
  return { ...cluster, names: namedFirst.slice(0, limit).sort(), overLimit: true };
}

function keysOf({ db, among }: Session, names: readonly string[]): Promise<Tie[]> {
  return db
    .selectFrom('contribution_key')
    .select(['name', 'key as hub'])
    .where(among('name', names))
    .execute();
}

function entitiesOf({ db, among }: Session, names: readonly string[]): Promise<Tie[]> {
  return db.selectFrom('member').select(['name', 'entity_id as hub']).where(among('name', names)).execute();
}

/** One more than the limit is enough to see that a key is held by too many. */
function holdersOf(session: Session, keys: readonly string[], limit: number): Promise<Tie[]> {
  return session.all(sql<Tie>`
    select name, key as hub from (
      select key, name, row_number() over (partition by key order by name) as place
      from contribution_key where ${session.among('key', keys)}) as held
    where place <= ${limit + 1}`);
}

function membersOf({ db, among }: Session, entities: readonly string[]): Promise<Tie[]> {
  return db
    .selectFrom('member')
    .select(['name', 'entity_id as hub'])
    .where(among('entity_id', entities))
    .execute();
}

async function load({ db, among }: Session, names: readonly string[]): Promise<Map<string, Contribution>> {
  const rows = await db
    .selectFrom('contribution')
    .select(['name', 'data'])
    .where(among('name', names))
    .execute();
  return new Map(rows.map(({ name, data }) => [name, fromJson<Contribution>(data)]));
}
