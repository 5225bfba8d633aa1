/** Two fits of one model side by side. */
import type { Drifting, DriftReport } from '../../attribution/fit/drift.ts';
import type { Fit, KeptFit } from '../../store/contract/fits.ts';
import { Problem } from '../../support/problem.ts';
import type { FittedKind } from '../attribute/kinds/kind.ts';
import { fittedKind } from '../attribute/kinds/kinds.ts';
import type { Hub } from '../hub.ts';
import { driftingOf, driftOf } from './drift.ts';
import { movedCredit } from './news.ts';
import { type FitQuality, qualityOf } from './quality.ts';

export type StoredFit = KeptFit & Fit;

export interface ComparedChannel {
  readonly channel: string;
  /** Of all conversions; null where the fit has not seen the channel. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface FitComparison {
  readonly model: string;
  readonly from: string;
  readonly to: string;
  readonly channels: readonly ComparedChannel[];
  /** Part of all credit that goes to another channel. */
  readonly moved: number;
  readonly quality: { readonly before: FitQuality; readonly after: FitQuality };
  readonly drift: DriftReport;
}

/** Throws a `usage` Problem for versions that are unknown, or of two models. */
export async function compareFits(hub: Hub, from: string, to: string): Promise<FitComparison> {
  const [before, after] = [await storedFit(hub, from), await storedFit(hub, to)];
  if (before.model !== after.model)
    throw new Problem('usage', `${from} is a fit of ${before.model}, ${to} one of ${after.model}.`, {
      remedy: 'Compare two fits of one model; `hub models` lists them.',
    });
  const kind = kindOf(before);
  return {
    model: kind.id,
    from,
    to,
    channels: channelsOf(kind, before, after),
    moved: movedCredit(driftingOf(kind, before), driftingOf(kind, after)),
    quality: { before: qualityOf(before), after: qualityOf(after) },
    drift: driftOf(hub, kind, before, after),
  };
}

export async function storedFit(hub: Hub, version: string): Promise<StoredFit> {
  const fit = await hub.store.fits.get(version);
  if (fit) return fit;
  throw new Problem('usage', `There is no fit "${version}".`, { remedy: '`hub models` lists them.' });
}

/** Each channel's part of all credit, then the baseline's. */
export function sharesOfFit(fit: StoredFit): Drifting['shares'] {
  return driftingOf(kindOf(fit), fit).shares;
}

function kindOf({ model, version }: StoredFit): FittedKind {
  const kind = fittedKind(model);
  if (kind) return kind;
  throw new Problem('failed', `Fit ${version} is of a model that this hub does not know: ${model}.`, {
    remedy: 'Run the version of the hub that made it.',
  });
}

function channelsOf(kind: FittedKind, before: StoredFit, after: StoredFit): ComparedChannel[] {
  const shares = (fit: StoredFit) =>
    new Map(driftingOf(kind, fit).shares.map(({ channel, share }) => [channel, share]));
  const [first, second] = [shares(before), shares(after)];
  return [...new Set([...first.keys(), ...second.keys()])].map((channel) => ({
    channel,
    before: first.get(channel) ?? null,
    after: second.get(channel) ?? null,
  }));
}
