/**
 * Intent: what makes some people both meet certain channels more often and buy more often. Whoever searches for the
 * product wants it already; a model that does not know this credits the search with what was coming anyway.
 *
 * It is not seen, but touches tell: where channels chase intent, their touches heap on the same people. Touches of
 * channel k are Poisson with rate r exp(g v) per day; v is a person's intent, normal with variance 1 around δ·x.
 * That is the Poisson log-normal model (Aitchison and Ho 1989) with one factor.
 */
export interface IntentModel {
  /** Group of each channel: the rare ones share the last. */
  readonly groups: readonly number[];
  /** r by group: touches per day of a person with v = 0. */
  readonly rates: readonly number[];
  /** g by group: how strongly it chases intent. */
  readonly pulls: readonly number[];
  /** δ: by covariate, per standard deviation. */
  readonly leans: readonly number[];
}

/**
 * Days. Where people are watched from their first touch on, that touch is why they are watched at all: it says
 * nothing of how often they are met.
 */
export const entry = 1e-5;

/** What is thought of one person's v: a normal distribution. */
export interface Score {
  readonly mean: number;
  readonly variance: number;
}

export interface Met {
  /** Σ over the person's touches of g, the one of their entry left out. */
  readonly pulled: number;
  /** How long they were watched. */
  readonly days: number;
  /** δ·x. */
  readonly expected: number;
}

const mostSteps = 40;
const closeEnough = 1e-9;

/**
 * The normal distribution that comes nearest to what a person's touches say of their intent (variational: it makes
 * the lower bound of their likelihood highest). The bound is concave in the mean; steps are held short because far
 * from the top its slope is exponential.
 */
export function scoreOf(model: IntentModel, met: Met, start?: Score): Score {
  let score = start ?? { mean: met.expected, variance: 1 };
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const next = nearer(model, met, score);
    const moved = Math.abs(next.mean - score.mean) + Math.abs(next.variance - score.variance);
    score = next;
    if (moved < closeEnough) break;
  }
  return score;
}

/** One Newton step. */
export function nearer({ rates, pulls }: IntentModel, { pulled, days, expected }: Met, score: Score): Score {
  let uphill = pulled - (score.mean - expected);
  let bend = 1;
  for (let group = 0; group < rates.length; group += 1) {
    const pull = pulls[group] ?? 0;
    const touches = days * (rates[group] ?? 0) * attraction(pull, score);
    uphill -= pull * touches;
    bend += pull * pull * touches;
  }
  return { mean: score.mean + Math.max(-1, Math.min(1, uphill / bend)), variance: 1 / bend };
}

/** The mean of exp(g v). */
export function attraction(pull: number, { mean, variance }: Score): number {
  return Math.exp(pull * mean + (pull * pull * variance) / 2);
}
