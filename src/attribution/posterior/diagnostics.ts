/** Whether chains have converged: they agree with each other, and have drawn often enough. */

export interface Diagnostics {
  /** The largest split R-hat of the watched numbers (Gelman et al. 2013): 1 where chains agree. */
  readonly rHat: number;
  /** The smallest effective sample size of them: as many independent draws would say as much. */
  readonly ess: number;
  readonly converged: boolean;
  /** One sentence, where it has not converged; else ''. */
  readonly why: string;
  /** Sweeps of each chain, all together. */
  readonly sweeps: number;
}

/** What is asked of chains: see `PosteriorOptions`. */
export interface Asked {
  readonly mostRHat: number;
  readonly leastEss: number;
}

/** One watched number: its draws, by chain. */
export type Trace = readonly Float64Array[];

/** @param named the watched numbers, each with a name for the reader */
export function diagnose(named: ReadonlyMap<string, Trace>, sweeps: number, asked: Asked): Diagnostics {
  let [worst, fewest] = ['', ''];
  let [rHat, ess] = [1, Number.POSITIVE_INFINITY];
  for (const [name, trace] of named) {
    const [ratio, size] = checked(trace);
    if (ratio > rHat) [worst, rHat] = [name, ratio];
    if (size < ess) [fewest, ess] = [name, size];
  }
  const whole = Number.isFinite(ess) ? Math.floor(ess) : sweeps;
  return { rHat, ess: whole, ...verdict({ rHat, worst, ess: whole, fewest }, asked), sweeps };
}

/** A trace with a number that is none agrees with nothing. */
function checked(trace: Trace): readonly [rHat: number, ess: number] {
  const isWhole = trace.every((chain) => chain.every(Number.isFinite));
  return isWhole ? [splitRHat(trace), effectiveSize(trace)] : [Number.POSITIVE_INFINITY, 0];
}

interface Least {
  readonly rHat: number;
  readonly worst: string;
  readonly ess: number;
  readonly fewest: string;
}

function verdict(
  { rHat, worst, ess, fewest }: Least,
  { mostRHat, leastEss }: Asked,
): Pick<Diagnostics, 'converged' | 'why'> {
  if (rHat > mostRHat)
    return {
      converged: false,
      why: `the chains disagree about ${worst} (R-hat ${rHat.toFixed(2)}, at most ${mostRHat} is wanted)`,
    };
  if (ess < leastEss)
    return {
      converged: false,
      why: `the chains have drawn too little about ${fewest} (effective sample size ${ess}, at least ${leastEss} is wanted)`,
    };
  return { converged: true, why: '' };
}

/** Each chain in two halves, so that one that drifts disagrees with itself. */
export function splitRHat(trace: Trace): number {
  const halves = trace.flatMap((chain) => {
    const half = chain.length >> 1;
    return [chain.subarray(0, half), chain.subarray(chain.length - half)];
  });
  const { within, pooled } = variances(halves);
  return within > 0 ? Math.sqrt(pooled / within) : 1;
}

/** All draws, less what they repeat: autocorrelations are summed in pairs while those are positive (Geyer 1992). */
export function effectiveSize(trace: Trace): number {
  const length = trace[0]?.length ?? 0;
  const { within, pooled } = variances(trace);
  const all = length * trace.length;
  if (pooled <= 0 || within <= 0) return all;
  const centred = trace.map((chain) => {
    const mean = meanOf(chain);
    return chain.map((value) => value - mean);
  });
  const correlation = (lag: number) =>
    1 - (within - meanOf(centred.map((one) => covariance(one, lag)))) / pooled;
  let sum = 0;
  for (let lag = 0; lag + 1 < length; lag += 2) {
    const pair = correlation(lag) + correlation(lag + 1);
    if (pair <= 0) break;
    sum += pair;
  }
  return Math.min(all, all / Math.max(2 * sum - 1, 1 / Math.log10(Math.max(all, 10))));
}

function covariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < centred.length; at += 1) sum += (centred[at] ?? 0) * (centred[at - lag] ?? 0);
  return sum / (centred.length - 1);
}

function variances(chains: Trace): { readonly within: number; readonly pooled: number } {
  const length = chains[0]?.length ?? 0;
  const means = chains.map(meanOf);
  const within = meanOf(chains.map((chain, index) => squares(chain, means[index] ?? 0) / (length - 1)));
  const between = chains.length > 1 ? squares(means, meanOf(means)) / (chains.length - 1) : 0;
  return { within, pooled: (within * (length - 1)) / length + between };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] ?? 0;
  return sum / Math.max(values.length, 1);
}

function squares(values: ArrayLike<number>, mean: number): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += ((values[at] ?? 0) - mean) ** 2;
  return sum;
}
