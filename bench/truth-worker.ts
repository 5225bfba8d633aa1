/** One task of the truth table, in a process of its own: `table A 100000 1`, `coverage B 14000 1`. */
import {
  fitHazard,
  type HazardFit,
  type HazardSettings,
  usualSettings,
} from '../src/attribution/hazard/fit.ts';
import { hazardModel } from '../src/attribution/hazard/model.ts';
import type { Observations } from '../src/attribution/hazard/observations.ts';
import type { HazardParameters } from '../src/attribution/hazard/parameters.ts';
import type { Shares } from '../src/attribution/hazard/shares.ts';
import { Channels } from '../src/attribution/journeys/channels.ts';
import { outcomeOf } from '../src/attribution/journeys/sink.ts';
import type { Journey } from '../src/attribution/model.ts';
import { pathModel, usualPathSettings } from '../src/attribution/path-models.ts';
import { ruleModels } from '../src/attribution/rules.ts';
import { type Scenario, scenarioIds, scenarios } from '../src/attribution/simulate/scenarios.ts';
import { misallocated, simulate, type World } from '../src/attribution/simulate/world.ts';
import { bootstrapHere } from '../src/attribution/uncertainty/bootstrap.ts';
import { intervalOf } from '../src/attribution/uncertainty/interval.ts';
import { report } from './measure.ts';

/** By model: the part of all credit that went wrong, 0 to 1; and CPU seconds of the fits. */
export interface TruthRun {
  readonly conversions: number;
  readonly wrong: Readonly<Record<string, number>>;
  readonly seconds: Readonly<Record<string, number>>;
}

export interface CoverageRun {
  /** How many intervals of shares held the true share, of how many. */
  readonly shares: readonly [held: number, all: number];
  /** The same of intervals of the chat share of single deals; the truth is that of the true parameters. */
  readonly deals: readonly [held: number, all: number];
}

const dayMs = 86_400_000;
const level = 0.95;

/** Without a channel called Direct, last-non-direct is last; without milestones there are no U, W and full path. */
const rules = ['first', 'last', 'linear', 'time-decay', 'position', 'j-shaped', 'inverse-j'];
/** The ordered Shapley value has the totals of the plain one. */
const pathModels = ['markov:1', 'markov:2', 'markov:3', 'markov:4', 'shapley', 'shapley:markov'];

const fits: readonly (readonly [name: string, covariates: boolean, settings: Partial<HazardSettings>])[] = [
  ['hazard, plain', false, { intent: false }],
  ['hazard, plain, lead score', true, { intent: false }],
  ['hazard', false, {}],
  ['hazard, lead score', true, {}],
];

function truthRun(world: World): TruthRun {
  const wrong: Record<string, number> = {};
  const seconds: Record<string, number> = {};
  for (const [name, shares] of [...ruleShares(world.observations), ...pathShares(world.observations)])
    wrong[name] = misallocated(shares, world.truth);
  for (const [name, covariates, settings] of fits) {
    if (covariates && world.observations.covariates.length === 0) continue;
    const observations = covariates ? world.observations : { ...world.observations, covariates: [] };
    const before = process.cpuUsage();
    const fit = fitHazard(observations, { ...usualSettings, ...settings });
    const { user, system } = process.cpuUsage(before);
    seconds[name] = (user + system) / 1e6;
    wrong[name] = misallocated(fit.shares, world.truth);
  }
  return { conversions: conversionsOf(world.observations), wrong, seconds };
}

function conversionsOf({ converted }: Observations): number {
  return converted.reduce((sum, one) => sum + one, 0);
}

/** Journeys with touches only: a conversion without any is not in what these models read. */
function* journeysOf({ channels, channel, time, starts, end, converted }: Observations): Iterable<Journey> {
  for (const [person, did] of converted.entries()) {
    const [from = 0, to = 0] = starts.subarray(person, person + 2);
    if (from === to) continue;
    const touches = Array.from({ length: to - from }, (_, index) => ({
      eventId: String(from + index),
      time: (time[from + index] ?? 0) * dayMs,
      channel: channels[channel[from + index] ?? 0] ?? '',
      type: 'touch',
      person: String(person),
    }));
    yield { touches, conversionTime: (end[person] ?? 0) * dayMs, converted: did === 1, milestones: {} };
  }
}

