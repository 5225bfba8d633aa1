/**
 * People's time cut where something changes that a check looks at: at each touch, and where the last touch passes a
 * round age. What is expected in a piece needs no more than what was expected by its two ends.
 */
import type { Observations } from '../hazard/observations.ts';

/** A stretch of one person's time, days since the start of watching. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** Touches before it. */
  readonly touches: number;
  /** Index of the last one's channel; −1 before the first. */
  readonly lastChannel: number;
  /** Days since the last touch at `from`, rounded down to one of `ages`; −1 before the first. */
  readonly lastAge: number;
}

/** Ages that matter to a reader of a journey, days. */
export const ages: readonly number[] = [0, 1, 3, 7, 14, 30];

/** The pieces of one person in their order; together they are all the time of watching. Empty pieces are left out. */
export function piecesOf({ starts, time, channel, end }: Observations, person: number): Piece[] {
  const [from = 0, to = 0] = [starts[person], starts[person + 1]];
  const until = end[person] ?? 0;
  const pieces: Piece[] = [];
  const first = from < to ? (time[from] ?? 0) : until;
  if (first > 0) pieces.push({ from: 0, to: first, touches: 0, lastChannel: -1, lastAge: -1 });
  for (let touch = from; touch < to; touch += 1) {
    const start = time[touch] ?? 0;
    const stop = touch + 1 < to ? (time[touch + 1] ?? 0) : until;
    const same = { touches: touch - from + 1, lastChannel: channel[touch] ?? 0 };
    ages.forEach((age, index) => {
      const next = Math.min(stop, start + (ages[index + 1] ?? Number.POSITIVE_INFINITY));
      if (start + age < next) pieces.push({ from: start + age, to: next, ...same, lastAge: index });
    });
  }
  return pieces;
}
