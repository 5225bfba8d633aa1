/** What the hazard model found, as CSV and as words. */
import type { Estimate, HazardReport } from '../../attribution/uncertainty/report.ts';
import { csvText } from '../../support/csv.ts';

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
  const rows = channels.map(({ channel, conversions, share, effect, halfLifeDays }) => [
    channel,
    tidy(conversions),
    ...cells(share),
    ...cells(effect),
    ...cells(halfLifeDays),
  ]);
  const anyway = ['baseline', tidy(baseline.conversions), ...cells(baseline.share), '', '', '', '', '', ''];
  return csvText(columns, [...rows, anyway]);
}

function cells({ value, interval }: Estimate): string[] {
  return [tidy(value), interval ? tidy(interval.low) : '', interval ? tidy(interval.high) : ''];
}

/** More digits than the data can carry would only look exact. */
function tidy(value: number): string {
  return String(Number(value.toPrecision(8)));
}

const fewConversions = 300;

/**
 * What a reader of the table should know beside it.
 *
 * @param redrawn draws of resamples that could not be fitted
 */
export function hazardNotes(
  { conversions, converged, covariates, intent, baseline }: HazardReport,
  redrawn = 0,
): string[] {
  const slopes = covariates.map(({ name, slope }) => `${name} ${factor(slope.value)}`);
  return [
    `${percent(baseline.share.value)} of ${counted(conversions, 'conversion')} would have happened anyway.`,
    ...(slopes.length > 0 ? [`One standard deviation more moves the baseline: ${slopes.join(', ')}.`] : []),
    intentNote(intent),
    ...(conversions < fewConversions
      ? [
          `${counted(conversions, 'conversion')} ${conversions === 1 ? 'is' : 'are'} few: the shares are rough${redrawn > 0 ? '' : `, look at their intervals${baseline.share.interval ? '' : ' (--bootstrap 200)'}`}.`,
        ]
      : []),
    ...(redrawn > 0
      ? [
          `${counted(redrawn, 'draw')} without a conversion or a watched day said nothing and had to be drawn again: with so few conversions the intervals look surer than they are.`,
        ]
      : []),
    ...(converged ? [] : ['The fit has not converged: do not rely on it.']),
  ];
}

function intentNote(intent: HazardReport['intent']): string {
  if (!intent) return 'The touches show no intent that also converts by itself.';
  const { value, interval } = intent.slope;
  if (interval && interval.low < 0 && interval.high > 0)
    return `Whether people whom some channels chase also convert by themselves is open: their intent moves the baseline between ${factor(interval.low)} and ${factor(interval.high)} per standard deviation, and credit allows for both.`;
  return `Some channels chase people who would convert anyway; their intent moves the baseline ${factor(value)} per standard deviation and is taken into account.`;
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
