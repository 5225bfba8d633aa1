/**
 * The same data fitted with one choice made otherwise: without a covariate, without what touches tell of intent, without
 * the touches that a deal may itself have caused. What each choice does to the shares is kept beside the fit.
 */
import { categoryIn } from '../category.ts';
import type { Covariate, Observations } from '../hazard/observations.ts';
import { fitTouched } from '../posterior/fit.ts';
import { type Touched, touchedOf } from '../posterior/ground.ts';
import { type PosteriorOptions, usualPosterior } from '../posterior/options.ts';
import type { PosteriorFit } from '../posterior/parameters.ts';
import { keptSharesOf, type Variant } from './posterior-snapshot.ts';

/** Shorter than the fit: a point of credit is all that a reader can use. */
const quick = {
  ...{ chains: 2, sweeps: 200, draws: 40, mostRHat: 1.1, leastEss: 50, watched: 'shares' as const },
} satisfies Partial<PosteriorOptions>;

interface Choice {
  readonly what: string;
  readonly touched: Touched;
  readonly covariates: readonly Covariate[];
  readonly intent: boolean;
}

/**
 * Without those whose chains have not converged: nobody knows what they say.
 *
 * @param touched what the fit was made of
 * @param options of the fit
 */
export function variantsOf(
  observations: Observations,
  touched: Touched,
  fit: PosteriorFit,
  options: Partial<PosteriorOptions>,
): Variant[] {
  const shares = keptSharesOf(fit);
  return choicesOf(observations, touched, fit).flatMap(({ what, intent, ...choice }) => {
    const settings = { ...usualPosterior, ...options, ...quick, intent };
    const other = fitTouched(choice.touched, choice.covariates, settings);
    if (!other.diagnostics.converged) return [];
    const found = new Map(keptSharesOf(other).map(({ channel, share }) => [channel, share]));
    const own = shares.map(({ channel }) => found.get(channel) ?? 0);
    const kept = shares.reduce((sum, { share }, index) => sum + Math.min(share, own[index] ?? 0), 0);
    return [{ what, shares: own, moved: Math.max(0, 1 - kept) }];
  });
}

/** All categories of one field are one choice. */
function fieldOf({ name }: Covariate): string {
  return categoryIn(name)?.field ?? name;
}

function choicesOf(observations: Observations, touched: Touched, fit: PosteriorFit): Choice[] {
  const { covariates, channels } = observations;
  const out = fit.causedByDeal.filter((name) => channels.includes(name));
  const same = { touched, covariates, intent: fit.intent !== null };
  return [
    ...[...new Set(covariates.map(fieldOf))].map((field) => ({
      ...same,
      what: `without ${field}`,
      covariates: covariates.filter((one) => fieldOf(one) !== field),
    })),
    ...(fit.intent ? [{ ...same, what: 'without intent', intent: false }] : []),
    ...out.map((name) => ({
      ...same,
      what: `counting ${name} touches`,
      touched: touchedOf(
        observations,
        { ...usualPosterior, causedByDeal: fit.causedByDeal.filter((one) => one !== name) },
        touched,
      ),
    })),
  ];
}
