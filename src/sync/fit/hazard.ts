/** The additive hazard model as the hub fits and applies it. */
import { fitHazard, type HazardFit } from '../../attribution/hazard/fit.ts';
import { type FittedHazard, hazardModel } from '../../attribution/hazard/model.ts';
import type { Observations } from '../../attribution/hazard/observations.ts';
import { bootstrapHere } from '../../attribution/uncertainty/bootstrap.ts';
import { heldOut, heldOutChecks } from './heldOut.ts';
import type { Check, FittedKind } from './kind.ts';
import { mixOf } from './mix.ts';
import { plainJson, snapshotOf } from './snapshot.ts';

type HazardSnapshot = Omit<FittedHazard, 'version'>;

export const hazardKind: FittedKind = {
  id: 'hazard',
  title: 'The additive hazard model',
  train: (observations, { resamples, seed }) => {
    const fit = fitHazard(observations);
    const { parameters, conversions, logLikelihood } = fit;
    const rows = bootstrapHere(fit.basis, { resamples, seed }).map(({ numbers }) => numbers);
    const quality = heldOut(observations);
    return {
      snapshot: plainJson({ parameters, conversions, resamples: rows } satisfies HazardSnapshot),
      shares: sharesByName(observations, fit),
      mix: mixOf(observations),
      figures: { logLikelihood, ...quality },
      checks: [cameToRest(fit), ...heldOutChecks(quality)],
    };
  },
  model: ({ version, snapshot }) => hazardModel({ version, ...snapshotOf<HazardSnapshot>(snapshot) }),
};

function cameToRest({ converged }: HazardFit): Check {
  const words = `The search for the best parameters ${converged ? 'came to rest' : 'was ended before it came to rest'}.`;
  return { name: 'converged', passed: converged, words };
}

function sharesByName({ channels }: Observations, { shares }: HazardFit): Record<string, number> {
  const byChannel = channels.map((name, channel) => [name, shares.channels[channel] ?? 0]);
  return { ...Object.fromEntries(byChannel), baseline: shares.baseline };
}
