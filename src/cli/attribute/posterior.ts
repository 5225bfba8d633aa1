/** `hub attribute --touches --method posterior`: the fit, and what covariates and left-out channels change in it. */
import type { Observations } from '../../attribution/hazard/observations.ts';
import { fitPosteriorApart } from '../../attribution/posterior/apart.ts';
import type { PosteriorOptions } from '../../attribution/posterior/options.ts';
import type { PosteriorFit } from '../../attribution/posterior/parameters.ts';
import { type Change, changeBetween, reportOfPosterior } from '../../attribution/posterior/report.ts';
import type { Watching } from '../../attribution/uncertainty/bootstrap.ts';
import { Problem } from '../../support/problem.ts';
import type { Invocation } from '../invocation.ts';
import { hazardCsv, hazardNotes } from '../text/hazard-table.ts';

export interface PosteriorPlan {
  readonly seed: number;
  readonly intent: boolean;
  readonly causedByDeal: readonly string[];
}

/** By what is done otherwise, in words. */
type Changes = Readonly<Record<string, Change>>;

/** @param where the data come from, for errors */
export async function printPosterior(
  { say, print }: Invocation,
  observations: Observations,
  plan: PosteriorPlan,
  watching: Watching & { readonly where: string; done(): void },
): Promise<void> {
  assertChannels(observations, plan.causedByDeal);
  const fit = await fitPosteriorApart(observations, plan, watching);
  assertConverged(fit, watching.where);
  const changes = await changesOf(fit, observations, plan, watching);
  watching.done();
  const report = reportOfPosterior(fit);
  for (const note of [...hazardNotes(report), ...changeNotes(changes), convergence(fit)]) say(note);
  const { people, touches, diagnostics, informative, causedByDeal } = fit;
  const more = { diagnostics, informative, causedByDeal, changes, level: 0.95, seed: plan.seed };
  print({ model: 'hazard', method: 'posterior', people, touches, ...report, ...more }, () =>
    hazardCsv(report),
  );
}

function assertChannels({ channels }: Observations, causedByDeal: readonly string[]): void {
  const unknown = causedByDeal.find((name) => !channels.includes(name));
  if (unknown === undefined) return;
  throw new Problem('usage', `No touch is of the channel "${unknown}".`, {
    remedy: `Give --caused-by-deal with channels of the touches file, such as ${channels[0] ?? 'call'}.`,
  });
}

function assertConverged({ diagnostics }: PosteriorFit, where: string): void {
  if (diagnostics.converged) return;
  throw new Problem('failed', `The fit has not converged: ${diagnostics.why}. It credits nothing.`, {
    where,
    remedy: 'Give another --seed, or --method map for a point estimate.',
  });
}

/** Each covariate left out, and channels that were left out taken in: as many fits more. */
async function changesOf(
  fit: PosteriorFit,
  observations: Observations,
  plan: PosteriorPlan,
  watching: Watching,
): Promise<Changes> {
  const others: [string, Observations, Partial<PosteriorOptions>][] = observations.covariates.map(
    ({ name }) => [`without ${name}`, withoutCovariate(observations, name), plan],
  );
  if (plan.causedByDeal.length > 0)
    others.push([`with ${plan.causedByDeal.join(', ')}`, observations, { ...plan, causedByDeal: [] }]);
  const changes: Record<string, Change> = {};
  for (const [what, data, options] of others)
    changes[what] = changeBetween(fit, await fitPosteriorApart(data, options, watching));
  return changes;
}

function withoutCovariate(observations: Observations, name: string): Observations {
  return { ...observations, covariates: observations.covariates.filter((one) => one.name !== name) };
}

function changeNotes(changes: Changes): string[] {
  return Object.entries(changes).map(
    ([what, { baseline, otherwise, moved }]) =>
      `Fitted ${what}, ${percent(otherwise)} would have happened anyway instead of ${percent(baseline)}, and ${percent(moved)} of all credit would go elsewhere.`,
  );
}

function convergence({ diagnostics: { rHat, ess, sweeps } }: PosteriorFit): string {
  return `The chains agree after ${sweeps} sweeps: R-hat ${rHat.toFixed(3)}, effective sample size ${ess}. Intervals hold 95 % of what the conversions may have come from.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
