/**
 * Which contributions belong to one entity. A pure function of the set of contributions and of what is remembered
 * about them (pairs found before, an admin's decisions): their order means nothing, and a join undoes itself when
 * the key that caused it goes away. Evidence is weighed in order of its strength, and each join is checked against
 * what is known by then: two records of one system, or two people whom the systems tell apart, do not become one
 * because a key says so. What is refused is reported.
 */
import type { Contribution } from '../canonical/model.ts';
import { atOnce, inBreaths } from '../support/breath.ts';
import { Clusters, type Node, nodeOf } from './clusters.ts';
import { Guard } from './guard.ts';
import { Holders } from './holders.ts';
import { Joining } from './joining.ts';
import { type Memory, noMemory } from './memory.ts';
import { describe } from './outcome.ts';
import type { Resolution } from './resolution.ts';
import { beforeAddresses, fromAddresses, type Paces, type Scene } from './steps.ts';

/** `contributions` are of one kind and hang together by keys (or not at all: then there are more clusters). */
export function resolve(contributions: readonly Contribution[], memory: Memory = noMemory): Resolution {
  return atOnce(resolving(contributions, memory));
}

/** The same for where thousands may hang together: the event loop turns in between. */
export function resolveInBreaths(
  contributions: readonly Contribution[],
  memory: Memory = noMemory,
): Promise<Resolution> {
  return inBreaths(resolving(contributions, memory));
}

function* resolving(contributions: readonly Contribution[], memory: Memory): Paces<Resolution> {
  const nodes = yield* nodesOf(contributions);
  const indexOf = new Map(nodes.map(({ name }, index) => [name, index]));
  const clusters = new Clusters(nodes);
  yield;
  const kind = contributions[0]?.kind ?? 'Person';
  const guard = new Guard(clusters, kind, differentOnes(memory, indexOf));
  const joining = new Joining(clusters, guard);
  const scene: Scene = { memory, indexOf, clusters, guard, joining, holders: new Holders(nodes, memory) };
  // Most hang together with nobody: of one alone there is no evidence to weigh.
  const isAlone = nodes.length === 1;
  if (!isAlone) for (const step of beforeAddresses) yield* step(scene);
  const bodies = clusters.roots(nodes.keys().filter((index) => nodes[index]?.isRecord)).length;
  if (!isAlone) for (const step of fromAddresses) yield* step(scene);
  return yield* describe(scene, bodies);
}

function* nodesOf(contributions: readonly Contribution[]): Paces<Node[]> {
  const nodes: Node[] = [];
  for (const contribution of contributions) {
    nodes.push(nodeOf(contribution));
    yield;
  }
  return nodes.sort(byAge);
}

function byAge(a: Node, b: Node): number {
  const [ageA, ageB] = [a.contribution.createdAt, b.contribution.createdAt];
  return ageA - ageB || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function differentOnes({ decisions }: Memory, indexOf: ReadonlyMap<string, number>): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const { one, other, verdict } of decisions) {
    const [a, b] = [indexOf.get(one), indexOf.get(other)];
    if (verdict !== 'different' || a === undefined || b === undefined) continue;
    found.set(a, [...(found.get(a) ?? []), b]);
    found.set(b, [...(found.get(b) ?? []), a]);
  }
  return found;
}
