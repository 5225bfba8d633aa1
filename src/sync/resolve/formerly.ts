/**
 * People who once held a key that somebody of these holds, or the other way round. They are not one with them, and are
 * not resolved again; but at the close of their deals they were, so that what is new of the one is news of the other.
 */

import type { Contribution } from '../../canonical/model.ts';
import { keyText, parseRef, recordKey, recordOf } from '../../canonical/names.ts';
import type { Component } from '../../store/contract/identity.ts';
import type { Store } from '../../store/contract/store.ts';
import { componentLimit } from './limits.ts';

export class Formerly {
  /** Key → names of those who held it before. */
  readonly #holders: ReadonlyMap<string, readonly string[]>;
  /** Names of those who hold now what these have let go. */
  readonly #successors: readonly string[];

  private constructor(holders: ReadonlyMap<string, readonly string[]>, successors: readonly string[]) {
    this.#holders = holders;
    this.#successors = successors;
  }

  static async near(store: Store, components: readonly Component[]): Promise<Formerly> {
    const people = components.flatMap(({ contributions }) =>
      contributions.filter(({ kind }) => kind === 'Person'),
    );
    const keys = new Set(people.flatMap((said) => said.keys.map(keyText)));
    const gone = new Set(people.flatMap(lost));
    if (keys.size + gone.size === 0) return new Formerly(new Map(), []);
    const holders = await store.facts.formerHolders('Person', [...keys, ...gone]);
    const successors = gone.size === 0 ? [] : await store.facts.holders('Person', [...gone], componentLimit);
    return new Formerly(holders, successors);
  }

  /** Whether somebody else was one of these once: then what is new of these has to be looked at as a whole. */
  concerns(contributions: readonly Contribution[]): boolean {
    if (this.#holders.size === 0) return false;
    return contributions.some(
      (said) => lost(said).length > 0 || said.keys.some((key) => this.#holders.has(keyText(key))),
    );
  }

  /** Ids of the people, as they are resolved now. */
  async people(store: Store): Promise<string[]> {
    const names = new Set([...[...this.#holders.values()].flat(), ...this.#successors]);
    if (names.size === 0) return [];
    const keys = [...names].map((name) => keyText(recordKey(parseRef(recordOf(name)))));
    return [...new Set(Object.values(await store.entities.byKey('Person', keys)))];
  }
}

/** Texts of keys that it held and holds no more. */
function lost(said: Contribution): string[] {
  if (!said.former) return [];
  const present = new Set(said.keys.map(keyText));
  return said.former.flatMap(({ keys }) => keys.map(keyText)).filter((text) => !present.has(text));
}
