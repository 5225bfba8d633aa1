/** The additive hazard model as the hub fits and applies it. */
import { checksOf, type Quality, usualChecks } from '../../attribution/fit/checks.ts';
import { judge } from '../../attribution/fit/judge.ts';
import { parseSnapshot } from '../../attribution/fit/schema.ts';
import { fittedOf, snapshotOf, versionOf } from '../../attribution/fit/snapshot.ts';
import { fitHazard, usualSettings } from '../../attribution/hazard/fit.ts';
import { hazardModel } from '../../attribution/hazard/model.ts';
import { bootstrapHere } from '../../attribution/uncertainty/bootstrap.ts';
import { toJson } from '../../support/json.ts';
import type { FittedKind } from './kind.ts';
import { plainJson } from './plain-json.ts';

/** Of the prospects, held out to judge the fit by. */
const heldOutPart = 0.2;

export const hazardKind: FittedKind = {
  id: 'hazard',
  title: 'The additive hazard model',
  train: (observations, { window, resamples, seed, minConversions, promoted }) => {
    const fit = fitHazard(observations);
    const rows = bootstrapHere(fit.basis, { resamples, seed });
    const snapshot = snapshotOf(observations, fit, rows, { window, seed });
    const quality: Quality = judge(observations, fit, {
      ...{ part: heldOutPart, seed, settings: usualSettings },
      promoted: promoted && parseSnapshot(promoted, 'the promoted fit').parameters,
    });
    return {
      version: versionOf(snapshot),
      snapshot: toJson(snapshot),
      counts: { ...snapshot.counts },
      quality: plainJson(quality),
      checks: checksOf(quality, { ...usualChecks, leastConversions: minConversions }),
    };
  },
  open: (json, where) => {
    const snapshot = parseSnapshot(json, where);
    return { model: hazardModel(fittedOf(snapshot)), drifting: snapshot };
  },
};
