/** Paths without times: how far off each model is where the true shares are known. */
import { Channels } from '../src/attribution/journeys/channels.ts';
import { outcomeOf } from '../src/attribution/journeys/sink.ts';
import { JourneyTable } from '../src/attribution/journeys/table.ts';
import { type PathModel, pathModel, usualPathSettings } from '../src/attribution/path-models.ts';
import { creditBySet } from '../src/attribution/presence/game.ts';
import { fitLogistic } from '../src/attribution/presence/logistic.ts';
import { journeysOf, pathsIn, setRows } from '../src/attribution/presence/rows.ts';
import {
  type PathWorld,
  type PathWorldId,
  pathWorldIds,
  type SimulatedPath,
  shareError,
  simulatePaths,
} from '../src/attribution/simulate/paths.ts';
import { type ScenarioId, scenarioIds, scenarios } from '../src/attribution/simulate/scenarios.ts';
import { simulate } from '../src/attribution/simulate/world.ts';
import { say } from './measure.ts';

const models = ['last', 'linear', 'position', 'markov:1', 'shapley', 'presence'];
/** Last a logistic regression without anything that draws effects together, and without pairs; of whole journeys. */
const columns = [...models, 'logistic'];
/** Settings were chosen on other seeds, below 200. */
const seeds = [201, 202, 203, 204, 205, 206, 207, 208, 209, 210];
const sizes = [5_000, 20_000, 100_000];

export async function bench(): Promise<void> {
  say(
    `mean absolute error of the channels’ shares, baseline left out; mean of seeds ${seeds[0]} to ${seeds.at(-1)}`,
  );
  for (const size of sizes) {
    say(`\n${size} journeys${''.padEnd(10)}${columns.map((name) => name.padStart(11)).join('')}`);
    for (const id of [...pathWorldIds, ...scenarioIds]) {
      const errors = seeds.map((seed) => errorsIn(worldOf(id, size, seed)));
      const cells = columns.map((_, at) => mean(errors.map((one) => one[at] ?? Number.NaN)).toFixed(4));
      say(`${id.padEnd(String(size).length + 19)}${cells.map((text) => text.padStart(11)).join('')}`);
    }
  }
}

function worldOf(id: PathWorldId | ScenarioId, size: number, seed: number): PathWorld {
  return isScenario(id) ? timeless(id, size, seed) : simulatePaths(id, size, seed);
}

function isScenario(id: PathWorldId | ScenarioId): id is ScenarioId {
  return Object.hasOwn(scenarios, id);
}

/** The world with times, its times lost: conversions end its journeys. */
function timeless(id: ScenarioId, people: number, seed: number): PathWorld {
  const { observations, truth } = simulate(scenarios[id], people, seed);
  const { starts, channel, converted, channels } = observations;
  const paths: SimulatedPath[] = [];
  for (const [person, did] of converted.entries()) {
    const touches = channel.subarray(starts[person], starts[person + 1]);
    if (touches.length > 0) paths.push({ channels: [...touches], converted: did === 1 });
  }
  const all = truth.channels.reduce((sum, one) => sum + one, 0);
  return { names: channels, paths, truth: truth.channels.map((one) => one / all) };
}

function errorsIn({ names, paths, truth }: PathWorld): number[] {
  const channels = new Channels();
  const made = models.map((name) => pathModel(name, channels, usualPathSettings));
  const table = new JourneyTable(channels);
  for (const path of paths) {
    const touches = Int32Array.from(path.channels, (channel) => channels.id(names[channel] ?? ''));
    for (const counts of [table, ...made.map((model) => model.counts)])
      counts.add(touches, touches.length, outcomeOf(path.converted));
  }
  return [...made.map((model) => sharesOf(model, names)), plainShares(table, names)].map((shares) =>
    shareError(shares, truth),
  );
}

function plainShares(table: JourneyTable, names: readonly string[]): number[] {
  const sets = setRows(pathsIn(table));
  const free = new Float64Array(1 + table.channels.size);
  const trials = sets.map((row) => ({
    ...row,
    features: [0, ...row.channels.map((channel) => 1 + channel)],
  }));
  const [intercept = 0, ...effects] = fitLogistic(trials, { mean: free, precision: free }, free).weights;
  const partsOf = creditBySet(
    { intercept, effects, pairs: [] },
    sets.map(({ channels }) => channels.length),
  );
  const totals = effects.map(() => 0);
  sets.forEach((row, index) => {
    const { parts } = partsOf(row.channels, index);
    row.channels.forEach((channel, at) => {
      totals[channel] = (totals[channel] ?? 0) + journeysOf(row) * (parts[at] ?? 0);
    });
  });
  const all = totals.reduce((sum, one) => sum + Math.max(0, one), 0);
  const order = table.channels.sorted().map((id) => table.channels.names[id]);
  return names.map((name) => (all > 0 ? Math.max(0, totals[order.indexOf(name)] ?? 0) / all : 0));
}

function sharesOf(model: PathModel, names: readonly string[]): number[] {
  const { credit } = model.credit();
  const all = credit.reduce((sum, { conversions }) => sum + conversions, 0);
  return names.map((name) => (credit.find(({ channel }) => channel === name)?.conversions ?? 0) / all);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
