/**
 * Which chats of a deal have a row of their own. Nobody reads hundreds of rows on one deal, and each further chat moves
 * the share of all that are there: of somebody who chats without end the newest stand alone and the earlier ones together
 * in one row, so that a further chat costs as many writes as the chat before, and the rows still sum to the deal's share.
 */

/** With the row for the earlier ones: what a CRM takes in one call. */
export const mostRows = 200;
/** The earlier ones grow by so many at a time, so that a row is not deleted at each further chat. */
const step = 100;

export interface Rows {
  /** Positions of those that stand together in one row; none where all have their own. */
  readonly together: readonly number[];
  readonly alone: readonly number[];
}

/** @param chats positions of the chats in the journey, oldest first */
export function rowsOf(chats: readonly number[]): Rows {
  const over = Math.max(0, chats.length - mostRows);
  const together = over === 0 ? 0 : step * Math.ceil((over + 1) / step);
  return { together: chats.slice(0, together), alone: chats.slice(together) };
}
