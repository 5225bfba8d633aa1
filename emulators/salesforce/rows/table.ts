import type { Row, Value } from '../schema/model.ts';
import type { Journal } from './journal.ts';
import { listOf, mixedRange, type RowList, storedRange } from './list.ts';
import { end, keyOf, type Place, sortedRows, start } from './sorted.ts';
import type { SyntheticRows } from './synthetic.ts';
import { ValueIndex } from './value-index.ts';

/** The records of one object: by id, in the order (SystemModstamp, Id), and by the value of a field. */
export class Table {
  readonly #journal: Journal;
  readonly #synthetic: SyntheticRows | undefined;
  readonly #byId = new Map<string, Row>();
  readonly #all = sortedRows();
  readonly #live = sortedRows();
  readonly #indexes = new Map<string, ValueIndex>();
  /** Computed records that were changed and are stored since. */
  readonly #taken = new Set<number>();
  #version = 0;

  constructor(journal: Journal, synthetic?: SyntheticRows) {
    this.#journal = journal;
    this.#synthetic = synthetic;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Live records. */
  get count(): number {
    return this.#live.rows.length + (this.#synthetic?.length ?? 0) - this.#taken.size;
  }

  /** Deleted ones too. */
  get(id: string): Row | undefined {
    return this.#byId.get(id) ?? this.#compute(id);
  }

  insert(row: Row): void {
    this.#enter(row);
    this.#journal.note(() => this.#leave(row));
  }

  /** Changes fields of a record and moves it to its new place; returns the record as stored. */
  change(row: Row, patch: Row): Row {
    const stored = this.#byId.get(String(row.Id));
    if (stored === undefined) return this.#take(row, patch);
    const before = { ...stored };
    this.#replace(stored, { ...stored, ...patch });
    this.#journal.note(() => this.#replace(stored, before));
    return stored;
  }

  /** Removes without a trace. */
  erase(row: Row): void {
    this.#leave(row);
    this.#journal.note(() => this.#enter(row));
  }

  range(from: Place, to: Place, withDeleted: boolean): RowList {
    const rows = storedRange(withDeleted ? this.#all : this.#live, from, to);
    if (this.#synthetic === undefined) return listOf(rows);
    return mixedRange(rows, this.#synthetic, this.#taken, from, to);
  }

  /** Those of the ids that are there, in the order of a range. */
  named(ids: readonly string[], withDeleted: boolean): RowList {
    const found = [...new Set(ids)].map((id) => this.get(id)).filter((row) => row !== undefined);
    const shown = found.filter((row) => withDeleted || row.IsDeleted !== true);
    return listOf(shown.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)));
  }

  everything(withDeleted: boolean): RowList {
    return this.range(start, end, withDeleted);
  }

  /** Live records whose field has this value. Computed records are not searched. */
  lookup(field: string, value: Value): readonly Row[] {
    let index = this.#indexes.get(field);
    if (index === undefined) {
      index = new ValueIndex(field, this.#live.rows);
      this.#indexes.set(field, index);
    }
    return index.find(value);
  }

  #compute(id: string): Row | undefined {
    const index = this.#synthetic?.indexOfId(id) ?? -1;
    return index < 0 || this.#taken.has(index) ? undefined : this.#synthetic?.at(index);
  }

  #take(row: Row, patch: Row): Row {
    const index = this.#synthetic?.indexOfId(String(row.Id)) ?? -1;
    const stored = { ...row, ...patch };
    this.#taken.add(index);
    this.#enter(stored);
    this.#journal.note(() => {
      this.#leave(stored);
      this.#taken.delete(index);
    });
    return stored;
  }

  #replace(row: Row, values: Row): void {
    this.#leave(row);
    for (const name of Object.keys(row)) if (!(name in values)) row[name] = null;
    this.#enter(Object.assign(row, values));
  }

  #enter(row: Row): void {
    this.#byId.set(String(row.Id), row);
    this.#all.add(row);
    this.#version++;
    if (row.IsDeleted === true) return;
    this.#live.add(row);
    for (const index of this.#indexes.values()) index.add(row);
  }

  #leave(row: Row): void {
    this.#byId.delete(String(row.Id));
    this.#all.remove(row);
    this.#live.remove(row);
    this.#version++;
    for (const index of this.#indexes.values()) index.remove(row);
  }
}
