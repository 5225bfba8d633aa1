/** Texts beside the reason: the chats, a line each; and how the credit was computed, for those who check it. */
import type { Interval, Split } from '../attribution/model.ts';
import { wholeUnits } from '../attribution/whole-units.ts';
import type { CreditContext } from './context.ts';
import { percent } from './reason.ts';
import { storyOf } from './story.ts';

/** More than a salesperson reads, and far below what any CRM holds. */
const mostChats = 20;

/**
 * `Ines Quill (Decision Maker) asked about pricing on 12 Oct 2026: 14 %, https://…`; the newest, oldest first. The
 * percents sum to those that the reason gives the chats.
 */
export function chatList(
  { journey, people = {} }: CreditContext,
  { shares }: Split,
  chats: readonly number[],
): string {
  const newest = chats.slice(-mostChats);
  const left = chats.slice(0, chats.length - newest.length);
  const before = left.reduce((sum, index) => sum + (shares[index] ?? 0), 0);
  const [earlier, ...percents] = wholeUnits([before, ...newest.map((index) => shares[index] ?? 0)], 100);
  const shown = newest.map((index, at) => {
    const url = journey.chats?.[index]?.url ?? null;
    const line = `${storyOf(journey, people, index)}: ${percent(shares[index] ?? 0, percents[at])}`;
    return url === null ? line : `${line}, ${url}`;
  });
  const first = left.length > 0 ? [`${left.length} earlier chats: ${percent(before, earlier)}`] : [];
  return [...first, ...shown].join('\n');
}

interface Computed {
  readonly share: number;
  readonly interval: Interval | undefined;
  readonly run: string;
}

/** A line for each thing; nothing that changes while the credit stays what it is. */
export function detailsText(
  { model, lookbackDays, baseline }: CreditContext,
  { share, interval, run }: Computed,
): string {
  const { evidence } = model;
  return [
    `Model: ${model.title}`,
    `Share: ${exact(share)}`,
    ...(interval ? [`95 % interval: ${exact(interval.low)} to ${exact(interval.high)}`] : []),
    ...(evidence ? [`Won deals: ${evidence.conversions}`, `Fit: ${model.version}`] : []),
    ...(evidence && baseline === 'without' ? ['What would have happened anyway: shared out'] : []),
    `Window: ${lookbackDays} days`,
    `Run: ${run}`,
  ].join('\n');
}

function exact(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
