/**
 * What came next in the journeys, after up to four touches, counted by fold: a channel, a conversion, or the end.
 * Sequences are numbers as in `grams.ts`; 0 stands for the time before the first touch.
 */
import { widenFloat64 } from '../journeys/growable.ts';
import type { JourneyTable } from '../journeys/table.ts';
import { GramTable, numbering } from './grams.ts';

export const folds = 10;

/** Counts of sequences by fold. */
export class FoldCounts {
  readonly grams: GramTable;
  /** Fold `f` of the sequence at place `p` is at `p * folds + f`. */
  counts = new Float64Array(folds);

  constructor(radix: number, length: number) {
    this.grams = new GramTable(numbering(radix, length, false));
  }

  add(gram: number, fold: number, count: number): void {
    const place = this.grams.place(gram);
    this.counts = widenFloat64(this.counts, this.grams.size * folds);
    this.counts[place * folds + fold] = (this.counts[place * folds + fold] ?? 0) + count;
  }

  total(place: number): number {
    return this.without(place, -1);
  }

  /** The count at a place in all folds but one. */
  without(place: number, fold: number): number {
    let count = 0;
    for (let other = 0; other < folds; other += 1)
      if (other !== fold) count += this.counts[place * folds + other] ?? 0;
    return count;
  }
}

export interface EventCounts {
  readonly radix: number;
  /** Different events that there can be. */
  readonly outcomes: number;
  /** By the number of touches before the event: those touches with the event, and without it. */
  readonly events: readonly FoldCounts[];
  readonly contexts: readonly FoldCounts[];
}

/** @param touches how many touches to remember at most */
export function countEvents(table: JourneyTable, touches: number, seed: number): EventCounts {
  const channels = table.channels.size;
  const radix = channels + 3;
  const tables = () => Array.from({ length: touches + 1 }, (_, length) => new FoldCounts(radix, length + 1));
  const counts = { radix, outcomes: channels + 2, events: tables(), contexts: tables() };
  const ranks = new Int32Array(channels);
  table.channels.sorted().forEach((id, rank) => {
    ranks[id] = rank;
  });
  const journey = new Int32Array(table.longest);
  for (let index = 0; index < table.size; index += 1) {
    const length = table.read(index, journey);
    for (let at = 0; at < length; at += 1) journey[at] = ranks[journey[at] ?? 0] ?? 0;
    const offset = Math.abs(hashOf(journey, length, seed)) % folds;
    const conversions = table.outcomes.conversions[index] ?? 0;
    const nulls = table.nulls[index] ?? 0;
    for (let fold = 0; fold < folds; fold += 1) {
      const converted = dealt(conversions, fold - offset);
      const ended = dealt(nulls, fold - offset - conversions);
      if (converted + ended > 0) countJourney(counts, journey, length, fold, converted, ended);
    }
  }
  return counts;
}

/** How many of `items`, dealt out one by one from fold 0, fall to a fold. */
function dealt(items: number, fold: number): number {
  const place = ((fold % folds) + folds) % folds;
  return Math.floor(items / folds) + (place < items % folds ? 1 : 0);
}

function countJourney(
  counts: EventCounts,
  journey: Int32Array,
  length: number,
  fold: number,
  converted: number,
  ended: number,
): void {
  const { radix, outcomes } = counts;
  let before = 0;
  const top = radix ** (counts.events.length - 1);
  for (let at = 0; at < length; at += 1) {
    const next = (journey[at] ?? 0) + 1;
    countEvent(counts, before, next, fold, converted + ended);
    before = (before * radix + next) % top;
  }
  if (converted > 0) countEvent(counts, before, outcomes - 1, fold, converted);
  if (ended > 0) countEvent(counts, before, outcomes, fold, ended);
}

function countEvent(
  { radix, events, contexts }: EventCounts,
  before: number,
  next: number,
  fold: number,
  count: number,
): void {
  let size = 1;
  for (let touches = 0; touches < events.length; touches += 1) {
    const context = before % size;
    events[touches]?.add(context * radix + next, fold, count);
    contexts[touches]?.add(context, fold, count);
    size *= radix;
  }
}

function hashOf(journey: Int32Array, length: number, seed: number): number {
  let hash = seed;
  for (let at = 0; at < length; at += 1)
    hash = Math.imul(hash ^ ((journey[at] ?? 0) + 1), 0x9e3779b1) ^ (hash >>> 15);
  return Math.imul(hash ^ (hash >>> 13), 0x85ebca6b) >> 1;
}
