/** The models that need no times, by the names that the command line uses. */
import { Problem } from '../support/problem.ts';
import type { ChannelCredit } from './credit.ts';
import type { Channels } from './journeys/channels.ts';
import type { JourneySink } from './journeys/sink.ts';
import { chainOf } from './markov/chain.ts';
import { TransitionCounts } from './markov/counts.ts';
import { markovCredit } from './markov/credit.ts';
import { PositionCounts } from './positions/counts.ts';
import { type PositionRule, positionCredit, positionRules } from './positions/rules.ts';
import { ShapleyCounts } from './shapley/counts.ts';

/** A model that counts journeys and then gives credit; more may be counted after that. */
export interface PathModel {
  readonly name: string;
  readonly counts: JourneySink;
  credit(): ChannelCredit[];
}

type Create = (name: string, channels: Channels) => PathModel;

const models: Readonly<Record<string, Create>> = {
  first: position(positionRules.first),
  last: position(positionRules.last),
  linear: position(positionRules.linear),
  position: position(positionRules.position),
  'markov:1': markov(1),
  'markov:2': markov(2),
  'markov:3': markov(3),
  'markov:4': markov(4),
  shapley,
};

export const pathModelNames = Object.keys(models);

export function pathModel(name: string, channels: Channels): PathModel {
  const create = Object.hasOwn(models, name) ? models[name] : undefined;
  if (create) return create(name, channels);
  throw new Problem('usage', `There is no model "${name}".`, {
    remedy: `Use one of: ${pathModelNames.join(', ')}.`,
  });
}

function position(rule: PositionRule): Create {
  return (name, channels) => {
    const counts = new PositionCounts(channels);
    return { name, counts, credit: () => positionCredit(counts, rule) };
  };
}

function markov(order: number): Create {
  return (name, channels) => {
    const counts = new TransitionCounts(channels, order);
    return { name, counts, credit: () => markovCredit(chainOf(counts)) };
  };
}

function shapley(name: string, channels: Channels): PathModel {
  const counts = new ShapleyCounts(channels);
  return { name, counts, credit: () => counts.credit() };
}
