/** The models of paths, by the names that the command line uses. */
import { Problem } from '../support/problem.ts';
import type { ChannelCredit } from './credit.ts';
import type { Channels } from './journeys/channels.ts';
import { type JourneySink, Several } from './journeys/sink.ts';
import { JourneyTable } from './journeys/table.ts';
import { type Chain, chainOf } from './markov/chain.ts';
import { TransitionCounts } from './markov/counts.ts';
import { markovCredit } from './markov/credit.ts';
import { announceEffort } from './markov/effort.ts';
import { chooseOrder, type OrderChoice } from './markov/order.ts';
import { PositionCounts } from './positions/counts.ts';
import { DecayCounts, type DecaySettings } from './positions/decay.ts';
import { NonDirectCounts } from './positions/non-direct.ts';
import { positionCredit } from './positions/rules.ts';
import type { Ending } from './presence/ending.ts';
import { type PresenceReport, presenceCredit } from './presence/model.ts';
import { type Rule, type RuleSettings, rulebook, usualRuleSettings } from './rulebook.ts';
import { chainShapley } from './shapley/chain.ts';
import { ShapleyCounts } from './shapley/counts.ts';
import { PositionedCounts } from './shapley/positions.ts';

export interface PathSettings extends DecaySettings, RuleSettings {
  /** Every touch has its age, so the days between touches without times do not matter. */
  readonly hasAges?: boolean;
  /** For presence: what ends a journey, where somebody knows. */
  readonly ends?: Ending;
  /** Hears what a reader should know while they wait. */
  readonly say?: (text: string) => void;
}

export const usualPathSettings: PathSettings = { ...usualRuleSettings, stepDays: 1 };

export interface PathCredit {
  /** In the order of the channels' names. */
  readonly credit: readonly ChannelCredit[];
  /** Of Markov models. */
  readonly chain?: Chain;
  /** How the order of the chain was chosen, where nobody named it. */
  readonly choice?: OrderChoice;
  /** Of presence: how the credit came about. */
  readonly presence?: PresenceReport;
}

/** A model that counts journeys and then gives credit; more may be counted after that. */
export interface PathModel {
  readonly name: string;
  /** The definition in one sentence, with its numbers. */
  readonly definition: string;
  readonly counts: JourneySink;
  credit(): PathCredit;
}

interface Kind {
  definition(settings: PathSettings): string;
  create(channels: Channels, settings: PathSettings): Pick<PathModel, 'counts' | 'credit'>;
}

const kinds: Readonly<Record<string, Kind>> = {
  ...Object.fromEntries(rulebook.map((rule) => [rule.id, kindOf(rule)])),
  'markov:1': markov(1),
  'markov:2': markov(2),
  'markov:3': markov(3),
  'markov:4': markov(4),
  'markov:auto': {
    definition: () =>
      'Credit by removal effect, in the chain of the order that predicts held-out steps best.',
    create: markovOfChosenOrder,
  },
  shapley: {
    definition: () => 'Each conversion is shared equally by the distinct channels of its journey.',
    create: (channels) => counted(new ShapleyCounts(channels)),
  },
  'shapley-ordered': {
    definition: () =>
      'Each conversion is shared equally by the distinct channels of its journey, and by position within a channel.',
    create: orderedShapley,
  },
  'shapley:markov': {
    definition: () =>
      'The Shapley value of the conversions that the chain of order 1 keeps with some of its channels alone.',
    create: (channels) => {
      const counts = new TransitionCounts(channels, 1);
      return { counts, credit: () => ({ credit: chainShapley(chainOf(counts)) }) };
    },
  },
  presence: {
    definition: () =>
      'Credit by the Shapley value of the chance of converting, learnt from which channels journeys contain and what became of them; touch by touch where conversions end journeys.',
    create: (channels, settings) => {
      const table = new JourneyTable(channels);
      return { counts: table, credit: () => presenceCredit(table, settings) };
    },
  },
};

export const pathModelNames: readonly string[] = Object.keys(kinds);

/**
 * A model that is fed journeys of these channels. Models that share channels can be fed together, in one pass.
 *
 * @param name one of `pathModelNames`; throws a `Problem` for another
 */
export function pathModel(name: string, channels: Channels, settings: PathSettings): PathModel {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind) return { name, definition: kind.definition(settings), ...kind.create(channels, settings) };
  throw new Problem('usage', `There is no model "${name}".`, {
    remedy: `Use one of: ${pathModelNames.join(', ')}.`,
  });
}

function counted(counts: JourneySink & { credit(): ChannelCredit[] }): Pick<PathModel, 'counts' | 'credit'> {
  return { counts, credit: () => ({ credit: counts.credit() }) };
}

function kindOf(rule: Rule): Kind {
  if ('decay' in rule)
    return {
      definition: (settings) => `${withoutStop(rule.definition(settings))}${evenly(settings)}.`,
      create: (channels, settings) => counted(new DecayCounts(channels, settings)),
    };
  const definition = rule.definition;
  if (rule.parts.some(({ place }) => place === 'lastNonDirect'))
    return {
      definition,
      create: (channels, { directChannels }) => counted(new NonDirectCounts(channels, directChannels)),
    };
  return {
    definition,
    create: (channels) => {
      const counts = new PositionCounts(channels);
      return { counts, credit: () => ({ credit: positionCredit(counts, rule) }) };
    },
  };
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function evenly({ stepDays, hasAges }: PathSettings): string {
  return hasAges ? '' : `; touches without times lie ${stepDays} days apart`;
}

function silent(): void {}

function markov(order: number): Kind {
  return {
    definition: () =>
      `Credit by removal effect: what the chain of order ${order} would lose if every state with the channel led nowhere.`,
    create: (channels, { say }) => {
      const counts = new TransitionCounts(channels, order);
      return {
        counts,
        credit: () => {
          const chain = chainOf(counts);
          announceEffort(chain, say ?? silent);
          return { credit: markovCredit(chain), chain };
        },
      };
    },
  };
}

function markovOfChosenOrder(
  channels: Channels,
  { say }: PathSettings,
): Pick<PathModel, 'counts' | 'credit'> {
  const table = new JourneyTable(channels);
  const credit = (): PathCredit => {
    const choice = chooseOrder(table);
    const counts = new TransitionCounts(channels, choice.order);
    table.feed(counts);
    const chain = chainOf(counts);
    announceEffort(chain, say ?? silent);
    return { credit: markovCredit(chain), chain, choice };
  };
  return { counts: table, credit };
}

function orderedShapley(channels: Channels): Pick<PathModel, 'counts' | 'credit'> {
  const shapley = new ShapleyCounts(channels);
  const positioned = new PositionedCounts(channels);
  const credit = () => {
    const sorted = channels.sorted();
    return shapley
      .credit()
      .map((one, index) => ({ ...one, positions: positioned.positions(sorted[index] ?? 0) }));
  };
  return { counts: new Several([shapley, positioned]), credit: () => ({ credit: credit() }) };
}
