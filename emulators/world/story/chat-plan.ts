/** Which deals the chatbot has a part in, and where: spread evenly over small and large ones, so that no draw tips the story. */
import type { DealFrame } from './accounts.ts';
import { dealSizes } from './market.ts';
import { places } from './places.ts';
import { placeOf } from './scene.ts';

export interface DealChats {
  /** A chat was the first touch of all. */
  readonly first: boolean;
  /** How many there are somewhere along the way. */
  readonly between: number;
  /** A chat was the last touch before the deal was closed. */
  readonly last: boolean;
}

export const noChats: DealChats = { first: false, between: 0, last: false };

/**
 * Of all touches but those of sales people, and of what deals are worth: where the first or the last touch is a chat. Deals that are lost have as
 * many chats as those that are won, for a chat alone sells nothing.
 */
const shares = { touches: 0.19, first: 0.1, last: 0.09 };

/** Some buyers never chat, and some ask everything there: in turn, times the usual share. */
const keenness = [1, 0, 2.2, 0.5, 1.3];

export function planChats(frames: readonly DealFrame[]): ReadonlyMap<string, DealChats> {
  const ordered = frames.toSorted((one, other) => rank(other) - rank(one) || (one.key < other.key ? -1 : 1));
  const starts = spread(shares.first);
  const ends = spread(shares.last);
  let due = 0;
  const plan = ordered.map((frame, index): [string, DealChats] => {
    const first = starts(frame, frame.kind === 'new business');
    const last = ends(frame, isClosed(frame) && !first);
    const [least, most] = dealSizes[frame.size].touches;
    due += (shares.touches * (keenness[index % keenness.length] ?? 1) * (least + most)) / 2;
    const count = Math.floor(due);
    due -= count;
    return [frame.key, { first, last, between: Math.max(0, count - Number(first) - Number(last)) }];
  });
  return new Map(plan);
}

/** Won deals come first, the largest before the others. */
function rank(frame: DealFrame): number {
  return frame.worth + (isWon(frame) ? 1_000_000 : 0);
}

function isWon({ stages }: DealFrame): boolean {
  return stages.at(-1)?.[0] === 'won';
}

function isClosed({ stages }: DealFrame): boolean {
  const last = stages.at(-1)?.[0];
  return last === 'won' || last === 'lost';
}

/**
 * Picks deals worth `share` of all that are asked about, in each currency and of won and other deals alike: what is due
 * adds up until it is worth half of a deal, and the deal is taken from it.
 */
function spread(share: number): (frame: DealFrame, fitting: boolean) => boolean {
  const due = new Map<string, number>();
  return (frame, fitting) => {
    const group = `${places[placeOf(frame.company)].currency} ${isWon(frame)}`;
    const sum = (due.get(group) ?? 0) + share * frame.worth;
    const taken = fitting && sum >= frame.worth / 2;
    due.set(group, sum - (taken ? frame.worth : 0));
    return taken;
  };
}
