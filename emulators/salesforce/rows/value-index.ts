import type { Row, Value } from '../schema/model.ts';

/** Records by the value of one field, text without regard to case. */
export class ValueIndex {
  readonly #field: string;
  readonly #rows = new Map<string, Set<Row>>();

  constructor(field: string, rows: readonly Row[]) {
    this.#field = field;
    for (const row of rows) this.add(row);
  }

  add(row: Row): void {
    const key = keyOf(row[this.#field] ?? null);
    const rows = this.#rows.get(key);
    if (rows === undefined) this.#rows.set(key, new Set([row]));
    else rows.add(row);
  }

  /** The row must still have the value with which it was added. */
  remove(row: Row): void {
    this.#rows.get(keyOf(row[this.#field] ?? null))?.delete(row);
  }

  find(value: Value): readonly Row[] {
    return [...(this.#rows.get(keyOf(value)) ?? [])];
  }
}

function keyOf(value: Value): string {
  return typeof value === 'string' ? `"${value.toLowerCase()}` : String(value);
}
