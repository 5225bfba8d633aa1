/**
 * Which contributions hang together: those that share a key, those of which a pair is remembered, and those that
 * formed one entity until now (so that replacing that entity has all of it in hand). Found by walking outwards from the named ones, all
 * components of a batch at once, a fixed number of queries per step.
 */
import type { Contribution } from '../../canonical/model.ts';
import { eachInBreaths } from '../../support/breath.ts';
import type { Component } from '../contract/identity.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import { type Cluster, UnionFind } from './union-find.ts';
import { Walk, type WalkOptions } from './walk.ts';

export async function findComponents(
  session: Session,
  names: readonly string[],
  options: WalkOptions,
): Promise<Component[]> {
  const { limit } = options;
  const web = new UnionFind(names);
  const walk = new Walk(session, web, options);
  for (let frontier = web.unexplored(limit); frontier.length > 0; frontier = web.unexplored(limit))
    await walk.step(frontier);
  const named = new Set(names);
  const cut = web.clusters().map((cluster) => cutOff(cluster, named, limit));
  const contributions = await contributionsNamed(
    session,
    cut.flatMap((cluster) => cluster.names),
  );
  return cut.map(({ names: kept, entities, overLimit }) => ({
    contributions: kept.flatMap((name) => contributions.get(name) ?? []),
    entities,
    ...walk.of(kept),
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

export async function contributionsNamed(
  { db, among }: Session,
  names: readonly string[],
): Promise<Map<string, Contribution>> {
  const rows = await db
    .selectFrom('contribution')
    .select(['name', 'data'])
    .where(among('name', names))
    .execute();
  const read = ({ name, data }: (typeof rows)[number]) => [name, fromJson<Contribution>(data)] as const;
  return new Map(await eachInBreaths(rows, read));
}
