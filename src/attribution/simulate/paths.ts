/**
 * Paths without times whose true shares are known. In most worlds the outcome is drawn once, when a journey is over,
 * from the chance that its touches give; the truth is the Shapley value of that very chance, over all journeys. In
 * `ends`, every touch may convert at once and ends the journey then, so the truth is the touch that did it.
 */
import { Random } from '../random.ts';
import { shapleyExact } from '../shapley/exact.ts';

export const pathWorldIds = ['presence', 'pairs', 'doses', 'recency', 'segments', 'ends'] as const;
export type PathWorldId = (typeof pathWorldIds)[number];

export interface SimulatedPath {
  readonly channels: readonly number[];
  readonly converted: boolean;
}

export interface PathWorld {
  readonly names: readonly string[];
  readonly paths: readonly SimulatedPath[];
  /** By channel, of the credit that channels have together; sums to 1. */
  readonly truth: readonly number[];
}

interface Channel {
  readonly name: string;
  /** How often it is the channel of a touch, relative to the others. */
  readonly weight: number;
  /** Added to the log odds, or (in percent) the chance that one touch converts. */
  readonly effect: number;
}

type Row = readonly [name: string, weight: number, effect: number];

/** The loudest does least; one does nothing. */
const channels: readonly Channel[] = (
  [
    ['display', 30, 0.1],
    ['social', 18, 0.3],
    ['email', 16, 0.5],
    ['search', 14, 0.9],
    ['referral', 8, 0],
    ['chat', 6, 1.3],
    ['webinar', 5, 1],
    ['event', 3, 1.5],
  ] satisfies readonly Row[]
).map(([name, weight, effect]) => ({ name, weight, effect }));

/** Log odds of converting without any touch. */
const intercept = -4;
/** Pairs that do more, or less, than their channels: by name. */
const synergies: readonly (readonly [string, string, number])[] = [
  ['display', 'search', 1.2],
  ['email', 'chat', 0.8],
  ['social', 'event', -1],
];

/** The chance of converting of what is left of a path. */
type Chance = (path: readonly number[]) => number;

const chances: Readonly<Record<Exclude<PathWorldId, 'ends' | 'segments'>, Chance>> = {
  presence: (path) => logistic(intercept + sumOf(new Set(path), (channel) => effectOf(channel))),
  pairs: (path) => logistic(intercept + sumOf(new Set(path), (channel) => effectOf(channel)) + synergy(path)),
  doses: (path) =>
    1 - (1 - logistic(intercept)) * path.reduce((kept, channel) => kept * (1 - touchChance(channel)), 1),
  recency: (path) =>
    logistic(
      intercept +
        path.reduce((sum, channel, at) => sum + effectOf(channel) * 0.6 ** (path.length - 1 - at), 0),
    ),
};

export function simulatePaths(id: PathWorldId, journeys: number, seed: number): PathWorld {
  const names = channels.map(({ name }) => name);
  const truth = names.map(() => 0);
  const paths = Array.from({ length: journeys }, (_, journey) => {
    const random = new Random(seed, journey);
    return id === 'ends' ? endedByConversion(random, truth) : endedByItself(id, random, truth);
  });
  const all = truth.reduce((sum, one) => sum + one, 0);
  return { names, paths, truth: truth.map((one) => one / all) };
}

/** Mean over the channels of the absolute difference of the shares. */
export function shareError(credited: readonly number[], truth: readonly number[]): number {
  return truth.reduce((sum, share, at) => sum + Math.abs(share - (credited[at] ?? 0)), 0) / truth.length;
}

function endedByItself(id: Exclude<PathWorldId, 'ends'>, random: Random, truth: number[]): SimulatedPath {
  // Half of the people of `segments` want the product, convert more often by themselves, and search more.
  const keen = id === 'segments' && random.uniform() < 0.5;
  const lean = keen ? new Map([['search', 3]]) : undefined;
  const path = Array.from({ length: lengthOf(random) }, () => channelOf(random, lean));
  const base = id === 'segments' ? chances.presence : chances[id];
  const chance: Chance = keen ? (left) => logistic(logOdds(base(left)) + 1) : base;
  const present = [...new Set(path)];
  const parts = shapleyExact(present.length, (coalition) =>
    chance(path.filter((channel) => (coalition >> present.indexOf(channel)) & 1)),
  );
  present.forEach((channel, at) => {
    truth[channel] = (truth[channel] ?? 0) + (parts[at] ?? 0);
  });
  return { channels: path, converted: random.uniform() < chance(path) };
}

function endedByConversion(random: Random, truth: number[]): SimulatedPath {
  const path: number[] = [];
  for (let left = lengthOf(random); left > 0; left -= 1) {
    const channel = channelOf(random);
    path.push(channel);
    if (random.uniform() >= touchChance(channel)) continue;
    truth[channel] = (truth[channel] ?? 0) + 1;
    return { channels: path, converted: true };
  }
  return { channels: path, converted: false };
}

/** One touch at least, about three on average, twelve at most. */
function lengthOf(random: Random): number {
  return 1 + Math.min(11, Math.floor(random.exponential(1 / 2.6)));
}

function channelOf(random: Random, lean?: ReadonlyMap<string, number>): number {
  const weight = ({ name, weight: usual }: Channel) => usual * (lean?.get(name) ?? 1);
  let left = random.uniform() * channels.reduce((sum, channel) => sum + weight(channel), 0);
  for (const [at, channel] of channels.entries()) {
    left -= weight(channel);
    if (left < 0) return at;
  }
  return channels.length - 1;
}

function effectOf(channel: number): number {
  return channels[channel]?.effect ?? 0;
}

function touchChance(channel: number): number {
  return effectOf(channel) * 0.04;
}

function synergy(path: readonly number[]): number {
  const present = new Set(path.map((channel) => channels[channel]?.name));
  return sumOf(synergies, ([one, other, effect]) => (present.has(one) && present.has(other) ? effect : 0));
}

function sumOf<T>(all: Iterable<T>, of: (one: T) => number): number {
  let sum = 0;
  for (const one of all) sum += of(one);
  return sum;
}

function logistic(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

function logOdds(chance: number): number {
  return Math.log(chance / (1 - chance));
}
