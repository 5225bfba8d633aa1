/** Contributions tied to each other through what they share: a union–find that grows as more ties are found. */

/** A contribution, and a key, pair or former entity that it hangs on. */
export interface Tie {
  readonly name: string;
  readonly hub: string;
}

export type HubKind = 'key' | 'pair' | 'entity';

export interface Cluster {
  /** Sorted. */
  readonly names: readonly string[];
  /** Ids of the former entities, sorted. */
  readonly entities: readonly string[];
}

/** A name, key, pair or entity; several of them may have the same text. */
interface Node {
  readonly kind: 'name' | HubKind;
  readonly text: string;
  parent: Node | null;
  /** Names below this node, right at the root. */
  names: number;
}

export class UnionFind {
  readonly #nodes = {
    name: new Map<string, Node>(),
    key: new Map<string, Node>(),
    pair: new Map<string, Node>(),
    entity: new Map<string, Node>(),
  };
  #unexplored: Node[] = [];

  constructor(names: readonly string[]) {
    for (const name of names) this.#node('name', name);
  }

  /** Returns the hubs that were not there before. */
  tie(kind: HubKind, ties: readonly Tie[]): string[] {
    const known = this.#nodes[kind].size;
    for (const { name, hub } of ties) unite(this.#node('name', name), this.#node(kind, hub));
    return [...this.#nodes[kind].keys()].slice(known);
  }

  /** Names that came since the last call, but none of clusters that have grown over the limit. */
  unexplored(limit: number): string[] {
    const names = this.#unexplored.filter((node) => root(node).names <= limit).map(({ text }) => text);
    this.#unexplored = [];
    return names;
  }

  /** In order of the smallest text in each. */
  clusters(): Cluster[] {
    const nodes = [...this.#nodes.name.values(), ...this.#nodes.entity.values()].sort((a, b) =>
      a.text < b.text ? -1 : 1,
    );
    const groups = Map.groupBy(nodes, root);
    return [...groups.values()].map((group) => ({
      names: group.filter(({ kind }) => kind === 'name').map(({ text }) => text),
      entities: group.filter(({ kind }) => kind === 'entity').map(({ text }) => text),
    }));
  }

  #node(kind: Node['kind'], text: string): Node {
    const known = this.#nodes[kind].get(text);
    if (known) return known;
    const node: Node = { kind, text, parent: null, names: kind === 'name' ? 1 : 0 };
    this.#nodes[kind].set(text, node);
    if (kind === 'name') this.#unexplored.push(node);
    return node;
  }
}

function root(node: Node): Node {
  let top = node;
  while (top.parent) top = top.parent;
  if (top !== node) node.parent = top;
  return top;
}

function unite(a: Node, b: Node): void {
  const [one, other] = [root(a), root(b)];
  if (one === other) return;
  const [large, small] = one.names >= other.names ? [one, other] : [other, one];
  small.parent = large;
  large.names += small.names;
}
