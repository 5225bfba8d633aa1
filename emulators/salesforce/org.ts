import type { Clock } from '../../src/support/clock.ts';
import { type Chance, chance } from '../world/story/chance.ts';
import { Access } from './access.ts';
import { createIdMint, type IdMint } from './ids.ts';
import type { Knobs } from './knobs.ts';
import { createJournal, type Journal } from './rows/journal.ts';
import { syntheticContacts } from './rows/synthetic.ts';
import { Table } from './rows/table.ts';
import { Catalog } from './schema/catalog.ts';
import type { ObjectDef, Row } from './schema/model.ts';
import { withPersonAccounts } from './schema/person-account.ts';
import { standardObjects } from './schema/standard.ts';

export interface Deletion {
  readonly object: string;
  readonly id: string;
  /** As on the wire. */
  readonly at: string;
}

type Listener = (object: ObjectDef, row: Row) => void;

/** One emulated org: its schema, its records, its users, and the clock they live by. */
export class Org {
  readonly id: string;
  readonly knobs: Knobs;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly ids: IdMint = createIdMint();
  readonly journal: Journal = createJournal();
  readonly catalog: Catalog;
  readonly access: Access;
  /** The user whom the API client runs as. */
  readonly apiUserId: string;
  /** A person at the screen, who makes what no client makes. */
  readonly humanUserId: string;
  /** Records that somebody holds a lock on: the next write that touches one is refused and frees it. */
  readonly locks = new Set<string>();
  readonly #tables = new Map<string, Table>();
  readonly #numbers = new Map<string, number>();
  readonly #deletions: Deletion[] = [];
  readonly #listeners: Listener[] = [];

  constructor(knobs: Knobs, clock: Clock, seed: number) {
    this.knobs = knobs;
    this.clock = clock;
    this.chance = chance(seed, 'salesforce');
    this.id = this.ids.next('00D');
    this.apiUserId = this.ids.next('005');
    this.humanUserId = this.ids.next('005');
    const objects = standardObjects(knobs.multiCurrency);
    this.catalog = new Catalog(knobs.personAccounts ? withPersonAccounts(objects) : objects, clock.now());
    const { catalog, apiUserId } = this;
    const table = (name: string) => this.table(name);
    this.access = new Access({ catalog, table, userId: apiUserId, now: () => clock.now() });
  }

  table(object: string): Table {
    let table = this.#tables.get(object);
    if (table === undefined) {
      table = new Table(this.journal, this.#generated(object));
      this.#tables.set(object, table);
    }
    return table;
  }

  /** Numbers the records of an object; a number is never given twice. */
  nextNumber(object: string): number {
    const number = (this.#numbers.get(object) ?? 0) + 1;
    this.#numbers.set(object, number);
    return number;
  }

  /** What `sobjects/X/deleted` tells, also of records that left nothing else behind. */
  get deletions(): readonly Deletion[] {
    return this.#deletions;
  }

  noteDeletion(deletion: Deletion): void {
    this.#deletions.push(deletion);
    this.journal.note(() => {
      this.#deletions.splice(this.#deletions.lastIndexOf(deletion), 1);
    });
  }

  /** To be called after every change of a record that users or clients make; not for deletions. */
  changed(object: ObjectDef, row: Row): void {
    for (const listener of this.#listeners) listener(object, row);
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  #generated(object: string) {
    const count = object === 'Contact' ? this.knobs.generate.Contact : 0;
    return count > 0 ? syntheticContacts(count, this.humanUserId) : undefined;
  }
}
