/** Which fit of a model is in use, and why its credit may not be written. */
import type { Model } from '../../../attribution/model.ts';
import type { AttributionSettings } from '../../../settings/attribution.ts';
import type { Store } from '../../../store/contract/store.ts';
import { iso } from '../../../support/clock.ts';
import type { CreditBasis } from '../../standing.ts';
import type { FittedKind } from './kind.ts';
import { type Lacks, leastOf } from './lacks.ts';

/** Promoted now, at a time, or named. */
export type Which =
  | { readonly lacks: Lacks }
  | { readonly at: number }
  | Pick<CreditBasis, 'fits' | 'instead'>;

export interface ChosenFit {
  readonly kind: FittedKind;
  readonly model?: Model;
  /** Why this fit may credit no deal: see `OpenedFit`. */
  readonly unfit?: string;
  /** It had a fit, and somebody took it back. */
  readonly takenBack?: boolean;
}

export async function chosenFit(kind: FittedKind, store: Store, which: Which): Promise<ChosenFit> {
  const version = await versionOf(kind, store, which);
  const fit = version === null ? null : await store.fits.get(version);
  if (fit) {
    const { model, unfit } = kind.open(fit.snapshot, `fit ${version}`);
    return { kind, ...(model ? { model } : {}), ...(unfit === undefined ? {} : { unfit }) };
  }
  const last = (await store.fits.promotions({ model: kind.id })).at(-1);
  return { kind, takenBack: last?.what === 'rolled back' };
}

async function versionOf({ id }: FittedKind, { fits }: Store, which: Which): Promise<string | null> {
  if ('fits' in which) return which.fits[id] ?? null;
  return fits.promoted(id, 'at' in which ? which.at : undefined);
}

/** Why the fallback rule credits deals instead, a sentence without its stop; undefined when the model may. */
export function insteadOf(
  chosen: ChosenFit,
  settings: AttributionSettings,
  which: Which,
): string | undefined {
  if ('instead' in which && which.instead !== undefined) return which.instead;
  const lack = lackIn(chosen, settings, which);
  return lack === undefined ? undefined : `${chosen.kind.title} ${lack}`;
}

function lackIn(
  { kind, model, unfit, takenBack = false }: ChosenFit,
  settings: AttributionSettings,
  which: Which,
): string | undefined {
  if (unfit !== undefined) return unfit;
  if (!model) return withoutFit(kind, takenBack, which);
  const conversions = model.evidence?.conversions ?? 0;
  const least = leastOf(kind, settings);
  if (conversions >= least) return undefined;
  return `rests on ${conversions} won deals, fewer than the ${least} it needs`;
}

function withoutFit({ id }: FittedKind, takenBack: boolean, which: Which): string {
  if ('at' in which) return `had no fit on ${iso(which.at).slice(0, 10)}`;
  if (takenBack) return 'has none of its fits in use';
  return ('lacks' in which && which.lacks[id]) || 'has no fit yet';
}