function ruleShares(observations: Observations): [string, Shares][] {
  const models = ruleModels({ halfLifeDays: 7, directChannels: ['Direct'] }).filter(({ id }) =>
    rules.includes(id),
  );
  const credit = models.map(() => new Map<string, number>());
  for (const journey of journeysOf(observations))
    if (journey.converted)
      models.forEach((model, index) => {
        model.split(journey).shares.forEach((share, touch) => {
          const name = journey.touches[touch]?.channel ?? '';
          credit[index]?.set(name, (credit[index]?.get(name) ?? 0) + share);
        });
      });
  return models.map(({ id }, index) => [id, sharesOf(observations, credit[index] ?? new Map())]);
}

function pathShares(observations: Observations): [string, Shares][] {
  return pathModels.map((name) => {
    const channels = new Channels();
    const model = pathModel(name, channels, usualPathSettings);
    for (const { touches, converted } of journeysOf(observations)) {
      const path = Int32Array.from(touches, ({ channel }) => channels.id(channel));
      model.counts.add(path, path.length, outcomeOf(converted));
    }
    const credit = new Map(model.credit().credit.map((one) => [one.channel, one.conversions]));
    return [name, sharesOf(observations, credit)];
  });
}

function sharesOf({ channels }: Observations, credit: ReadonlyMap<string, number>): Shares {
  const all = [...credit.values()].reduce((sum, one) => sum + one, 0);
  return { channels: channels.map((name) => (credit.get(name) ?? 0) / all), baseline: 0 };
}

const resamples = 80;

function coverageRun(world: World, seed: number): CoverageRun {
  const observations = { ...world.observations, covariates: [] };
  const fit = fitHazard(observations);
  const made = bootstrapHere(fit.basis, { resamples, seed });
  const truth = [...world.truth.channels, world.truth.baseline];
  const shares = truth.map((share, index) => {
    const values = made.map((one) => one.shares[index] ?? 0);
    return within(share, intervalOf(values, level));
  });
  const rows = made.map(({ numbers }) => numbers);
  return { shares: tally(shares), deals: tally(dealsHeld(world.scenario, observations, fit, rows)) };
}

const mostDeals = 200;

/** For deals with chat touches. Only where the true parameters are of the model's kind and the same for all. */
function dealsHeld(
  scenario: Scenario,
  observations: Observations,
  { parameters, conversions }: HazardFit,
  rows: readonly (readonly number[])[],
): boolean[] {
  if (scenario.id !== 'A') return [];
  const model = hazardModel({ version: 'fit', conversions, parameters, resamples: rows });
  const exact = hazardModel({
    version: 'truth',
    conversions,
    parameters: trueParameters(scenario),
    resamples: [],
  });
  const held: boolean[] = [];
  for (const journey of journeysOf(observations)) {
    const chats = journey.touches.flatMap(({ channel }, index) => (channel === 'chat' ? [index] : []));
    if (!journey.converted || chats.length === 0) continue;
    const { shares } = exact.split(journey);
    const share = chats.reduce((sum, index) => sum + (shares[index] ?? 0), 0);
    const interval = model.evidence?.interval(journey, chats, 'everything');
    if (interval) held.push(within(share, interval));
    if (held.length === mostDeals) break;
  }
  return held;
}

function trueParameters({ baseline, channels }: Scenario): HazardParameters {
  return { baseline, covariates: [], channels, unseen: { effect: 1, halfLifeDays: 1 }, intent: null };
}

function within(value: number, { low, high }: { low: number; high: number }): boolean {
  return low <= value && value <= high;
}

function tally(held: readonly boolean[]): [number, number] {
  return [held.filter(Boolean).length, held.length];
}

const [task, letter, people, seed] = process.argv.slice(2);
const id = scenarioIds.find((one) => one === letter) ?? 'A';
const world = simulate(scenarios[id], Number(people), Number(seed));
report(task === 'coverage' ? coverageRun(world, Number(seed)) : truthRun(world));
