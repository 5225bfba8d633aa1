/** One emulated org: its schema, its records, its users, and the clock they live by. */

import { type Chance, chance } from '../../../src/emulator/story/chance.ts';
import type { Clock } from '../../../src/support/clock.ts';
import { type Access, createAccess } from './access.ts';
import { createIdMint, type IdMint } from './ids.ts';
import type { Knobs } from './knobs.ts';
import { createJournal, type Journal } from './rows/journal.ts';
import { syntheticContacts } from './rows/synthetic.ts';
import { Table } from './rows/table.ts';
import { type Catalog, createCatalog } from './schema/catalog.ts';
import type { ObjectDef, Row } from './schema/model.ts';
import { standardObjects } from './schema/standard.ts';

export interface Deletion {
  readonly object: string;
  readonly id: string;
  /** As on the wire. */
  readonly at: string;
}

export interface Org {
  readonly id: string;
  readonly knobs: Knobs;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly ids: IdMint;
  readonly catalog: Catalog;
  readonly access: Access;
  readonly journal: Journal;
  /** The user whom the API client runs as. */
  readonly apiUserId: string;
  /** A person at the screen, who makes what no client makes. */
  readonly humanUserId: string;
  /** Records that somebody holds a lock on: the next write that touches one is refused and frees it. */
  readonly locks: Set<string>;
  table(object: string): Table;
  /** Counts the records of an object that numbers them; a number is never given twice. */
  nextNumber(object: string): number;
  /** What `sobjects/X/deleted` tells, also of records that left nothing else behind. */
  readonly deletions: readonly Deletion[];
  noteDeletion(deletion: Deletion): void;
  /** Called after every change of a record that users or clients make; not for deletions. */
  changed(object: ObjectDef, row: Row): void;
  onChange(listener: (object: ObjectDef, row: Row) => void): void;
}

export function createOrg(knobs: Knobs, clock: Clock, seed: number): Org {
  const ids = createIdMint();
  const journal = createJournal();
  const catalog = createCatalog(standardObjects(knobs.multiCurrency), clock.now());
  const apiUserId = ids.next('005');
  const humanUserId = ids.next('005');
  const generated =
    knobs.generate.Contact > 0 ? syntheticContacts(knobs.generate.Contact, humanUserId) : undefined;
  const tables = new Map<string, Table>();
  const numbers = new Map<string, number>();
  const deletions: Deletion[] = [];
  const listeners: ((object: ObjectDef, row: Row) => void)[] = [];
  const table = (name: string) => {
    let found = tables.get(name);
    if (found === undefined) {
      found = new Table(journal, name === 'Contact' ? generated : undefined);
      tables.set(name, found);
    }
    return found;
  };
  return {
    id: ids.next('00D'),
    knobs,
    clock,
    chance: chance(seed, 'salesforce'),
    ids,
    catalog,
    access: createAccess(catalog, table, apiUserId, clock.now),
    journal,
    apiUserId,
    humanUserId,
    locks: new Set(),
    table,
    nextNumber(object) {
      const number = (numbers.get(object) ?? 0) + 1;
      numbers.set(object, number);
      return number;
    },
    deletions,
    noteDeletion(deletion) {
      deletions.push(deletion);
      journal.note(() => void deletions.splice(deletions.lastIndexOf(deletion), 1));
    },
    changed(object, row) {
      for (const listener of listeners) listener(object, row);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
