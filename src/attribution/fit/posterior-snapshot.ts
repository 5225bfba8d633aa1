/**
 * A posterior as it is kept: all that is needed to apply it, and how its shares would be with other choices. The same
 * data, settings and seed give the same bytes and so the same version.
 */
import { canonicalJson, fingerprint } from '../../support/fingerprint.ts';
import { toJson } from '../../support/json.ts';
import type { Observations } from '../hazard/observations.ts';
import type { Estimated, PosteriorFit } from '../posterior/parameters.ts';
import type { DataWindow, SnapshotCounts, SnapshotShare } from './snapshot.ts';

export interface PosteriorSnapshot {
  readonly format: 2;
  readonly model: 'hazard';
  /** The time from which the data come, ms. */
  readonly window: DataWindow;
  readonly counts: SnapshotCounts;
  readonly seed: number;
  /** Channels in the order of the fit, then `baseline`. */
  readonly shares: readonly SnapshotShare[];
  /** The shares of fits to the same data with one choice made otherwise. */
  readonly variants: readonly Variant[];
  readonly fit: PosteriorFit;
}

export interface Variant {
  /** What is otherwise: `without Person.score`. */
  readonly what: string;
  /** In the order of the snapshot's shares. */
  readonly shares: readonly number[];
  /** The part of all credit that it gives to another channel. */
  readonly moved: number;
}

/** Half the width of a normal distribution's middle 95 %, in standard deviations. */
const halfWidth = 1.96;

export function posteriorSnapshot(
  observations: Observations,
  fit: PosteriorFit,
  variants: readonly Variant[],
  { window, seed }: Pick<PosteriorSnapshot, 'window' | 'seed'>,
): PosteriorSnapshot {
  const days = observations.end.reduce((sum, one) => sum + one, 0);
  const { people, touches, conversions } = fit;
  return {
    ...{ format: 2, model: 'hazard', window, seed },
    counts: { people, days, touches, conversions },
    shares: keptSharesOf(fit),
    variants,
    fit,
  };
}

export function keptSharesOf({ channels, baseline }: PosteriorFit): SnapshotShare[] {
  const all = [...channels, { name: 'baseline', touches: 0, share: baseline.share }];
  return all.map(({ name, touches, share }) => ({
    ...{ channel: name, touches, share: share.mean },
    error: errorOf(share),
  }));
}

function errorOf({ low, high }: Estimated): number {
  return (high - low) / 2 / halfWidth;
}

/** Sixteen digits of a hash over everything in the snapshot. */
export function posteriorVersion(snapshot: PosteriorSnapshot): string {
  return fingerprint(canonicalJson(toJson(snapshot)), 16);
}
