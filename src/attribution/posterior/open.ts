/** The posterior applied to deals: pure, so that a kept fit gives the same bytes years later. */

import { Problem } from '../../support/problem.ts';
import { hazardDefinition } from '../hazard/model.ts';
import type { Counterfactual, Journey, Model, Split } from '../model.ts';
import { namesOf } from '../names.ts';
import { intervalOf } from '../uncertainty/interval.ts';
import type { PosteriorFit } from './parameters.ts';
import { Reader } from './reading.ts';
import { reason } from './reason.ts';

const usualLevel = 0.95;

/** A fit made ready for many deals. */
interface Opened {
  readonly fit: PosteriorFit;
  readonly reader: Reader;
}

/**
 * A fit as a model of deals. A touch's share is the mean, over the draws, of its part of the rate at the end of the
 * journey; the baseline's is nobody's. Throws a `Problem` for a fit that has not converged: it credits nothing.
 *
 * @param version of the fit that is applied
 */
export function openPosterior(fit: PosteriorFit, version: string): Model {
  if (!fit.diagnostics.converged)
    throw new Problem('failed', `The fit has not converged: ${fit.diagnostics.why}.`, {
      remedy: 'Fit again with more sweeps, or credit by a rule until there are more conversions.',
    });
  const opened = { fit, reader: new Reader(fit) };
  return {
    id: 'hazard',
    title: namesOf('hazard').title,
    definition: `${hazardDefinition} Estimated from ${fit.conversions} won deals.`,
    version,
    evidence: {
      conversions: fit.conversions,
      interval: (journey, touches, of, level = usualLevel) =>
        intervalOf(drawnShares(opened, journey, touches, of), level),
    },
    split: (journey) => split(opened, journey),
  };
}

function split({ fit, reader }: Opened, journey: Journey): Split {
  const { shares, baseline } = sharesOf(reader, journey);
  const counterfactual = chances(reader, journey);
  return {
    shares,
    baseline,
    counterfactual,
    without: (index) => sharesOf(reader, journey, index).shares,
    reason: (index) => reason(fit, journey, index, { share: shares[index] ?? 0, ...counterfactual(index) }),
  };
}

/**
 * Means over the draws.
 *
 * @param missing a touch that is thought not to have been. Intent, ranks and the time of watching stay: they are of the
 *   person, whom one touch less does not make another.
 */
function sharesOf(
  reader: Reader,
  journey: Journey,
  missing?: number,
): { readonly shares: readonly number[]; readonly baseline: number } {
  const { draws } = reader;
  const { touches, baseline, whole } = reader.rates(journey);
  const rest = whole.slice();
  if (missing !== undefined)
    for (let draw = 0; draw < draws; draw += 1)
      rest[draw] = (rest[draw] ?? 0) - (touches[missing * draws + draw] ?? 0);
  const shareOf = (cells: Float64Array) => {
    let sum = 0;
    for (let draw = 0; draw < draws; draw += 1) sum += (cells[draw] ?? 0) / (rest[draw] ?? 1);
    return sum / draws;
  };
  return {
    shares: journey.touches.map((_, index) =>
      index === missing ? 0 : shareOf(touches.subarray(index * draws, (index + 1) * draws)),
    ),
    baseline: shareOf(baseline),
  };
}

/** With a touch and without it, worked out once. */
function chances(reader: Reader, journey: Journey): (index: number) => Counterfactual {
  const known: Counterfactual[] = [];
  let chance: number | undefined;
  return (index) => {
    chance ??= chanceOf(reader, journey);
    known[index] ??= { with: chance, without: chanceOf(reader, journey, index) };
    return known[index];
  };
}

/** @param missing a touch that is thought not to have been */
function chanceOf(reader: Reader, journey: Journey, missing?: number): number {
  const { draws } = reader;
  const { touches, whole } = reader.expected(journey);
  let chance = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const part = missing === undefined ? 0 : (touches[missing * draws + draw] ?? 0);
    chance -= Math.expm1(part - (whole[draw] ?? 0));
  }
  return chance / draws;
}

/** What somebody might give who knew the true rates of this deal, by draw. */
function drawnShares(
  { reader }: Opened,
  journey: Journey,
  wanted: readonly number[],
  of: 'everything' | 'touches',
): Float64Array {
  const { draws } = reader;
  const { touches, baseline, whole } = reader.moved(journey);
  const parts = new Float64Array(draws);
  for (const touch of wanted)
    for (let draw = 0; draw < draws; draw += 1)
      parts[draw] = (parts[draw] ?? 0) + (touches[touch * draws + draw] ?? 0);
  for (let draw = 0; draw < draws; draw += 1) {
    const all = (whole[draw] ?? 0) - (of === 'everything' ? 0 : (baseline[draw] ?? 0));
    parts[draw] = all > 0 ? (parts[draw] ?? 0) / all : 0;
  }
  return parts;
}
