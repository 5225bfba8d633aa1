/**
 * What is kept of an entity of many statements, so that one more of them joins it without a look at all the others:
 * a person who chats every day for years is resolved as a whole only when something else about them changes.
 */
export interface Growth {
  /** The contribution that names the entity: an older one would give it another name. */
  readonly eldest: { readonly createdAt: number; readonly name: string };
  /** How many contributions it has. */
  readonly number: number;
  /** Names of the few contributions from which the fold comes out as it does from all. */
  readonly folded: readonly string[];
  /** The version of the rules by which all of this was found. */
  readonly rules: string;
  readonly alike: readonly Alike[];
}

/** Statements that resolving cannot tell from each other but by their own ids. */
export interface Alike {
  /** A hash of what they have in common. */
  readonly likeness: string;
  /** Records with which each of them is remembered as a pair, with the text of the key. */
  readonly partners: readonly { readonly name: string; readonly key: string }[];
}

/** What resolving alone knows of it. */
export type GrowthFound = Pick<Growth, 'eldest' | 'number' | 'alike'> & {
  /** Texts of the keys that statements of a likeness hold, beside those that the likeness names. */
  readonly keys: readonly { readonly likeness: string; readonly key: string }[];
};
