/**
 * Which deals of two CRMs are likely one and the same, without a cross-reference that says so. Suggested to the
 * admin, never joined: a deal that is counted once by mistake is lost from the reports.
 */
import type { CanonicalFields, Money } from '../canonical/model.ts';
import { type Weighed, weigh } from './weights.ts';

/** What of a deal is compared. */
export interface DealParts {
  readonly name: string;
  readonly amount: Money | null;
  /** `YYYY-MM-DD` */
  readonly closeDate: string | null;
}

export interface DealSketch extends DealParts {
  readonly id: string;
  /** Connections that have a record of it. */
  readonly connections: readonly string[];
  /** Ids of its organizations and persons. */
  readonly parties: readonly string[];
}

export interface LikelyPair extends Weighed {
  /** In the order of ids. */
  readonly deals: readonly [DealSketch, DealSketch];
  /** 0 to 1; only for sorting. */
  readonly likeness: number;
  /** What they have in common, in words. */
  readonly because: readonly string[];
}

/** Deals with the same party and amount; more are a price list, not a coincidence. */
const largestGroup = 100;
const nearDays = 31;
const nearNames = 0.5;

/** The likeliest first. */
export function likelyPairs(deals: readonly DealSketch[]): LikelyPair[] {
  const pairs = new Map<string, LikelyPair>();
  for (const group of groups(deals)) {
    for (const [index, one] of group.entries()) {
      for (const other of group.slice(index + 1)) {
        const pair = likelyPair(one, other);
        if (pair) pairs.set(`${pair.deals[0].id} ${pair.deals[1].id}`, pair);
      }
    }
  }
  return [...pairs.values()].sort((a, b) => b.likeness - a.likeness || compare(a.deals[0].id, b.deals[0].id));
}

/** A party and the same amount of the same currency are the least that two records of one deal share. */
function groups(deals: readonly DealSketch[]): DealSketch[][] {
  const byCommon = new Map<string, DealSketch[]>();
  for (const deal of deals) {
    const { amount } = deal;
    if (!amount || amount.minor === 0) continue;
    for (const party of new Set(deal.parties)) {
      const common = `${amount.currency} ${amount.minor} ${party}`;
      const group = byCommon.get(common);
      if (group) group.push(deal);
      else byCommon.set(common, [deal]);
    }
  }
  return [...byCommon.values()].filter(({ length }) => length > 1 && length <= largestGroup);
}

function likelyPair(a: DealSketch, b: DealSketch): LikelyPair | undefined {
  // Two records in one CRM are two deals to the people who work there.
  if (a.connections.some((connection) => b.connections.includes(connection))) return undefined;
  const names = nameLikeness(a.name, b.name);
  const days = daysApart(a.closeDate, b.closeDate);
  const [nearInName, nearInTime] = [names >= nearNames, days !== null && days <= nearDays];
  if (!nearInName && !nearInTime) return undefined;
  const because = [
    'same organization or person',
    'same amount',
    ...(nearInName ? [names === 1 ? 'same name' : 'names alike'] : []),
    ...(nearInTime ? [days === 0 ? 'same close date' : `close dates ${days} days apart`] : []),
  ];
  const closeness = nearInTime ? 1 - (days ?? 0) / nearDays : 0;
  const likeness = (1 + names + closeness) / 3;
  return { deals: compare(a.id, b.id) < 0 ? [a, b] : [b, a], likeness, because, ...weighDeals(a, b) };
}

export function dealParts({ name, amount, closeDate }: CanonicalFields): DealParts {
  return {
    name: typeof name === 'string' ? name : '',
    amount: typeof amount === 'object' && amount !== null && 'minor' in amount ? amount : null,
    closeDate: typeof closeDate === 'string' ? closeDate : null,
  };
}

export function weighDeals(a: DealParts, b: DealParts): Weighed {
  return weigh({
    'deal name': nameLevel(a.name, b.name),
    amount: amountLevel(a.amount, b.amount),
    'close date': dateLevel(daysApart(a.closeDate, b.closeDate)),
  });
}

function nameLevel(a: string, b: string): string | null {
  if (wordsOf(a).size === 0 || wordsOf(b).size === 0) return null;
  const likeness = nameLikeness(a, b);
  return likeness === 1 ? 'the same' : likeness >= nearNames ? 'alike' : 'different';
}

function amountLevel(a: Money | null, b: Money | null): string | null {
  if (!a || !b) return null;
  return a.minor === b.minor && a.currency === b.currency ? 'the same' : 'different';
}

function dateLevel(days: number | null): string | null {
  if (days === null) return null;
  return days === 0 ? 'the same' : days <= nearDays ? 'within a month' : 'different';
}

/** Share of words that two names have in common (Jaccard), letters and digits of any script. */
export function nameLikeness(a: string, b: string): number {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  const common = [...one].filter((word) => other.has(word)).length;
  const all = one.size + other.size - common;
  return all === 0 ? 0 : common / all;
}

function wordsOf(name: string): Set<string> {
  return new Set(name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function daysApart(a: string | null, b: string | null): number | null {
  if (a === null || b === null) return null;
  const apart = Math.abs(Date.parse(a) - Date.parse(b)) / 86_400_000;
  return Number.isNaN(apart) ? null : Math.round(apart);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
