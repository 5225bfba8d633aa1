/** The pages in which people look at records. */
export interface NamedRecord {
  readonly id: string;
  readonly object?: string;
}

/** A record of another account of the vendor; continues "The address is of …". */
export interface NamedElsewhere {
  readonly elsewhere: string;
}

/** An id that cannot be: `mistyped` says why; a whole sentence. */
export interface NamedWrongly {
  readonly mistyped: string;
}

/** The pages in which people look at records: what they click, and what they copy from the address bar. */
export interface Pages<C = unknown> {
  /**
   * Address of a record's page; null where it cannot be told without asking the vendor. `site` is what `check` last
   * said, null before the first check.
   */
  address(config: C, site: string | null, object: string, id: string): string | null;
  /** The record that a copied address or an id names, in the form in which it has landed; null: not of this vendor. */
  named(text: string, site: string | null): NamedRecord | NamedElsewhere | NamedWrongly | null;
}
