/** `hub attribute --touches --people`: credit by the hazard model, from single touches with their times. */
import { availableParallelism } from 'node:os';
import { fitHazard, usualSettings } from '../../attribution/hazard/fit.ts';
import { assertFittable } from '../../attribution/hazard/fittable.ts';
import type { Observations } from '../../attribution/hazard/observations.ts';
import { peopleColumns, readPeople } from '../../attribution/hazard/reading/people.ts';
import { readTouches } from '../../attribution/hazard/reading/touches.ts';
import { idOf } from '../../attribution/names.ts';
import { leastResamples } from '../../attribution/uncertainty/interval.ts';
import { reportOf } from '../../attribution/uncertainty/report.ts';
import { bootstrap } from '../../attribution/uncertainty/workers.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Invocation } from '../invocation.ts';
import { fileFormat } from '../text/file-format.ts';
import { hazardCsv, hazardNotes } from '../text/hazard-table.ts';
import { wholeNumber } from '../text/numbers.ts';
import { progressLine } from '../text/progress.ts';
import { printPosterior } from './posterior.ts';

export const touchInputs: readonly string[] = ['touches', 'people'];

export const touchOptions: Readonly<Record<string, string>> = {
  '--touches <file>': 'CSV of touches: user,channel,time_days',
  '--people <file>': 'CSV of all people, converted or not: user,converted,end_time_days and covariates',
  '--covariates <columns>': 'columns of the people file that move the baseline, such as lead_score,size',
  '--method <method>':
    'posterior: shares with intervals, also from few conversions (default); map: the most probable point, for millions of people',
  '--caused-by-deal <channels>':
    'channels whose touches the deal brings about, such as sales calls: they get no credit (posterior)',
  '--bootstrap <n>': `resamples for intervals, ${leastResamples} or more (map; default: 0, no intervals)`,
  '--seed <n>': 'the same seed, the same numbers (default: 1)',
  '--no-intent': 'do not look for intent in the touches',
};

const level = 0.95;

export async function attributeTouches(invocation: Invocation): Promise<number> {
  const { options } = invocation;
  if (options.model !== undefined && idOf(String(options.model)) !== 'hazard')
    throw new Problem('usage', `The model "${String(options.model)}" does not work on touches.`, {
      remedy: 'Give --model data-driven, or --paths for the other models.',
    });
  const method = methodOf(options.method);
  if (method === 'map') refuseWith(options.causedByDeal, '--caused-by-deal', 'map');
  else refuseWith(options.bootstrap, '--bootstrap', 'posterior');
  return methods[method](invocation);
}

const methods = { posterior: byPosterior, map: byMap } as const;

function methodOf(given: unknown): keyof typeof methods {
  if (given === undefined) return 'posterior';
  if (given === 'posterior' || given === 'map') return given;
  throw new Problem('usage', `There is no method "${String(given)}".`, {
    remedy: 'Give --method posterior or --method map.',
  });
}

function refuseWith(given: unknown, flag: string, method: string): void {
  if (given === undefined) return;
  throw new Problem('usage', `${flag} does not go with --method ${method}.`, {
    remedy:
      method === 'map'
        ? 'Leave it out, or give --method posterior.'
        : 'Leave it out: the posterior has intervals anyway. Or give --method map.',
  });
}

async function byPosterior(invocation: Invocation): Promise<number> {
  const { options, signal } = invocation;
  const plan = {
    seed: wholeNumber(options.seed ?? '1', '--seed', 0),
    intent: options.intent !== false,
    causedByDeal: namesOf(options.causedByDeal),
  };
  const progress = progressLine();
  const observations = await read(invocation, progress.show);
  const where = String(options.people);
  await printPosterior(invocation, observations, plan, {
    signal,
    progress: progress.show,
    done: progress.done,
    where,
  });
  return exitCodes.done;
}

async function byMap(invocation: Invocation): Promise<number> {
  const { options, signal } = invocation;
  const plan = {
    resamples: resamplesOf(options.bootstrap ?? '0'),
    seed: wholeNumber(options.seed ?? '1', '--seed', 0),
  };
  const progress = progressLine();
  const observations = await read(invocation, progress.show);
  const fit = fitHazard(observations, { ...usualSettings, intent: options.intent !== false });
  const threads = availableParallelism();
  const resamples = await bootstrap(fit.basis, plan, { threads, signal, progress: progress.show });
  progress.done();
  const report = reportOf(fit, resamples, level);
  const redrawn = resamples.reduce((sum, one) => sum + one.redrawn, 0);
  for (const note of hazardNotes(report, redrawn)) invocation.say(note);
  const counts = { people: observations.end.length, touches: observations.time.length };
  const intervals = plan.resamples > 0 ? { ...plan, level, redrawn } : null;
  invocation.print({ model: 'hazard', method: 'map', ...counts, ...report, bootstrap: intervals }, () =>
    hazardCsv(report),
  );
  return exitCodes.done;
}

async function read(
  { options, signal }: Invocation,
  progress: (read: number, size: number) => void,
): Promise<Observations> {
  const { touches, people } = options;
  if (typeof touches !== 'string' || typeof people !== 'string')
    throw new Problem('usage', 'The data-driven model needs both touches and people.', {
      remedy: 'Give --touches <file> and --people <file>.',
    });
  const reading = { signal, progress, format: fileFormat(options) };
  const known = await readPeople(people, covariatesOf(options.covariates), reading);
  const observations = await readTouches(touches, known, reading);
  assertFittable(observations, people);
  return observations;
}

/** None, or enough for an interval. */
function resamplesOf(given: unknown): number {
  const resamples = wholeNumber(given, '--bootstrap', 0);
  if (resamples === 0 || resamples >= leastResamples) return resamples;
  throw new Problem('usage', `A 95 % interval cannot be made of --bootstrap ${resamples}.`, {
    remedy: `Give ${leastResamples} or more, better 200, or 0 for no intervals.`,
  });
}

function covariatesOf(given: unknown): string[] {
  const names = namesOf(given);
  for (const [index, name] of names.entries()) assertCovariate(name, names.indexOf(name) !== index);
  return names;
}

function namesOf(given: unknown): string[] {
  return typeof given === 'string' ? given.split(',').map((name) => name.trim()) : [];
}

function assertCovariate(name: string, isRepeated: boolean): void {
  const refuse = (message: string, remedy: string) => new Problem('usage', message, { remedy });
  if (name === '')
    throw refuse(
      'A name in --covariates is empty.',
      'Give columns with commas between, such as lead_score,size.',
    );
  if (peopleColumns.includes(name))
    throw refuse(
      `"${name}" cannot be a covariate.`,
      'Every people file has it for a purpose of its own: leave it out.',
    );
  if (isRepeated) throw refuse(`"${name}" is in --covariates twice.`, 'Name each column once.');
}
