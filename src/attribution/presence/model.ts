/** Credit from what journeys contain and what became of them: for paths without times. */
import { type ChannelCredit, creditOf } from '../credit.ts';
import type { JourneyTable } from '../journeys/table.ts';
import { ShapleyCounts } from '../shapley/counts.ts';
import { announcePaths } from './effort.ts';
import { type Ending, endingOf } from './ending.ts';
import { fitPresence, type PresenceFit } from './fit.ts';
import { creditBySet } from './game.ts';
import { chance } from './logistic.ts';
import { addTo, journeysOf, nothing, pathsIn, type SetRow, setRows, type Tally, worthOf } from './rows.ts';
import { noneHelps, nothingToLearn, orderSaid, setsSay, stepsSay, whyEnding } from './statements.ts';
import { creditBySteps } from './steps.ts';

export interface PresenceReport {
  /** What ends a journey, and whether that was given or seen in the paths. */
  readonly ending: Ending;
  readonly endingIs: 'given' | 'seen';
  /** How the credit came about: by the set of channels, touch by touch, or in equal parts where nothing is known. */
  readonly form: 'sets' | 'steps' | 'equal';
  /** By sets: the part of the conversions that the model expects without any of the channels, 0 to 1. */
  readonly baseline?: number;
  /** By sets: added to the log odds of converting. */
  readonly effects?: readonly { readonly channel: string; readonly effect: number }[];
  /** By sets, where they pay. */
  readonly pairs?: readonly { readonly channels: readonly [string, string]; readonly effect: number }[];
  /** What a reader should know. */
  readonly statements: readonly string[];
}

export interface PresenceSettings {
  /** What ends a journey; seen in the paths where nobody says. */
  readonly ends?: Ending | undefined;
  readonly say?: ((text: string) => void) | undefined;
}

export interface PresenceCredit {
  readonly credit: readonly ChannelCredit[];
  readonly presence: PresenceReport;
}

/** Totals by channel, in the order of the names; not yet of the right sum. */
interface Totals {
  readonly conversions: Float64Array;
  readonly value: Float64Array;
  readonly errors?: Float64Array;
}

function silent(): void {}

export function presenceCredit(table: JourneyTable, { ends, say }: PresenceSettings): PresenceCredit {
  announcePaths(table.size, say ?? silent);
  const paths = pathsIn(table);
  const sets = setRows(paths);
  const all = totalOf(sets);
  const signs = endingOf(paths);
  const ending = ends ?? signs.ending;
  const common = { ending, endingIs: ends ? 'given' : 'seen' } as const;
  if (all.nulls === 0 || all.conversions === 0)
    return equally(table, { ...common, form: 'equal', statements: [nothingToLearn] });
  if (ending === 'conversion')
    return bySteps(table, all, {
      ...common,
      form: 'steps',
      statements: [...whyEnding(signs, ends), stepsSay],
    });
  const fit = fitPresence(sets, table.channels.size, say);
  const totals = bySets(sets, fit, table.channels.size);
  if (!totals.conversions.some((one) => one > 0))
    return bySteps(table, all, { ...common, form: 'steps', statements: [noneHelps, stepsSay] });
  const names = table.channels.sorted().map((id) => table.channels.names[id] ?? '');
  const baseline = baselineOf(sets, fit, totals.conversions);
  return {
    credit: scaled(table, all, totals),
    presence: {
      ...common,
      form: 'sets',
      baseline,
      effects: fit.effects.map((effect, at) => ({ channel: names[at] ?? '', effect })),
      ...pairsNamed(fit, names),
      statements: [...orderSaid(signs), ...setsSay(fit, baseline, totals.conversions, names)],
    },
  };
}

/** Every journey counts by the chance that the fit gives it, which has less noise than what became of it. */
function bySets(sets: readonly SetRow[], fit: PresenceFit, channels: number): Totals {
  const partsOf = creditBySet(
    fit,
    sets.map((row) => row.channels.length),
  );
  const worth = meanValue(sets);
  const totals = {
    conversions: new Float64Array(channels),
    value: new Float64Array(channels),
    errors: new Float64Array(channels),
  };
  sets.forEach((row, index) => {
    const { parts, errors } = partsOf(row.channels, index);
    const each = row.conversions > 0 ? worthOf(row) / row.conversions : worth;
    row.channels.forEach((channel, at) => {
      const conversions = journeysOf(row) * (parts[at] ?? 0);
      totals.conversions[channel] = (totals.conversions[channel] ?? 0) + conversions;
      totals.value[channel] = (totals.value[channel] ?? 0) + conversions * each;
      totals.errors[channel] = (totals.errors[channel] ?? 0) + (journeysOf(row) * (errors[at] ?? 0)) ** 2;
    });
  });
  return { ...totals, errors: totals.errors.map(Math.sqrt) };
}

function bySteps(table: JourneyTable, all: Tally, presence: PresenceReport): PresenceCredit {
  const totals = creditBySteps(pathsIn(table), table.channels.size);
  return { credit: scaled(table, all, totals), presence };
}

function equally(table: JourneyTable, presence: PresenceReport): PresenceCredit {
  const counts = new ShapleyCounts(table.channels);
  table.feed(counts);
  return { credit: counts.credit(), presence };
}

/** A channel that takes away has nothing; what is left sums to the conversions and to their value. */
function scaled(table: JourneyTable, all: Tally, totals: Totals): ChannelCredit[] {
  const place = new Map(table.channels.sorted().map((id, at) => [id, at]));
  const part = (parts: Float64Array, whole: number) => {
    const sum = parts.reduce((before, one) => before + Math.max(0, one), 0);
    return (one: number) => (sum > 0 ? (Math.max(0, one) / sum) * whole : 0);
  };
  const toConversions = part(totals.conversions, all.conversions);
  const toValue = part(totals.value, worthOf(all));
  const at = (parts: Float64Array | undefined, id: number) => parts?.[place.get(id) ?? 0] ?? 0;
  const credit = creditOf(
    table.channels,
    (id) => toConversions(at(totals.conversions, id)),
    (id) => toValue(at(totals.value, id)),
  );
  if (!totals.errors?.some((error) => error > 0)) return credit;
  return table.channels
    .sorted()
    .map((_, index) => ({ ...(credit[index] as ChannelCredit), error: totals.errors?.[index] ?? 0 }));
}

function meanValue(sets: readonly SetRow[]): number {
  const all = totalOf(sets);
  return all.conversions > 0 ? worthOf(all) / all.conversions : 0;
}

function totalOf(rows: readonly Tally[]): Tally {
  const all = { ...nothing };
  for (const row of rows) addTo(all, row);
  return all;
}

function baselineOf(sets: readonly SetRow[], fit: PresenceFit, parts: Float64Array): number {
  const anyway = sets.reduce((sum, row) => sum + journeysOf(row), 0) * chance(fit.intercept);
  return anyway / (anyway + parts.reduce((sum, one) => sum + Math.max(0, one), 0));
}

function pairsNamed({ pairs }: PresenceFit, names: readonly string[]): Pick<PresenceReport, 'pairs'> {
  if (pairs.length === 0) return {};
  return {
    pairs: pairs.map(({ one, other, effect }) => ({
      channels: [names[one] ?? '', names[other] ?? ''],
      effect,
    })),
  };
}
