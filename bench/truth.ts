/** How much credit each model gives to the wrong cause, in simulated worlds whose causes are known. */
import { type ScenarioId, scenarioIds } from '../src/attribution/simulate/scenarios.ts';
import { type Measured, measure, say } from './measure.ts';
import type { CoverageRun, TruthRun } from './truth-worker.ts';

const people = 100_000;
/** So many that about 1,000, and about 100, convert. */
const fewer = [14_500, 1_450];
const seeds = [1, 2, 3, 4, 5];
const coverageRuns = 100;

export async function bench(): Promise<void> {
  say(`misallocated credit in %, baseline included (half the L1 distance), mean of ${seeds.length} seeds`);
  say('A and B are worlds of the hazard model’s own kind; C, where touches multiply, is not.');
  say('Rules, Markov and Shapley share out the conversions that have touches, and know no baseline.');
  say(
    'Promised of the hazard model: A at most 3, B with the lead score 8, C 10; A with about 1,000 conversions 6.',
  );
  say('Promised of 95 % intervals: 90 to 97 % hold the truth.');
  await table(people, scenarioIds);
  for (const few of fewer) await table(few, scenarioIds);
  for (const id of ['A', 'B'] as const) await coverage(id);
}

async function table(size: number, ids: readonly ScenarioId[]): Promise<void> {
  const columns = new Map<ScenarioId, Measured<TruthRun>[]>();
  for (const id of ids) columns.set(id, await runsOf(id, size));
  const conversions = mean([...columns.values()].flat().map(({ value }) => value.conversions));
  say(`\n${size} people, about ${Math.round(conversions)} conversions`);
  say(`${'model'.padEnd(28)}${ids.map((id) => id.padStart(8)).join('')}`);
  for (const name of namesOf(columns)) {
    const cells = ids.map((id) => cell(columns.get(id) ?? [], name));
    say(`${name.padEnd(28)}${cells.map((text) => text.padStart(8)).join('')}`);
  }
  say(`CPU seconds of a hazard fit: ${secondsOf(columns).join(', ')}`);
  say(
    `peak memory of a run, with all models in it: ${Math.max(...[...columns.values()].flat().map(({ peakMb }) => Math.round(peakMb)))} MB`,
  );
}

async function runsOf(id: ScenarioId, size: number): Promise<Measured<TruthRun>[]> {
  const runs: Measured<TruthRun>[] = [];
  for (const seed of seeds)
    runs.push(await measure<TruthRun>('truth-worker.ts', ['table', id, String(size), String(seed)]));
  return runs;
}

function namesOf(columns: ReadonlyMap<ScenarioId, readonly Measured<TruthRun>[]>): string[] {
  return [...new Set([...columns.values()].flat().flatMap(({ value }) => Object.keys(value.wrong)))];
}

/** Empty for a model that has nothing to work with in this scenario. */
function cell(runs: readonly Measured<TruthRun>[], name: string): string {
  const wrong = runs.flatMap(({ value }) => value.wrong[name] ?? []);
  return wrong.length === 0 ? '' : (mean(wrong) * 100).toFixed(1);
}

function secondsOf(columns: ReadonlyMap<ScenarioId, readonly Measured<TruthRun>[]>): string[] {
  return [...columns].map(([id, runs]) => {
    const seconds = runs.flatMap(({ value }) => value.seconds.hazard ?? []);
    return `${id} ${mean(seconds).toFixed(2)}`;
  });
}

async function coverage(id: ScenarioId): Promise<void> {
  const size = fewer[0] ?? people;
  const shares = { held: 0, all: 0 };
  const deals = { held: 0, all: 0 };
  let cpu = 0;
  for (let seed = 1; seed <= coverageRuns; seed += 1) {
    const run = await measure<CoverageRun>('truth-worker.ts', [
      'coverage',
      id,
      String(size),
      String(1_000 + seed),
    ]);
    shares.held += run.value.shares[0];
    shares.all += run.value.shares[1];
    deals.held += run.value.deals[0];
    deals.all += run.value.deals[1];
    cpu += run.cpu;
  }
  say(`\n95 % intervals in scenario ${id}, ${size} people, ${coverageRuns} runs, 80 resamples each:`);
  say(`shares of channels and baseline: ${part(shares)} of ${shares.all} hold the true share`);
  if (deals.all > 0)
    say(`chat shares of single deals: ${part(deals)} of ${deals.all} hold that of the true parameters`);
  say(`CPU seconds of a run, simulation and all: ${(cpu / coverageRuns).toFixed(1)}`);
}

function part({ held, all }: { held: number; all: number }): string {
  return `${((held / all) * 100).toFixed(1)} %`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
