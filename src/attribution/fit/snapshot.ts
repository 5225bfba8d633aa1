/**
 * A fit as it is kept: plain JSON with all that is needed to apply it and to make it again. The same data, settings
 * and seed give the same bytes and so the same version; credit computed from it is the same for good.
 */
import { canonicalJson, fingerprint } from '../../support/fingerprint.ts';
import { toJson } from '../../support/json.ts';
import type { HazardFit } from '../hazard/fit.ts';
import type { FittedHazard } from '../hazard/model.ts';
import { type Observations, touchCounts } from '../hazard/observations.ts';
import type { HazardParameters } from '../hazard/parameters.ts';
import type { Resample } from '../uncertainty/resample.ts';

export interface HazardSnapshot {
  readonly format: 1;
  /** `hazard` before fits came as posteriors. */
  readonly model: 'hazard' | 'hazard:map';
  /** The time from which the data come, ms. */
  readonly window: DataWindow;
  readonly counts: SnapshotCounts;
  /** Of the resamples. */
  readonly seed: number;
  readonly parameters: HazardParameters;
  /** Channels in the order of the parameters, then `baseline`. */
  readonly shares: readonly SnapshotShare[];
  /** The numbers of each resample: see `numbersOf`. */
  readonly resamples: readonly (readonly number[])[];
}

export interface DataWindow {
  readonly from: number;
  readonly to: number;
}

export interface SnapshotCounts {
  readonly people: number;
  /** Days of all people together. */
  readonly days: number;
  readonly touches: number;
  readonly conversions: number;
}

export interface SnapshotShare {
  readonly channel: string;
  readonly touches: number;
  /** Of all conversions. */
  readonly share: number;
  /** Standard error: the standard deviation over resamples. */
  readonly error: number;
}

export interface FitOrigin {
  readonly window: DataWindow;
  readonly seed: number;
  /** Under which name it is kept. */
  readonly model?: HazardSnapshot['model'];
}

/** @param resamples of this fit; without any, standard errors are 0 and deals get no intervals */
export function snapshotOf(
  observations: Observations,
  { parameters, shares, conversions }: HazardFit,
  resamples: readonly Resample[],
  { window, seed, model = 'hazard' }: FitOrigin,
): HazardSnapshot {
  const touches = [...touchCounts(observations), 0];
  const names = [...observations.channels, 'baseline'];
  const all = [...shares.channels, shares.baseline];
  return {
    format: 1,
    model,
    window,
    counts: {
      people: observations.end.length,
      days: observations.end.reduce((sum, days) => sum + days, 0),
      touches: observations.time.length,
      conversions,
    },
    seed,
    parameters,
    shares: names.map((channel, index) => ({
      channel,
      touches: touches[index] ?? 0,
      share: all[index] ?? 0,
      error: deviation(resamples.map((resample) => resample.shares[index] ?? 0)),
    })),
    resamples: resamples.map(({ numbers }) => numbers.map(short)),
  };
}

/** Sixteen digits of a hash over everything in the snapshot. */
export function versionOf(snapshot: HazardSnapshot): string {
  return fingerprint(canonicalJson(toJson(snapshot)), 16);
}

/** What `hazardModel` applies. */
export function fittedOf(snapshot: HazardSnapshot): FittedHazard {
  const { parameters, resamples, counts } = snapshot;
  return { version: versionOf(snapshot), conversions: counts.conversions, parameters, resamples };
}

/** Resamples are there to show noise: eight digits are plenty, and a third of the bytes. */
function short(number: number): number {
  return Number(number.toPrecision(8));
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(values.length - 1, 1));
}
