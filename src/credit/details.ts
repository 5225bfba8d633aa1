/** Texts beside the reason: the chats, a line each; and how the credit was computed, for those who check it. */
import type { Interval, Split } from '../attribution/model.ts';
import type { CreditContext } from './context.ts';
import { percent } from './reason.ts';
import { storyOf } from './story.ts';

/** More than a salesperson reads, and far below what any CRM holds. */
const mostChats = 20;

/** `Ines Quill (Decision Maker) asked about pricing on 12 Oct 2026: 14 %, https://…`; the newest, oldest first. */
export function chatList(
  { journey, people = {} }: CreditContext,
  { shares }: Split,
  chats: readonly number[],
): string {
  const shown = chats.slice(-mostChats).map((index) => {
    const url = journey.chats?.[index]?.url ?? null;
    const line = `${storyOf(journey, people, index)}: ${percent(shares[index] ?? 0)}`;
    return url === null ? line : `${line}, ${url}`;
  });
  const left = chats.length - shown.length;
  return [...(left > 0 ? [`${left} earlier chats`] : []), ...shown].join('\n');
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
