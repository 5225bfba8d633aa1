import type { ObjectType } from './objects.ts';
import { isArchived, isLive, type Row, type Values } from './rows.ts';
import type { Schema } from './schema.ts';

/** Records that exist by rule, not in memory. Their ids come before all stored ones. */
export interface VirtualRows {
  readonly count: number;
  row(id: number): Row;
  findByEmail(email: string): number | undefined;
}

export interface RowPage {
  readonly rows: readonly Row[];
  /** Id of the last row of this page, when there are more. */
  readonly next: string | undefined;
}

/** Each type counts its own ids from here: a contact and a deal may have the same one, as at HubSpot. */
export const firstId = 1_001;

const noVirtualRows: VirtualRows = {
  count: 0,
  row: (id) => {
    throw new RangeError(`no generated record ${id}`);
  },
  findByEmail: () => undefined,
};

/** The records of one type. Ids only grow, so their order is the order of creation. */
export class Table {
  readonly type: ObjectType;
  readonly schema: Schema;
  readonly #virtual: VirtualRows;
  readonly #rows = new Map<string, Row>();
  /** Of stored rows that are no generated ones, ascending. */
  readonly #ids: number[] = [];
  readonly #unique = new Map<string, string>();
  #lastId: number;

  constructor(type: ObjectType, schema: Schema, virtual: VirtualRows = noVirtualRows) {
    this.type = type;
    this.schema = schema;
    this.#virtual = virtual;
    this.#lastId = this.#virtualEnd - 1;
  }

  get #virtualEnd(): number {
    return firstId + this.#virtual.count;
  }

  nextId(): string {
    return String(++this.#lastId);
  }

  /** A generated record is stored from its first change on. */
  put(row: Row): void {
    if (!this.#rows.has(row.id) && Number(row.id) >= this.#virtualEnd) this.#ids.push(Number(row.id));
    this.#rows.set(row.id, row);
  }

  /** Live, archived and merged ones alike. */
  get(id: string): Row | undefined {
    return this.#rows.get(id) ?? (this.#isVirtual(id) ? this.#virtual.row(Number(id)) : undefined);
  }

  /** The live record that holds a value of a unique property; case does not count. */
  findUnique(property: string, value: string): Row | undefined {
    const id = this.#unique.get(uniqueKey(property, value));
    return id === undefined ? this.#findVirtual(property, value.toLowerCase()) : this.#rows.get(id);
  }

  #findVirtual(property: string, value: string): Row | undefined {
    const id = property === 'email' ? this.#virtual.findByEmail(value) : undefined;
    const row = id === undefined ? undefined : this.get(String(id));
    return row && isLive(row) && row.values[property] === value ? row : undefined;
  }

  /** Keeps the index of unique values: `before` is absent for a new record, `after` for one that goes. */
  reindex(id: string, before: Values | undefined, after: Values | undefined): void {
    const now = this.#claims(after);
    for (const claim of this.#claims(before)) if (!now.has(claim)) this.#unique.delete(claim);
    for (const claim of now) this.#unique.set(claim, id);
  }

  /** A merged contact answers to the addresses of all that it was made of. */
  #claims(values: Values = {}): Set<string> {
    const claims = new Set(values.hs_additional_emails?.split(';').map((email) => uniqueKey('email', email)));
    for (const property of this.schema.uniqueNames) {
      const value = values[property];
      if (value !== undefined) claims.add(uniqueKey(property, value));
    }
    return claims;
  }

  page(after: string | undefined, limit: number, archived: boolean): RowPage {
    const wanted = archived ? isArchived : isLive;
    const rows: Row[] = [];
    for (const row of this.#above(Number(after ?? 0))) {
      if (!wanted(row)) continue;
      if (rows.length === limit) return { rows, next: rows.at(-1)?.id };
      rows.push(row);
    }
    return { rows, next: undefined };
  }

  *live(): Generator<Row> {
    for (const row of this.#above(0)) if (isLive(row)) yield row;
  }

  liveCount(): number {
    let count = this.#virtual.count;
    for (const row of this.#rows.values()) count += Number(isLive(row)) - Number(this.#isVirtual(row.id));
    return count;
  }

  *#above(id: number): Generator<Row> {
    for (let next = Math.max(id + 1, firstId); next < this.#virtualEnd; next++) {
      yield this.#rows.get(String(next)) ?? this.#virtual.row(next);
    }
    for (let index = firstAbove(this.#ids, id); index < this.#ids.length; index++) {
      const row = this.#rows.get(String(this.#ids[index]));
      if (row) yield row;
    }
  }

  #isVirtual(id: string): boolean {
    const number = /^\d+$/.test(id) ? Number(id) : 0;
    return number >= firstId && number < this.#virtualEnd;
  }
}

const uniqueKey = (property: string, value: string) => `${property}\n${value.toLowerCase()}`;

/** Index of the first id greater than `id` in an ascending list. */
function firstAbove(ids: readonly number[], id: number): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? 0) > id) high = middle;
    else low = middle + 1;
  }
  return low;
}
