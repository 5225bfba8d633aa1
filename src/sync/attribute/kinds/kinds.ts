/** The models that come from data. */
import { hazardKind } from './hazard.ts';
import type { FittedKind } from './kind.ts';
import { markovKind } from './markov.ts';
import { pointFitKind } from './point-fit.ts';

export const fittedKinds: readonly FittedKind[] = [hazardKind, pointFitKind, ...[1, 2, 3, 4].map(markovKind)];

export function fittedKind(id: string): FittedKind | undefined {
  return fittedKinds.find((kind) => kind.id === id);
}
