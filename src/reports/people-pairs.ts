/** People of two systems who are likely one and whom no key ties. */

import { displayName } from '../canonical/display-name.ts';
import type { Entity } from '../canonical/model.ts';
import { parseRef, recordOf } from '../canonical/names.ts';
import { likelyPeople, type PersonSketch } from '../identity/likely-people.ts';
import { addresses } from '../sync/addresses.ts';
import type { Hub } from '../sync/hub.ts';
import { commandsFor, type DoubtfulPair, type Party } from './doubts.ts';
import { isRecord } from './is-record.ts';

/** Collects page by page what comparing needs. */
export class People {
  readonly #hub: Hub;
  readonly #sketches: PersonSketch[] = [];

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  async add(page: readonly Entity[]): Promise<void> {
    const organizations = await this.#hub.store.entities.organizationsOf(page.map(({ id }) => id));
    for (const { id, fields, members } of page) {
      const own = members.filter((name) => isRecord(this.#hub, recordOf(name)));
      const records = new Map(own.map((name) => [parseRef(recordOf(name)).connection, name]));
      if (records.size > 0)
        this.#sketches.push({ id, fields, records, organizations: organizations[id] ?? [] });
    }
  }

  /** Without those whom an admin has told apart. */
  async pairs(): Promise<DoubtfulPair[]> {
    const address = await addresses(this.#hub);
    const decided = new Set(
      (await this.#hub.store.identity.decisions()).flatMap(({ one, other }) => [
        `${one}\n${other}`,
        `${other}\n${one}`,
      ]),
    );
    const party = ({ id: entity, fields, records }: PersonSketch): Party => {
      const ref = parseRef(recordOf([...records.values()][0] ?? ''));
      return { entity, ...ref, name: displayName(fields) ?? null, address: address(ref) };
    };
    return likelyPeople(this.#sketches).flatMap(({ people: [a, b], weights, total }): DoubtfulPair[] => {
      const isDecided = [...a.records.values()].some((one) =>
        [...b.records.values()].some((other) => decided.has(`${one}\n${other}`)),
      );
      const [one, other] = [party(a), party(b)];
      return isDecided ? [] : [{ one, other, weights, total, commands: commandsFor(one, other) }];
    });
  }
}
