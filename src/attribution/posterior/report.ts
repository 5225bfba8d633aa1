/** A posterior as the table that other fits of the hazard give, and two fits side by side. */
import type { Estimate, HazardReport } from '../uncertainty/report.ts';
import type { Estimated, PosteriorFit } from './parameters.ts';

export function reportOfPosterior({
  conversions,
  channels,
  baseline,
  covariates,
  intent,
  diagnostics,
}: PosteriorFit): HazardReport {
  return {
    conversions,
    converged: diagnostics.converged,
    channels: channels
      .map(({ name, share, effect, halfLifeDays }) => ({
        channel: name,
        share: estimate(share),
        conversions: share.mean * conversions,
        effect: estimate(effect),
        halfLifeDays: estimate(halfLifeDays),
      }))
      .sort((one, other) => other.share.value - one.share.value),
    baseline: {
      share: estimate(baseline.share),
      conversions: baseline.share.mean * conversions,
      perDay: estimate(baseline.perDay),
    },
    covariates: covariates.map(({ name, slope }) => ({ name, slope: estimate(slope) })),
    intent: intent && {
      slope: estimate(intent.slope),
      pulls: channels.map(({ name }, channel) => ({
        channel: name,
        pull: intent.pulls[intent.groups[channel] ?? 0] ?? 0,
      })),
    },
  };
}

function estimate({ mean, low, high }: Estimated): Estimate {
  return { value: mean, interval: { low, high } };
}

/** What another way of fitting makes of the same conversions. */
export interface Change {
  /** The baseline's share, 0 to 1, in the fit and in the other. */
  readonly baseline: number;
  readonly otherwise: number;
  /** Part of all credit that goes elsewhere in the other, 0 to 1. */
  readonly moved: number;
}

export function changeBetween(fit: PosteriorFit, other: PosteriorFit): Change {
  const [one, two] = [sharesByName(fit), sharesByName(other)];
  const names = new Set([...one.keys(), ...two.keys()]);
  const channels = [...names].reduce(
    (sum, name) => sum + Math.abs((one.get(name) ?? 0) - (two.get(name) ?? 0)),
    0,
  );
  const [baseline, otherwise] = [fit.baseline.share.mean, other.baseline.share.mean];
  return { baseline, otherwise, moved: (channels + Math.abs(baseline - otherwise)) / 2 };
}

function sharesByName({ channels }: PosteriorFit): Map<string, number> {
  return new Map(channels.map(({ name, share }) => [name, share.mean]));
}
