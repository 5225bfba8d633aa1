/** What the hazard model found, as CSV and as words. */
import type { Estimate, HazardReport } from '../attribution/uncertainty/report.ts';

const columns = [
  'channel',
  'conversions',
  'share',
  'share_low',
  'share_high',
  'effect',
  'effect_low',
  'effect_high',
  'half_life_days',
  'half_life_low',
  'half_life_high',
];

/** One line per channel, then the baseline, which has neither effect nor half-life. */
export function hazardCsv({ channels, baseline }: HazardReport): string {
  const rows = channels.map(({ channel, conversions, share, effect, halfLifeDays }) =>
    [quoted(channel), tidy(conversions), ...cells(share), ...cells(effect), ...cells(halfLifeDays)].join(','),
  );
  const anyway = ['baseline', tidy(baseline.conversions), ...cells(baseline.share), '', '', '', '', '', ''];
  return [columns.join(','), ...rows, anyway.join(',')].join('\n');
}

function cells({ value, interval }: Estimate): (number | string)[] {
  return [tidy(value), interval ? tidy(interval.low) : '', interval ? tidy(interval.high) : ''];
}

/** More digits than the data can carry would only look exact. */
function tidy(value: number): number {
  return Number(value.toPrecision(8));
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

const fewConversions = 300;

/**
 * What a reader of the table should know beside it.
 *
 * @param redrawn draws of resamples that could not be fitted
 */
export function hazardNotes(
  { conversions, converged, covariates, intent, baseline }: HazardReport,
  redrawn: number,
): string[] {
  const slopes = covariates.map(({ name, slope }) => `${name} ${factor(slope.value)}`);
  return [
    `${percent(baseline.share.value)} of ${counted(conversions, 'conversion')} would have happened anyway.`,
    ...(slopes.length > 0 ? [`One standard deviation more moves the baseline: ${slopes.join(', ')}.`] : []),
    intent
      ? `Some channels chase people who would convert anyway; their intent moves the baseline ${factor(intent.slope.value)} per standard deviation and is taken into account.`
      : 'The touches show no intent that also converts by itself.',
    ...(conversions < fewConversions
      ? [
          `${counted(conversions, 'conversion')} ${conversions === 1 ? 'is' : 'are'} few: the shares are rough${redrawn > 0 ? '' : ', look at their intervals (--bootstrap 200)'}.`,
        ]
      : []),
    ...(redrawn > 0
      ? [
          `${counted(redrawn, 'draw')} without a conversion or a watched day said nothing and had to be drawn again: with so few conversions the intervals look surer than they are.`,
        ]
      : []),
    ...(converged ? [] : ['The fit did not come to rest: do not rely on it.']),
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function factor(slope: number): string {
  return `× ${Math.exp(slope).toPrecision(3)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
