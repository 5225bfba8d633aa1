/** How long a fit takes, known before it is begun. */
import { Problem } from '../../support/problem.ts';
import type { Trial } from './logistic.ts';
import type { SetRow } from './rows.ts';

/** Cells of the curvature that a second goes over, with all the rounds of a fit, on an ordinary machine. */
const cellsPerSecond = 5e6;
/** With pairs, sets have many more cells; beyond this, pairs are left out. */
const mostPairCells = 5e7;
/** Distinct paths that a second reads as often as it takes. */
const pathsPerSecond = 2e5;
const worthAWordSeconds = 5;
const mostSeconds = 120;

/** Says how long it takes where that is long. Throws a `Problem` above two minutes. */
export function announceFit(trials: readonly Trial[], say: (text: string) => void): void {
  const seconds = trials.reduce((sum, { features }) => sum + features.length ** 2, 0) / cellsPerSecond;
  if (seconds < worthAWordSeconds) return;
  const sets = trials.length.toLocaleString('en-US');
  if (seconds > mostSeconds)
    throw new Problem(
      'failed',
      `There are ${sets} sets of channels: presence would take about ${Math.round(seconds / 60)} minutes.`,
      {
        remedy: 'Give rare channels one name, such as "other", or use shapley, linear or position.',
      },
    );
  say(`${sets} sets of channels: this takes about ${Math.round(seconds)} seconds.`);
}

export function pairsAreWorthIt(rows: readonly SetRow[]): boolean {
  return rows.reduce((sum, { channels }) => sum + (channels.length ** 2 / 2) ** 2, 0) <= mostPairCells;
}

/** Says how long reading takes where there are very many distinct paths. */
export function announcePaths(paths: number, say: (text: string) => void): void {
  const seconds = paths / pathsPerSecond;
  if (seconds > worthAWordSeconds)
    say(
      `${paths.toLocaleString('en-US')} distinct paths: presence takes about ${Math.round(seconds)} seconds.`,
    );
}
