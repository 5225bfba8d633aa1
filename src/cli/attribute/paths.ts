/** `hub attribute --paths` and `--journeys`: credit from paths, by one model or by several side by side. */
import { compared } from '../../attribution/compare.ts';
import { Channels } from '../../attribution/journeys/channels.ts';
import { type JourneySink, Several } from '../../attribution/journeys/sink.ts';
import { transitionsOf } from '../../attribution/markov/transitions.ts';
import {
  type PathCredit,
  type PathModel,
  pathModel,
  pathModelNames,
  usualPathSettings,
} from '../../attribution/path-models.ts';
import { type ReadTotals, readJourneys } from '../../attribution/run.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Invocation } from '../invocation.ts';
import { comparedCsv, creditCsv, transitionsCsv } from '../text/credit-table.ts';
import { fileFormat } from '../text/file-format.ts';
import { progressLine } from '../text/progress.ts';
import { Capable } from './capable.ts';
import { pathNotes } from './path-notes.ts';
import { journeyFile, modelNames, pathSettings } from './path-options.ts';

export const pathInputs: readonly string[] = ['paths', 'journeys'];

export const pathOptions: Readonly<Record<string, string>> = {
  '--paths <file>': 'CSV of paths with a header: path,total_conversions,total_conversion_value,total_null',
  '--journeys <file>': 'lines without a header: a > b > c,conversions,null',
  '--model <model>': `one of ${pathModelNames.join(', ')}; several with commas, or all, side by side`,
  '--path <column>': 'column of the path (default: path)',
  '--conversions <column>': 'column of the conversions (default: total_conversions)',
  '--value <column>': 'column of their value (default: total_conversion_value, where there is one)',
  '--null <column>': 'column of journeys without conversion (default: total_null, where there is one)',
  '--ages <column>': 'column of the touches’ ages in days before the end, separated like the path',
  '--separator <text>': 'what separates the touches of a path (default: >)',
  '--half-life <days>': `of time decay (default: ${usualPathSettings.halfLifeDays})`,
  '--step-days <days>': `days between touches without ages, for time decay (default: ${usualPathSettings.stepDays})`,
  '--direct <channels>': `what last-non-direct skips (default: ${usualPathSettings.directChannels.join(', ')})`,
  '--ends <what>':
    'for presence, what ends a journey: conversion, or watch where all are watched to the end (default: as the paths look)',
  '--transitions': 'print the transition table of a Markov model instead of the credit',
};

interface Computed extends PathCredit {
  readonly model: PathModel;
}

export async function attributePaths(invocation: Invocation): Promise<number> {
  const { options, signal } = invocation;
  const channels = new Channels();
  const settings = { ...pathSettings(options), say: invocation.say };
  const models = modelNames(options).map((name) => pathModel(name, channels, settings));
  const progress = progressLine();
  const source = journeyFile(options);
  const capable = options.model === 'all' ? new Capable(models) : undefined;
  const { totals, results } = await located(source.file, async () => ({
    totals: await readJourneys(source, channels, capable ?? sinkOf(models), {
      signal,
      progress: progress.show,
      format: fileFormat(options),
    }),
    results: capable?.results() ?? models.map((model) => ({ model, ...model.credit() })),
  }));
  progress.done();
  const leftOut = capable?.notes() ?? [];
  const notes = [...pathNotes(totals, channels.names, settings, results), ...leftOut];
  for (const note of notes) invocation.say(note);
  if (options.transitions === true) printTransitions(invocation, results);
  else if (results.length === 1 && results[0]) printOne(invocation, results[0], totals, notes);
  else printCompared(invocation, results, totals, notes, source.file);
  return exitCodes.done;
}

function sinkOf(models: readonly PathModel[]): JourneySink {
  const [only, ...others] = models;
  return only && others.length === 0 ? only.counts : new Several(models.map(({ counts }) => counts));
}

/** Models know of no file, so what they refuse gets its place here. */
async function located<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.where !== undefined || error.kind !== 'failed') throw error;
    const { kind, message, remedy, cause, also } = error;
    throw new Problem(kind, message, {
      where: file,
      ...(remedy === undefined ? {} : { remedy }),
      cause,
      also,
    });
  }
}

function printOne(
  invocation: Invocation,
  { model, credit, choice, presence }: Computed,
  totals: ReadTotals,
  notes: readonly string[],
): void {
  const value = {
    model: model.name,
    definition: model.definition,
    ...summary(totals),
    ...(choice ? { choice } : {}),
    ...(presence ? { presence } : {}),
    credit,
    notes,
  };
  invocation.print(value, () => creditCsv(credit));
}

function printCompared(
  invocation: Invocation,
  results: readonly Computed[],
  totals: ReadTotals,
  notes: readonly string[],
  file: string,
): void {
  const credits = Object.fromEntries(results.map(({ model, credit }) => [model.name, credit]));
  const rows = compared(credits, {
    conversions: hundredths(totals.conversions, 'conversions', file),
    value: hundredths(totals.value, 'values', file),
  });
  const definitions = Object.fromEntries(results.map(({ model }) => [model.name, model.definition]));
  invocation.print({ models: definitions, ...summary(totals), unit: 0.01, credit: rows, notes }, () =>
    comparedCsv(rows, Object.keys(credits), totals.has.value),
  );
}

/** Parts that sum to the hundredth need a total that a double holds to the hundredth. */
function hundredths(total: number, what: string, file: string): number {
  const count = Math.round(total * 100);
  if (Number.isSafeInteger(count)) return count;
  const most = Math.floor(Number.MAX_SAFE_INTEGER / 100);
  throw new Problem('failed', `The ${what} sum to ${total}, too much for models side by side.`, {
    where: file,
    remedy: `Give one model at a time, or files whose ${what} sum to ${most} at most.`,
  });
}

function printTransitions(invocation: Invocation, [result, ...others]: readonly Computed[]): void {
  const chain = result?.chain;
  if (!chain || others.length > 0)
    throw new Problem('usage', 'Only one Markov model at a time has a transition table.', {
      remedy: 'Give --model markov:1, 2, 3 or 4.',
    });
  invocation.print({ model: result.model.name, transitions: [...transitionsOf(chain)] }, () =>
    transitionsCsv(transitionsOf(chain)),
  );
}

function summary({ touches, conversions, nulls, value }: ReadTotals): object {
  return { journeys: conversions + nulls, touches, conversions, nulls, value };
}
