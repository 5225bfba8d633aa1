/** What the toy vendor keeps: rows with a change stamp, dead ones too. */
import type { EmulatedRecords } from '../../../emulators/loopback/contract.ts';
import type { Clock } from '../../../src/support/clock.ts';
import type { JsonObject } from '../../../src/support/json.ts';

export interface Row {
  readonly id: string;
  readonly fields: JsonObject;
  readonly stamp: number;
  readonly version: number;
  readonly end?: { readonly mergedInto: string | null };
}

export const object = 'Thing';

export class Rows {
  readonly #rows = new Map<string, Row>();
  readonly #clock: Clock;
  #last = 0;
  /** Told of every new row, whoever made it. */
  onCreated: (row: Row) => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  live(): Row[] {
    return [...this.#rows.values()].filter(({ end }) => end === undefined);
  }

  /** Whose fields hold these values. */
  named(unique: JsonObject): Row | undefined {
    const wanted = Object.entries(unique);
    return this.live().find(({ fields }) => wanted.every(([name, value]) => fields[name] === value));
  }

  create(fields: JsonObject, at = this.#clock.now()): Row {
    this.#last += 1;
    const row = { id: `t${String(this.#last).padStart(6, '0')}`, fields, stamp: at, version: 1 };
    this.#rows.set(row.id, row);
    this.onCreated(row);
    return row;
  }

  update(id: string, fields: JsonObject): Row | undefined {
    const row = this.#rows.get(id);
    if (row === undefined || row.end !== undefined) return undefined;
    return this.#put({ ...row, fields: { ...row.fields, ...fields } });
  }

  end(id: string, mergedInto: string | null = null): void {
    const row = this.#rows.get(id);
    if (row !== undefined) this.#put({ ...row, end: { mergedInto } });
  }

  /** Ordered by stamp and id, from behind the given place on; dead rows are among them. Of one box, if given. */
  after(stamp: number, id: string, limit: number, box: string | null): Row[] {
    const isInBox = ({ fields }: Row) => box === null || fields.box === box;
    const behind = (row: Row) => isInBox(row) && (row.stamp > stamp || (row.stamp === stamp && row.id > id));
    const order = (a: Row, b: Row) => a.stamp - b.stamp || (a.id < b.id ? -1 : 1);
    return [...this.#rows.values()].filter(behind).sort(order).slice(0, limit);
  }

  #put(row: Row): Row {
    const next = { ...row, stamp: this.#clock.now(), version: row.version + 1 };
    this.#rows.set(row.id, next);
    return next;
  }
}

export function recordsOf(rows: Rows): EmulatedRecords {
  return {
    objects: () => [object],
    create: (_, fields, options) => rows.create(fields, options?.at).id,
    update: (_, id, fields) => void rows.update(id, fields),
    remove: (_, id) => rows.end(id),
    merge: (_, winner, loser) => {
      rows.end(loser, winner);
      rows.update(winner, {});
      return winner;
    },
    get: (_, id) => {
      const row = rows.get(id);
      return row?.end === undefined ? row?.fields : undefined;
    },
    all: () => rows.live().map(({ fields }) => fields),
    count: () => rows.live().length,
  };
}
