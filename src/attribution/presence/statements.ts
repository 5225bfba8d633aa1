/** What a reader of credit by presence should know, in words. */
import type { Ending, EndingSigns } from './ending.ts';
import type { PresenceFit } from './fit.ts';

export const nothingToLearn =
  'Presence: all journeys ended alike, so nothing tells their channels apart; each conversion is shared equally by its channels.';
export const stepsSay =
  'Presence: each touch counted as a step at which its journey could convert. Times would tell more: give the touches with --touches.';
export const noneHelps =
  'Presence: journeys with more channels convert less, which is what conversions that end journeys look like; sets of channels say nothing here.';

export function whyEnding({ longer, last }: EndingSigns, given: Ending | undefined): string[] {
  if (given) return [];
  const why =
    longer.relative < -0.05
      ? `those that convert are ${percent(-longer.relative)} shorter than others through the same channels`
      : `it matters which channel comes last (by ${percent(Math.abs(last.relative))}), and not what came before`;
  return [
    `Presence: conversions seem to end these journeys: ${why}. To have whole journeys compared nevertheless, give --ends watch.`,
  ];
}

export function orderSaid({ orderMatters }: EndingSigns): string[] {
  return orderMatters
    ? ['Presence: the order of touches matters in these journeys, and this model does not look at it.']
    : [];
}

/** @param parts what each channel brings, below 0 where it takes away */
export function setsSay(
  fit: PresenceFit,
  baseline: number,
  parts: Float64Array,
  names: readonly string[],
): string[] {
  const against = names.filter((_, at) => (parts[at] ?? 0) < 0);
  const pairs =
    fit.pairs.length > 0
      ? [`Presence: ${fit.pairs.length} pairs of channels have an effect of their own.`]
      : [];
  return [
    `Presence: without any of the channels ${percent(baseline)} of the conversions would have come; nobody without a touch is in the file, so this is extrapolated, and the credit leaves it out.`,
    ...pairs,
    ...(against.length > 0
      ? [
          `Presence: journeys with ${against.join(', ')} convert less than those without, which gives no credit.`,
        ]
      : []),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
