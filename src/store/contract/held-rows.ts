/** Rows that wait for their deals. */

/** The write of a row that goes once its deal has been told its credit. Both are keys of stage 5 of one system. */
export interface HeldRow {
  readonly key: string;
  readonly deal: string;
}

/**
 * `replace` and `of`, inside a transaction, let nobody else through to its end: whoever holds a row and whoever has
 * told its deal look one after the other, so that neither misses what the other did.
 */
export interface HeldRows {
  /** Puts `held` in the place of what was held of these keys. */
  replace(keys: readonly string[], held: readonly HeldRow[]): Promise<void>;
  /** What is held with any of these deals. */
  of(deals: readonly string[]): Promise<HeldRow[]>;
  /** Under a prefix of the rows' keys, longest held first. */
  under(prefix: string): Promise<HeldRow[]>;
  /** Marks these rows; they are held no more. */
  release(keys: readonly string[]): Promise<void>;
  count(): Promise<{ rows: number; deals: number }>;
}
