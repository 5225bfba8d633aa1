/**
 * Touches in company: a touch may do more while a touch of another channel is fresh. Counted here is how long each
 * channel's touches had each other channel's company; `helping.ts` learns what it did.
 */
import type { Observations } from '../hazard/observations.ts';
import { ageClass, ageClasses } from './ages.ts';
import type { Grouping } from './exposure.ts';
import { tirings } from './tirings.ts';

/** Days for which a touch is company to others. */
export const freshDays = 7;

/** The busiest groups: of pairs of others there is too little to see. */
const mostMembers = 12;

export interface Company {
  /** Groups that are company to each other; a pair (k, j) is cell `k * members.length + j` of places in this list. */
  readonly members: Int32Array;
  /** By conversion: a bit for each member with a fresh touch at that time. */
  readonly fresh: Int32Array;
  /** Those that ever were in each other's company. */
  readonly pairs: readonly Pair[];
}

export interface Pair {
  /** Places of the two: a touch of `own` is in the company of `other`. */
  readonly own: number;
  readonly other: number;
  /** By tiring. */
  readonly ages: readonly PairAges[];
}

/** By age class: touches that left the company at that age, less those that came into it, each as much as its rank counts. */
export interface PairAges {
  readonly classes: Int32Array;
  readonly counts: Float64Array;
}

/** @param person one per conversion */
export function companyOf(
  observations: Observations,
  grouping: Grouping,
  person: Int32Array,
  longest: number,
): Company {
  const members = busiest(observations, grouping);
  const places = new Int32Array(grouping.count).fill(none);
  members.forEach((group, place) => {
    places[group] = place;
  });
  const ages = new Float64Array(members.length ** 2 * tirings.length * ageClasses);
  const own = { observations, places: grouping.groups.map((group) => places[group] ?? none) };
  for (let one = 0; one < observations.end.length; one += 1)
    countPerson(own, one, grouping.ranks, members.length, longest, ages);
  const fresh = person.map((one) => freshAtEnd(own, one));
  return { members, fresh, pairs: pairsOf(ages, members.length) };
}

const none = -1;

/** With the place of each channel. */
interface Placed {
  readonly observations: Observations;
  readonly places: Int32Array;
}

function busiest({ channel }: Observations, { groups, count }: Grouping): Int32Array {
  const touches = new Int32Array(count);
  for (const id of channel) touches[groups[id] ?? 0] = (touches[groups[id] ?? 0] ?? 0) + 1;
  const all = Array.from(touches.keys());
  const order = all.sort((one, other) => (touches[other] ?? 0) - (touches[one] ?? 0) || one - other);
  return Int32Array.from(order.slice(0, mostMembers));
}

function freshAtEnd(
  { observations: { starts, channel, time, end }, places }: Placed,
  person: number,
): number {
  let bits = 0;
  for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1) {
    const place = places[channel[touch] ?? 0] ?? none;
    if (place !== none && (end[person] ?? 0) - (time[touch] ?? 0) < freshDays) bits |= 1 << place;
  }
  return bits;
}

function countPerson(
  { observations, places }: Placed,
  person: number,
  ranks: Int32Array,
  members: number,
  longest: number,
  ages: Float64Array,
): void {
  const { starts, channel, time } = observations;
  const [from, until] = [starts[person] ?? 0, starts[person + 1] ?? 0];
  if (until - from < 2) return;
  const spans = freshSpans({ observations, places }, person);
  for (let touch = from; touch < until; touch += 1) {
    const own = places[channel[touch] ?? 0] ?? none;
    if (own === none) continue;
    const [began, rank] = [time[touch] ?? 0, ranks[touch] ?? 1];
    spans.forEach((ends, other) => {
      if (other === own) return;
      const pair = own * members + other;
      for (let at = 0; at < ends.length; at += 2) {
        const left = (ends[at + 1] ?? 0) - began;
        if (left <= 0) continue;
        count(ages, pair, ageClass(Math.max(0, (ends[at] ?? 0) - began), longest), rank, -1);
        count(ages, pair, ageClass(left, longest), rank, 1);
      }
    });
  }
}

/** By place: when a touch of it was fresh, as begin, end, begin, end …; none overlap. */
function freshSpans({ observations, places }: Placed, person: number): Map<number, number[]> {
  const { starts, channel, time, end } = observations;
  const spans = new Map<number, number[]>();
  for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1) {
    const place = places[channel[touch] ?? 0] ?? none;
    if (place === none) continue;
    const began = time[touch] ?? 0;
    const stale = Math.min(end[person] ?? 0, began + freshDays);
    const ends = spans.get(place) ?? [];
    if (began <= (ends.at(-1) ?? -1)) ends[ends.length - 1] = stale;
    else ends.push(began, stale);
    spans.set(place, ends);
  }
  return spans;
}

function count(ages: Float64Array, pair: number, age: number, rank: number, sign: number): void {
  for (let tiring = 0; tiring < tirings.length; tiring += 1) {
    const at = (pair * tirings.length + tiring) * ageClasses + age;
    ages[at] = (ages[at] ?? 0) + sign * rank ** -(tirings[tiring] ?? 0);
  }
}

function pairsOf(ages: Float64Array, members: number): Pair[] {
  const pairs: Pair[] = [];
  for (let own = 0; own < members; own += 1)
    for (let other = 0; other < members; other += 1) {
      const row = (own * members + other) * tirings.length;
      const counted = tirings.map((_, tiring) => filled(ages, row + tiring));
      if (counted.some(({ classes }) => classes.length > 0)) pairs.push({ own, other, ages: counted });
    }
  return pairs;
}

/** The age classes at which anything is counted. */
function filled(ages: Float64Array, row: number): PairAges {
  const cells = ages.subarray(row * ageClasses, (row + 1) * ageClasses);
  const classes: number[] = [];
  for (let age = 0; age < cells.length; age += 1) if (cells[age] !== 0) classes.push(age);
  return { classes: Int32Array.from(classes), counts: Float64Array.from(classes, (age) => cells[age] ?? 0) };
}
