/** Writes that wait for the record of another entity. */

/** A write that names another entity's record, and that record is not there yet. */
export interface Wait {
  /** Id of the entity whose record is missing. */
  readonly awaited: string;
  /** Of stage 5. */
  readonly key: string;
  /** False: nothing says that the record will ever come; the write goes if it does, but nobody waits for it. */
  readonly expected: boolean;
}

export interface Waits {
  /**
   * Puts `waits` in the place of all that these keys waited for. Inside a transaction, nobody replaces entities
   * from here to its end: what is awaited can then be looked for once more, so that its coming is not missed.
   */
  replace(keys: readonly string[], waits: readonly Wait[]): Promise<void>;
  /** Marks what waits for any of these entities. Returns how many. */
  wake(awaited: readonly string[]): Promise<number>;
  /** Keys whose awaited record is expected, oldest first. */
  list(limit: number): Promise<Wait[]>;
  count(): Promise<number>;
}
