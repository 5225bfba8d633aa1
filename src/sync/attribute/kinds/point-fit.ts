/**
 * The additive hazard model by its most likely parameters, with resamples for its intervals. Until fits came as
 * posteriors the hub kept these under the name of `hazard`; they still open. `hazard:map` makes new ones: it needs no
 * more memory for millions of people than for thousands.
 */
import { checksOf, type Quality, usualChecks } from '../../../attribution/fit/checks.ts';
import { claimOf } from '../../../attribution/fit/experiment.ts';
import { judge } from '../../../attribution/fit/judge.ts';
import { parseSnapshot } from '../../../attribution/fit/schema.ts';
import { fittedOf, snapshotOf, versionOf } from '../../../attribution/fit/snapshot.ts';
import { fitHazard, usualSettings } from '../../../attribution/hazard/fit.ts';
import { type HazardName, hazardModel, hazardName } from '../../../attribution/hazard/model.ts';
import { namesOf } from '../../../attribution/names.ts';
import { bootstrapHere } from '../../../attribution/uncertainty/bootstrap.ts';
import { type Json, toJson } from '../../../support/json.ts';
import type { FittedKind, OpenedFit } from './kind.ts';
import { tooFewDeals } from './lacks.ts';
import { plainJson } from './plain-json.ts';

/** Of the prospects, held out to judge the fit by. */
const heldOutPart = 0.2;

const name: HazardName = { id: 'hazard:map', title: namesOf('hazard:map').title };

export const pointFitKind: FittedKind = {
  id: name.id,
  title: namesOf('hazard:map').subject,
  leastConversions: 200,
  train: (observations, { window, resamples, seed, minConversions, promoted }) => {
    const fit = fitHazard(observations);
    const rows = bootstrapHere(fit.basis, { resamples, seed });
    const snapshot = snapshotOf(observations, fit, rows, { window, seed, model: 'hazard:map' });
    const quality: Quality = judge(observations, fit, {
      ...{ part: heldOutPart, seed, settings: usualSettings },
      promoted: promoted && parseSnapshot(promoted, 'the promoted fit').parameters,
    });
    return {
      version: versionOf(snapshot),
      snapshot: toJson(snapshot),
      counts: { ...snapshot.counts },
      quality: plainJson(quality),
      checks: checksOf(quality, {
        ...usualChecks,
        leastConversions: minConversions,
        tooFew: tooFewDeals(minConversions),
      }),
    };
  },
  open: (json, where) => openPointFit(json, where, name),
};

/** @param as under which name deals are credited; that of the fits kept before there were posteriors when absent */
export function openPointFit(json: Json, where: string, as: HazardName = hazardName): OpenedFit {
  const snapshot = parseSnapshot(json, where);
  const { parameters, resamples } = snapshot;
  return {
    model: hazardModel(fittedOf(snapshot), as),
    drifting: snapshot,
    claim: (people, channel) => claimOf(parameters, resamples, people, channel),
  };
}
