/** From observations to what chains walk on. */
import { categoryIn } from '../category.ts';
import { fitIntentAnyway } from '../hazard/intent/fit.ts';
import type { IntentModel } from '../hazard/intent/model.ts';
import { intentColumn } from '../hazard/intent/scores.ts';
import { type Covariate, type Observations, touchCounts } from '../hazard/observations.ts';
import type { Column } from '../hazard/sample.ts';
import { thinned } from '../hazard/selected.ts';
import { type Scale, scaleOf, standardized } from '../hazard/standardized.ts';
import { type KernelTables, tablesOf } from './ages.ts';
import { crowdOf } from './crowd.ts';
import { groupCount, groupsOf } from './groups.ts';
import { type KernelGrid, kernelGrid } from './kernels.ts';
import { withoutChannels } from './left-out.ts';
import type { PosteriorOptions } from './options.ts';
import { longestWatch, type Sample, sampleOf } from './sample.ts';
import type { Ground } from './state.ts';

/** What all fits to the same touches share, whatever they make of people. */
export interface Touched {
  /** Without the channels that are left out. */
  readonly observations: Observations;
  readonly longest: number;
  readonly grid: KernelGrid;
  readonly tables: KernelTables;
  /** Of each channel. */
  readonly groups: Int32Array;
  readonly sample: Sample;
}

export interface Prepared {
  readonly ground: Ground;
  readonly scales: readonly Scale[];
  readonly intent: IntentModel | null;
}

/** Half-lives of one shape: neighbours differ by a seventh. */
const halfLives = 48;
/** People who are enough to learn from whom channels chase. */
const enoughPeople = 20_000;

/**
 * The slope of a column that is known only so well: for steeper ones the mean of exp(slope × intent) would hang on the
 * far tail of what intent might be, of which touches say nothing.
 */
const steepest = 2;

/** @param like of the same people and shapes, with other channels left out: tables cost much of a small fit */
export function touchedOf(
  all: Observations,
  { causedByDeal, shapes }: Pick<PosteriorOptions, 'causedByDeal' | 'shapes'>,
  like?: Pick<Touched, 'grid' | 'tables'>,
): Touched {
  const observations = withoutChannels(all, causedByDeal);
  const longest = longestWatch(observations);
  const grid = like?.grid ?? kernelGrid(longest, halfLives, shapes);
  const tables = like?.tables ?? tablesOf(grid, longest);
  const conversions = observations.converted.reduce((sum, one) => sum + one, 0);
  const groups = groupsOf(touchCounts(observations), groupCount(observations.channels.length, conversions));
  return { observations, longest, grid, tables, groups, sample: sampleOf(observations, groups, tables) };
}

/** @param covariates of the same people */
export function prepare(
  { observations: touched, longest, grid, tables, sample }: Touched,
  covariates: readonly Covariate[],
  options: PosteriorOptions,
): Prepared {
  const observations = { ...touched, covariates };
  const scales = covariates.map(scaleOf);
  const known = standardized(covariates, scales);
  const intent = options.intent ? intentOf(observations, scales) : null;
  const columns: Column[] = known.map((values) => ({ values }));
  if (intent) columns.push(intentColumn(intent, observations, known));
  const ground = {
    ...{ sample, grid, tables, longest, options },
    crowd: crowdOf(observations.end, columns),
    columns: columns.map((column) => only(column, sample.conversions.person)),
    centres: columns.map((_, index) => (index < scales.length ? 0 : wantedBy(intent))),
    spreads: columns.map((_, index) => {
      const scale = scales[index];
      return scale ? options.slopeSpread * unitOf(scale) : options.intentSpread;
    }),
    limits: columns.map(({ variance }) => (variance ? steepest : Number.POSITIVE_INFINITY)),
  };
  return { ground, scales, intent };
}

/**
 * What a slope is thought to be of: of numbers one standard deviation; of a category all that it makes, so that rare ones
 * are not thought to make more of a difference than others.
 */
function unitOf({ name, deviation }: Scale): number {
  return categoryIn(name) ? deviation : 1;
}

/**
 * Wanting moves a purchase about as much, it is thought, as it moves the touches of the channel that chases it most: to
 * search for a product and to buy it come of the same wish.
 */
function wantedBy(intent: IntentModel | null): number {
  return intent ? Math.min(steepest, Math.max(0, ...intent.pulls)) : 0;
}

function intentOf(observations: Observations, scales: readonly Scale[]): IntentModel | null {
  if (observations.channel.length === 0) return null;
  const few = thinned(observations, enoughPeople);
  return fitIntentAnyway(few, standardized(few.covariates, scales));
}

function only({ values, variance }: Column, people: Int32Array): Column {
  const those = (all: Float64Array) => Float64Array.from(people, (person) => all[person] ?? 0);
  return { values: those(values), ...(variance ? { variance: those(variance) } : {}) };
}
