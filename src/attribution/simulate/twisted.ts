/** A life in a world of another kind than the models suppose: see the twists of scenarios. */
import type { Random } from '../random.ts';
import { type Life, printable, type SimulatedTouch } from './life.ts';
import type { Scenario, SimulatedChannel } from './scenarios.ts';
import { firstByThinning, type RateProcess } from './thinning.ts';
import { highestRate, type Twisted, twistedRates } from './twisted-rates.ts';

export function liveTwisted(scenario: Scenario, random: Random): Life {
  const { twists = {}, windowDays } = scenario;
  const intent = drawIntent(twists.tails, random);
  const firstDay = random.uniform() * 7;
  const { halfLives, baseline } = segmentOf(scenario, random);
  const world: Twisted = {
    channels: scenario.channels.map((one) => ({ ...one, halfLifeDays: one.halfLifeDays * halfLives })),
    baseline: scenario.baseline * baseline * leaning(scenario.intent, intent),
    busy: (time) => (isWeekend(firstDay + time) ? (twists.weekend ?? 1) : 1),
  };
  const touches = drawTouches(world, windowDays, intent, random);
  const process: RateProcess = {
    rates: (known, time) => twistedRates(world, known, time),
    bound: (known, time) => highestRate(world, known, time),
  };
  const { time: first, cause } = firstByThinning(process, touches, windowDays, random);
  const converted = first <= windowDays;
  const end = converted ? printable(first) : windowDays;
  const met = touches.filter(({ time }) => time <= end);
  return { intent, converted, end, touches: met, cause, rates: twistedRates(world, met, end) };
}

/** A t distribution of variance 1, or a normal one. */
function drawIntent(tails: number | undefined, random: Random): number {
  const normal = random.normal();
  if (tails === undefined) return normal;
  let squares = 0;
  for (let index = 0; index < tails; index += 1) squares += random.normal() ** 2;
  return (normal / Math.sqrt(squares / tails)) * Math.sqrt((tails - 2) / tails);
}

/** Nobody wants it more than this, else a few would be most of a world. */
const mostIntent = 3.5;

function leaning(strength: number, intent: number): number {
  return Math.exp(strength * Math.min(mostIntent, intent) - strength ** 2 / 2);
}

function segmentOf({ twists }: Scenario, random: Random): { halfLives: number; baseline: number } {
  let left = random.uniform();
  for (const segment of twists?.segments ?? []) {
    left -= segment.part;
    if (left < 0) return segment;
  }
  return { halfLives: 1, baseline: 1 };
}

function isWeekend(day: number): boolean {
  return day % 7 >= 5;
}

function drawTouches(world: Twisted, windowDays: number, intent: number, random: Random): SimulatedTouch[] {
  const free = world.channels.flatMap((channel, index) =>
    channel.twists?.follows ? [] : times(channel, 0, index),
  );
  const first = free.reduce((least, { time }) => Math.min(least, time), windowDays);
  const following = world.channels.flatMap((channel, index) =>
    channel.twists?.follows ? times(channel, first, index) : [],
  );
  return [...free, ...following].sort((one, other) => one.time - other.time);

  function times({ rate, chases }: SimulatedChannel, from: number, channel: number): SimulatedTouch[] {
    const own = rate * leaning(chases, intent);
    const found: SimulatedTouch[] = [];
    for (let time = from + random.exponential(own); time < windowDays; time += random.exponential(own))
      if (random.uniform() < world.busy(time)) found.push({ time: printable(time), channel });
    return found;
  }
}
