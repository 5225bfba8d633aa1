/** How often the checks of a new fit find what is wrong with its data, and how often they cry wolf. */
import { usualPosteriorChecks } from '../src/attribution/fit/posterior-checks.ts';
import { type CheckRun, defects } from './checks-worker.ts';
import { measure, say } from './measure.ts';

const deals = [20, 50, 100];
/** Slacks were chosen on seeds from 5,000. */
const firstSeed = 6_000;
const seeds = 5;
const sound = ['A', 'B', 'C', 'D', 'E'];
const spoilt = ['A'];

export async function bench(): Promise<void> {
  const { chance, slack } = usualPosteriorChecks;
  say(
    `Worlds in % in which a predictive check fails (p < ${chance} and more than ${slack * 100} % misplaced),`,
  );
  say(`and in brackets the credit in % that the fit misallocates; ${seeds} seeds each, from ${firstSeed}.`);
  say(`${''.padEnd(62)}${deals.map((count) => `${count} deals`.padStart(14)).join('')}`);
  for (const defect of Object.keys(defects)) {
    const worlds = defect === 'none' ? sound : spoilt;
    for (const world of worlds) await row(world, defect);
  }
}

async function row(world: string, defect: string): Promise<void> {
  const cells: string[] = [];
  for (const count of deals) {
    const args = [world, String(count), String(firstSeed), String(seeds), defect];
    const { value: runs } = await measure<CheckRun[]>('checks-worker.ts', args);
    const failed = runs.filter(({ checks }) => checks.some(isFailure)).length / runs.length;
    const wrong = runs.reduce((sum, run) => sum + run.wrong, 0) / runs.length;
    cells.push(`${(failed * 100).toFixed(0)} (${(wrong * 100).toFixed(0)})`.padStart(14));
  }
  say(`${`${world}, ${defect === 'none' ? 'as it is' : defect}`.padEnd(62)}${cells.join('')}`);
}

function isFailure({ p, misplaced }: CheckRun['checks'][number]): boolean {
  return p < usualPosteriorChecks.chance && misplaced > usualPosteriorChecks.slack;
}
