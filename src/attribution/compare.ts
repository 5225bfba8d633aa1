/** Models side by side on the same journeys, to the hundredth, with totals that agree. */
import { allocate } from './allocate.ts';
import type { ChannelCredit } from './credit.ts';

export interface ComparedCredit {
  readonly channel: string;
  /** By model, in hundredths: conversions, and their value. */
  readonly conversions: Readonly<Record<string, number>>;
  readonly value: Readonly<Record<string, number>>;
}

/**
 * Splits the totals by each model's credit, largest remainder, so that every column sums to exactly the total.
 *
 * @param credits by model; all of the same channels in the same order, each ≥ 0
 * @param totals hundredths: conversions, and their value
 */
export function compared(
  credits: Readonly<Record<string, readonly ChannelCredit[]>>,
  totals: { readonly conversions: number; readonly value: number },
): ComparedCredit[] {
  const split = (of: (one: ChannelCredit) => number, total: number) =>
    Object.entries(credits).map(([model, credit]) => [model, allocate(total, credit.map(of))] as const);
  const conversions = split((one) => one.conversions, totals.conversions);
  const value = split((one) => one.value, totals.value);
  const channels = Object.values(credits)[0] ?? [];
  const pick = (columns: typeof conversions, row: number) =>
    Object.fromEntries(columns.map(([model, parts]) => [model, parts[row] ?? 0]));
  return channels.map(({ channel }, row) => ({
    channel,
    conversions: pick(conversions, row),
    value: pick(value, row),
  }));
}
