/** A fit for its reader: what each channel brought, how sure that is, and what other choices would have made of it. */
import { categoryIn } from '../../attribution/category.ts';
import { intervalWords } from '../../attribution/evidence-words.ts';
import { parsePosterior } from '../../attribution/fit/posterior-schema.ts';
import type { PosteriorSnapshot, Variant } from '../../attribution/fit/posterior-snapshot.ts';
import type { Estimated, PosteriorFit } from '../../attribution/posterior/parameters.ts';
import { wholeUnits } from '../../attribution/whole-units.ts';
import { type StoredFit, sharesOfFit } from '../../sync/fit/compare.ts';
import { qualityOf } from '../../sync/fit/quality.ts';
import type { Refitted } from '../../sync/fit/refit-model.ts';
import { fitLine, refitText } from './models-text.ts';
import { aligned } from './side-by-side.ts';

export function fitText(fit: StoredFit): string {
  const { checks } = qualityOf(fit);
  return [
    fitLine(fit),
    ...checks.map(({ passed, name, words }) => `  ${passed ? 'ok  ' : 'FAIL'} ${name}: ${words}`),
    '',
    ...(fit.snapshot.format === 2
      ? posteriorText(parsePosterior(fit.snapshot, fit.version))
      : sharesText(fit)),
    '',
    '`--json` has all numbers.',
  ].join('\n');
}

/** What came out of fitting one model: its checks, its shares, what becomes of it. */
export function refittedText(refitted: Refitted, fit: StoredFit | null): string {
  const shares = fit?.snapshot.format === 2 ? posteriorText(parsePosterior(fit.snapshot, fit.version)) : [];
  return [refitText(refitted), ...shares.map((line) => `  ${line}`.trimEnd())].join('\n');
}

/** Of kinds that keep no more than shares with their errors. */
function sharesText(fit: StoredFit): string[] {
  const rows = sharesOfFit(fit).map(({ channel, touches, share, error }) => [
    ...[channel, String(touches), percent(share), `± ${percent(error)}`],
  ]);
  return aligned([['', 'touches', 'share', 'error'], ...rows]);
}

function posteriorText({ fit, variants }: PosteriorSnapshot): string[] {
  return [...aligned([headerOf(variants), ...rowsOf(fit, variants)]), ...notesOf(fit, variants)];
}

function headerOf(variants: readonly Variant[]): string[] {
  return ['', 'touches', 'share', '95 %', 'effect', 'half-life', ...variants.map(({ what }) => what)];
}

function rowsOf({ channels, baseline }: PosteriorFit, variants: readonly Variant[]): string[][] {
  const tenths = tenthsOf([...channels.map(({ share }) => share.mean), baseline.share.mean]);
  const otherTenths = variants.map(({ shares }) => tenthsOf(shares));
  const cells = (share: Estimated, index: number) => [tenths[index] ?? '', intervalWords(share)];
  const others = (index: number) => otherTenths.map((own) => own[index] ?? '');
  return [
    ...channels.map(({ name, touches, share, effect, halfLifeDays }, index) => [
      ...[name, String(touches), ...cells(share, index)],
      ...[effect.mean.toPrecision(2), `${Number(halfLifeDays.mean.toPrecision(2))} days`],
      ...others(index),
    ]),
    ['baseline', '', ...cells(baseline.share, channels.length), '', '', ...others(channels.length)],
  ];
}

/** A column of percents that sums to 100.0. */
function tenthsOf(shares: readonly number[]): string[] {
  return wholeUnits(shares, 1_000).map((tenths) => `${(tenths / 10).toFixed(1)} %`);
}

function notesOf({ covariates, intent, causedByDeal }: PosteriorFit, variants: readonly Variant[]): string[] {
  return [
    ...covariates.map(covariateText),
    ...(intent ? [moreOf('intent', intent.slope)] : []),
    ...variants.map(
      ({ what, moved }) => `The same data ${what}: ${percent(moved)} of all credit goes elsewhere.`,
    ),
    ...(causedByDeal.length > 0 ? [`Left out, as deals bring them about: ${causedByDeal.join(', ')}.`] : []),
  ];
}

function covariateText({ name, slope, deviation }: PosteriorFit['covariates'][number]): string {
  const category = categoryIn(name);
  if (!category) return moreOf(name, slope);
  const [mean, low, high] = [slope.mean, slope.low, slope.high].map((one) => one / deviation);
  const whole = factor({ mean: mean ?? 0, low: low ?? 0, high: high ?? 0 });
  return `Where ${category.field} is ${category.value}, the baseline is ${whole}.`;
}

function moreOf(name: string, slope: Estimated): string {
  return `One standard deviation more of ${name} makes the baseline ${factor(slope)}.`;
}

function factor({ mean, low, high }: Estimated): string {
  const times = (slope: number) => Number(Math.exp(slope).toPrecision(2));
  return `${times(mean)} times as high (${times(low)} to ${times(high)})`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
