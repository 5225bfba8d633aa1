/** Contributions tied to each other through what they share: a union–find that grows as more ties are found. */

/** A contribution, and a key or former entity that it hangs on. */
export interface Tie {
  readonly name: string;
  readonly hub: string;
}

export type HubKind = 'key' | 'entity';

export interface Cluster {
  /** Sorted. */
  readonly names: readonly string[];
  /** Ids of the former entities, sorted. */
  readonly entities: readonly string[];
}

/** A name, key or entity; several of them may have the same text. */
interface Knot {
  readonly kind: 'name' | HubKind;
  readonly text: string;
  parent: Knot | null;
  /** Names below this knot, right at the root. */
  names: number;
}

export class Web {
  readonly #knots = {
    name: new Map<string, Knot>(),
    key: new Map<string, Knot>(),
    entity: new Map<string, Knot>(),
  };
  #unexplored: Knot[] = [];

  constructor(names: readonly string[]) {
    for (const name of names) this.#knot('name', name);
  }

  /** Returns the hubs that were not there before. */
  tie(kind: HubKind, ties: readonly Tie[]): string[] {
    const known = this.#knots[kind].size;
    for (const { name, hub } of ties) unite(this.#knot('name', name), this.#knot(kind, hub));
    return [...this.#knots[kind].keys()].slice(known);
  }

  /** Names that came since the last call, but none of clusters that have grown over the limit. */
  unexplored(limit: number): string[] {
    const names = this.#unexplored.filter((knot) => root(knot).names <= limit).map(({ text }) => text);
    this.#unexplored = [];
    return names;
  }

  /** In order of the smallest text in each. */
  clusters(): Cluster[] {
    const knots = [...this.#knots.name.values(), ...this.#knots.entity.values()].sort((a, b) =>
      a.text < b.text ? -1 : 1,
    );
    const groups = Map.groupBy(knots, root);
    return [...groups.values()].map((group) => ({
      names: group.filter(({ kind }) => kind === 'name').map(({ text }) => text),
      entities: group.filter(({ kind }) => kind === 'entity').map(({ text }) => text),
    }));
  }

  #knot(kind: Knot['kind'], text: string): Knot {
    const known = this.#knots[kind].get(text);
    if (known) return known;
    const knot: Knot = { kind, text, parent: null, names: kind === 'name' ? 1 : 0 };
    this.#knots[kind].set(text, knot);
    if (kind === 'name') this.#unexplored.push(knot);
    return knot;
  }
}

function root(knot: Knot): Knot {
  let top = knot;
  while (top.parent) top = top.parent;
  if (top !== knot) knot.parent = top;
  return top;
}

function unite(a: Knot, b: Knot): void {
  const [one, other] = [root(a), root(b)];
  if (one === other) return;
  const [large, small] = one.names >= other.names ? [one, other] : [other, one];
  small.parent = large;
  large.names += small.names;
}
