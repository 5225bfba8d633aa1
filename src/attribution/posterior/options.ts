/** What a fit may be told. */
import { type ShapeName, shapes } from './kernels.ts';

export interface PosteriorOptions {
  /** The same data, options and seed give the same fit to the last bit. */
  readonly seed: number;
  /** Started far apart: where they agree, they have converged. */
  readonly chains: number;
  /** Sweeps of each chain that count, after half as many that do not. More where they have not converged. */
  readonly sweeps: number;
  /** Draws that the fit keeps, to apply it to deals. */
  readonly draws: number;
  /** When chains have converged: R-hat at most, and as many independent draws at least, of each watched number. */
  readonly mostRHat: number;
  readonly leastEss: number;
  /** What is watched: shares alone where nothing else will be read. */
  readonly watched: 'everything' | 'shares';
  /** Whether touches tell of intent: see `IntentModel`. */
  readonly intent: boolean;
  /** Standard deviation of what is thought of the slope of a covariate, see `unitOf`, and of intent, see `wantedBy`. */
  readonly slopeSpread: number;
  readonly intentSpread: number;
  /** Kernels that a channel may have. */
  readonly shapes: readonly ShapeName[];
  /** Whether later touches of a channel may do less than the first. */
  readonly tiring: boolean;
  /** Channels whose touches the deal brings about, such as sales calls: left out of the fit and of credit. */
  readonly causedByDeal: readonly string[];
}

export const usualPosterior: PosteriorOptions = {
  seed: 1,
  chains: 4,
  sweeps: 500,
  draws: 300,
  mostRHat: 1.05,
  leastEss: 100,
  watched: 'everything',
  intent: true,
  slopeSpread: 1,
  intentSpread: 0.3,
  shapes: shapes.map(({ name }) => name),
  tiring: true,
  causedByDeal: [],
};

/** How far a fit has come. */
export type Progress = (done: number, all: number) => void;
