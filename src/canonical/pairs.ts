/** What is remembered about two contributions beside what they say. Names are `<kind>|<text ref>`. */

export interface Pair {
  /** The smaller name. */
  readonly one: string;
  readonly other: string;
}

/** They were found to be one by a key that they shared. */
export interface Pairing extends Pair {
  /** Text of the key. */
  readonly key: string;
  /** When it was found, ms. */
  readonly at: number;
}

/** An admin's word, for good until it is taken back. */
export interface Decision extends Pair {
  readonly verdict: 'same' | 'different';
  readonly at: number;
}

/** Kind of key → how many people may share one before it identifies nobody. */
export type Limits = Readonly<Record<string, number>>;

/**
 * People behind a user, session, browser or phone are counted by their addresses; behind an address or a domain by
 * their names. An account with a corrected address has two; a shared mailbox has a handful of names.
 */
export const defaultLimits: Limits = {
  chatUser: 3,
  session: 3,
  visitor: 10,
  phone: 10,
  external: 10,
  id: 10,
  email: 20,
  domain: 20,
};

/** Of those who share a key no more are named. */
export const mostNamed = 20;

export function limitOf(limits: Limits, kind: string): number {
  return limits[kind] ?? limits.chatUser ?? 3;
}

export function inOrder(a: string, b: string): Pair {
  return a < b ? { one: a, other: b } : { one: b, other: a };
}
