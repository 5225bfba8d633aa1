/** The additive hazard model as the hub fits and applies it: a posterior, from 20 won deals on. */
import { notConverged } from '../../../attribution/fit/checks.ts';
import {
  type PosteriorCheckSettings,
  posteriorChecks,
  predictionsOf,
  usualPosteriorChecks,
} from '../../../attribution/fit/posterior-checks.ts';
import { posteriorClaim } from '../../../attribution/fit/posterior-claim.ts';
import { parsePosterior } from '../../../attribution/fit/posterior-schema.ts';
import { posteriorSnapshot, posteriorVersion } from '../../../attribution/fit/posterior-snapshot.ts';
import { variantsOf } from '../../../attribution/fit/variants.ts';
import { namesOf } from '../../../attribution/names.ts';
import { fitTouched } from '../../../attribution/posterior/fit.ts';
import { touchedOf } from '../../../attribution/posterior/ground.ts';
import { openPosterior } from '../../../attribution/posterior/open.ts';
import { usualPosterior } from '../../../attribution/posterior/options.ts';
import { salesChannel } from '../../../journey/touches.ts';
import { isJsonObject, type Json, toJson } from '../../../support/json.ts';
import type { FittedKind, OpenedFit } from './kind.ts';
import { tooFewDeals } from './lacks.ts';
import { plainJson } from './plain-json.ts';
import { openPointFit } from './point-fit.ts';

export const hazardKind: FittedKind = {
  id: 'hazard',
  title: namesOf('hazard').subject,
  leastConversions: 20,
  train: (observations, { window, resamples, seed, minConversions }) => {
    const options = { ...usualPosterior, seed, draws: resamples, causedByDeal: [salesChannel] };
    const touched = touchedOf(observations, options);
    const fit = fitTouched(touched, observations.covariates, options);
    const variants = variantsOf(observations, touched, fit, options);
    const snapshot = posteriorSnapshot(observations, fit, variants, { window, seed });
    const predicted = predictionsOf(fit, touched.observations, seed);
    const { diagnostics, informative } = fit;
    return {
      version: posteriorVersion(snapshot),
      snapshot: toJson(snapshot),
      counts: { ...snapshot.counts },
      quality: plainJson({ diagnostics, informative, predicted }),
      checks: posteriorChecks(fit, predicted, checksFor(minConversions)),
    };
  },
  open: (json, where) => (isPointFit(json) ? openPointFit(json, where) : openedPosterior(json, where)),
};

function checksFor(leastConversions: number): PosteriorCheckSettings {
  return { ...usualPosteriorChecks, leastConversions, tooFew: tooFewDeals(leastConversions) };
}

/** As fits were kept before they came as posteriors. */
function isPointFit(json: Json): boolean {
  return isJsonObject(json) && json.format === 1;
}

function openedPosterior(json: Json, where: string): OpenedFit {
  const snapshot = parsePosterior(json, where);
  const { fit } = snapshot;
  const opened: OpenedFit = {
    drifting: { counts: snapshot.counts, shares: snapshot.shares, draws: fit.diagnostics.ess },
    claim: (treated, channel) => posteriorClaim(fit, treated, channel),
  };
  if (!fit.diagnostics.converged) return { ...opened, unfit: notConverged };
  return { ...opened, model: openPosterior(fit, posteriorVersion(snapshot)) };
}
