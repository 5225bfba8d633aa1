/** What records say and what we wrote to them, as far as one plan asks for it; each of it is read once. */

import type { Contribution } from '../../../canonical/model.ts';
import { contributionName } from '../../../canonical/names.ts';
import type { FieldMemory } from '../../../store/contract/outbox.ts';
import type { Store } from '../../../store/contract/store.ts';

export class Told {
  readonly #store: Store;
  /** Null: there is none of that name. */
  readonly #contributions = new Map<string, Contribution | null>();
  readonly #memories = new Map<string, readonly FieldMemory[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  async contributions(names: readonly string[]): Promise<Contribution[]> {
    const wanted = new Set(names);
    const unread = [...wanted].filter((name) => !this.#contributions.has(name));
    if (unread.length > 0) {
      for (const name of unread) this.#contributions.set(name, null);
      for (const one of await this.#store.facts.contributions(unread))
        this.#contributions.set(contributionName(one), one);
    }
    return [...wanted].flatMap((name) => this.#contributions.get(name) ?? []);
  }

  /** By text ref; those of which nothing is remembered are left out. */
  async memories(refs: readonly string[]): Promise<Map<string, readonly FieldMemory[]>> {
    const wanted = new Set(refs);
    const unread = [...wanted].filter((ref) => !this.#memories.has(ref));
    if (unread.length > 0) {
      const read = Map.groupBy(await this.#store.outbox.memories(unread), ({ ref }) => ref);
      for (const ref of unread) this.#memories.set(ref, read.get(ref) ?? []);
    }
    const found = [...wanted].map((ref) => [ref, this.#memories.get(ref) ?? []] as const);
    return new Map(found.filter(([, memories]) => memories.length > 0));
  }
}
