/** The work in progress of one resolving: the clusters so far, and what was refused on the way. */
import type { Clusters } from './clusters.ts';
import type { Guard, Refusal } from './guard.ts';
import type { Evidence } from './keys.ts';

export interface Refused {
  readonly key: string;
  readonly reason: Refusal;
  readonly members: ReadonlySet<number>;
}

export class Joining {
  readonly clusters: Clusters;
  readonly #guard: Guard;
  readonly #refused = new Map<string, { reason: Refusal; members: Set<number> }>();
  readonly #held = new Map<number, string>();

  constructor(clusters: Clusters, guard: Guard) {
    this.clusters = clusters;
    this.#guard = guard;
  }

  /** False when something speaks against it; that is noted. */
  join(a: number, b: number, evidence: Evidence, key: string): boolean {
    const reason = this.#guard.refusal(a, b, evidence);
    if (reason) this.refuse(key, reason, [a, b]);
    else this.clusters.unite(a, b);
    return reason === null;
  }

  /** All of them or none: what leads to several people leads to nobody. */
  joinAll(roots: readonly number[], evidence: Evidence, key: string): void {
    const reason = this.#clash(roots, evidence);
    if (reason) this.refuse(key, reason, roots);
    else for (const root of roots) this.join(roots[0] ?? root, root, evidence, key);
  }

  /** That an admin has told some apart gives way to whatever else is left to say of the key. */
  refuse(key: string, reason: Refusal, members: Iterable<number>): void {
    const known = this.#refused.get(key) ?? { reason, members: new Set() };
    for (const member of members) known.members.add(member);
    if (known.reason === 'decided different') known.reason = reason;
    this.#refused.set(key, known);
  }

  /** An admin has told each of them from each other. */
  areToldApart(roots: readonly number[]): boolean {
    return roots.every((one, index) =>
      roots
        .slice(index + 1)
        .every((other) => this.#guard.refusal(one, other, 'decision') === 'decided different'),
    );
  }

  /** A statement that may be about any of several people: nobody is made of it. */
  hold(key: string, index: number): void {
    this.#held.set(index, key);
  }

  get refused(): Refused[] {
    return [...this.#refused].map(([key, one]) => ({ key, ...one }));
  }

  get held(): ReadonlyMap<number, string> {
    return this.#held;
  }

  /**
   * Only those of whom something is known can contradict each other, and of those without a record that give the same
   * names and addresses one stands for all: thousands of statements are a handful of different ones.
   */
  #clash(roots: readonly number[], evidence: Evidence): Refusal | null {
    const known = [...new Map(roots.flatMap((root) => this.#told(root))).values()];
    for (const [index, one] of known.entries()) {
      for (const other of known.slice(index + 1)) {
        const reason = this.#guard.refusal(one, other, evidence);
        if (reason) return reason;
      }
    }
    return null;
  }

  /** A root by what is known of it; nothing where nothing is. */
  #told(root: number): [string, number][] {
    const { addresses, names, records } = this.clusters.group(root);
    if (addresses.size + names.size + records.size === 0) return [];
    if (records.size > 0 || this.#guard.hasDecisions) return [[String(root), root]];
    return [[JSON.stringify([[...names.keys()].sort(), [...addresses].sort()]), root]];
  }
}
