/**
 * How much credit each model gives to the wrong cause, in simulated worlds whose causes are known, and whether 95 %
 * intervals hold. Quick by default. The tables of docs/attribution.md take an hour or more of CPU, so rows can be made
 * one by one: `TRUTH_SIZES=20,100 TRUTH_SEEDS=2000-2004 TRUTH_FILE=truth.jsonl npm run bench -- truth` appends what the
 * file does not have yet, and prints all that it has. Begin a new file when a model changes; with `TRUTH_ONLY=posterior`
 * when it alone did, for many seeds.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { type ScenarioId, scenarioIds } from '../src/attribution/simulate/scenarios.ts';
import { measure, say } from './measure.ts';
import type { Intervals, TruthRun } from './truth-worker.ts';

interface Row {
  readonly world: ScenarioId;
  /** Conversions that are about to be expected. */
  readonly size: number;
  readonly seed: number;
  readonly run: TruthRun;
  readonly peakMb: number;
}

/** The numbers of the model were chosen on other seeds than 2000 to 2999. */
const {
  TRUTH_SIZES: sizes = '20,100',
  TRUTH_SEEDS: seeds = '2000-2002',
  TRUTH_FILE: file,
  TRUTH_ONLY: only = 'all',
} = process.env;

/** Conversions per person. */
const rates: Readonly<Record<ScenarioId, number>> = { A: 0.068, B: 0.066, C: 0.062, D: 0.059, E: 0.066 };

const intervals: readonly Intervals[] = [
  'shares',
  'baseline',
  'chats of deals',
  'chats of deals, 80 %',
  'touches of deals',
];

export async function bench(): Promise<void> {
  const rows = file && existsSync(file) ? read(file) : [];
  for (const seed of numbersOf(seeds))
    for (const size of numbersOf(sizes))
      for (const world of scenarioIds)
        if (!rows.some((row) => row.world === world && row.size === size && row.seed === seed)) {
          const row = await made(world, size, seed);
          rows.push(row);
          if (file) appendFileSync(file, `${JSON.stringify(row)}\n`);
        }
  say('Misallocated credit in %, baseline included (half the L1 distance), mean of the seeds; then the');
  say(
    '95 % intervals (where no level is said) of the posterior that hold the truth, in %. A and B are worlds of its own kind; C, D and E are not.',
  );
  say('Rules, Markov and Shapley share out the conversions that have touches, and know no baseline.');
  const measured = [...new Set(rows.map(({ size }) => size))].sort((one, other) => one - other);
  for (const size of measured)
    table(
      rows.filter((row) => row.size === size),
      size,
    );
}

function read(path: string): Row[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): Row => JSON.parse(line));
}

/** `20,100`, `2000-2004`. */
function numbersOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

async function made(world: ScenarioId, size: number, seed: number): Promise<Row> {
  const people = String(Math.round(size / rates[world]));
  const { value, peakMb } = await measure<TruthRun>('truth-worker.ts', [world, people, String(seed), only]);
  return { world, size, seed, run: value, peakMb: Math.round(peakMb) };
}

function table(rows: readonly Row[], size: number): void {
  const used = [...new Set(rows.map(({ seed }) => seed))].sort((one, other) => one - other);
  const of = (world: ScenarioId) => rows.filter((row) => row.world === world).map(({ run }) => run);
  const line = (name: string, cell: (runs: readonly TruthRun[]) => string) =>
    say(`| ${[name, ...scenarioIds.map((world) => cell(of(world)))].join(' | ')} |`);
  say(`\n| about ${size} conversions | ${scenarioIds.join(' | ')} |`);
  say('|---|---|---|---|---|---|');
  for (const name of new Set(rows.flatMap(({ run }) => Object.keys(run.wrong))))
    line(name, (runs) => cellOf(runs.flatMap(({ wrong }) => wrong[name] ?? [])));
  for (const what of intervals) line(`intervals: ${what}`, (runs) => partOf(runs, what));
  const refused = rows.filter(({ run }) => run.held === null).length;
  const seconds = rows.flatMap(({ run }) => run.seconds.posterior ?? []);
  say(`\nSeeds ${used.join(', ')}; ${refused} of ${rows.length} posteriors have not converged.`);
  say(`CPU seconds of a posterior: ${mean(seconds).toFixed(2)}, at most ${Math.max(...seconds).toFixed(2)};`);
  say(`peak memory with all models in it: ${Math.max(...rows.map(({ peakMb }) => peakMb))} MB.`);
}

/** Empty for a model that has nothing to work with in this world. */
function cellOf(wrong: readonly number[]): string {
  return wrong.length === 0 ? '' : (mean(wrong) * 100).toFixed(1);
}

function partOf(runs: readonly TruthRun[], what: Intervals): string {
  const tallies = runs.flatMap(({ held }) => (held ? [held[what]] : []));
  const [held, all] = [0, 1].map((place) => tallies.reduce((sum, one) => sum + (one[place] ?? 0), 0));
  return all ? (((held ?? 0) / all) * 100).toFixed(0) : '–';
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
