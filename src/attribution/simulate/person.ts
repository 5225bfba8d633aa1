/** One simulated person's life: touches, and the first conversion with what caused it. */
import type { Random } from '../random.ts';
import type { Scenario, SimulatedChannel } from './scenarios.ts';

/** The cause of a conversion that no touch brought. */
export const anyway = -1;

export interface Life {
  /** Standard normal. */
  readonly intent: number;
  readonly converted: boolean;
  /** Days: of the conversion, or the end of the window. */
  readonly end: number;
  /** Those up to the end, oldest first. */
  readonly touches: readonly SimulatedTouch[];
  /** Index of the touch that caused the conversion, or `anyway`. */
  readonly cause: number;
}

export interface SimulatedTouch {
  /** Days. */
  readonly time: number;
  /** Index of the scenario's channel. */
  readonly channel: number;
}

/** Draws one person's time in the scenario's window, in days. */
export function live(scenario: Scenario, random: Random): Life {
  const intent = random.normal();
  const touches = drawTouches(scenario, intent, random);
  const baseline = scenario.baseline * lognormal(scenario.intent, intent);
  const first = conversions[scenario.combine](scenario, baseline, touches, random);
  const converted = first.time <= scenario.windowDays;
  const end = converted ? printable(first.time) : scenario.windowDays;
  return {
    intent,
    converted,
    end,
    touches: touches.filter(({ time }) => time <= end),
    cause: converted ? first.cause : anyway,
  };
}

/** To a millionth of a day, so that a file of it reads well and loses nothing. */
function printable(days: number): number {
  return Math.round(days * 1e6) / 1e6;
}

/** Mean 1 over a standard normal `intent`. */
function lognormal(strength: number, intent: number): number {
  return Math.exp(strength * intent - strength ** 2 / 2);
}

function drawTouches({ channels, windowDays }: Scenario, intent: number, random: Random): SimulatedTouch[] {
  const touches = channels.flatMap(({ rate, chases }, channel) => {
    const own = rate * lognormal(chases, intent);
    const times: SimulatedTouch[] = [];
    for (let time = random.exponential(own); time < windowDays; time += random.exponential(own))
      times.push({ time: printable(time), channel });
    return times;
  });
  return touches.sort((one, other) => one.time - other.time);
}

interface FirstConversion {
  readonly time: number;
  readonly cause: number;
}

type Convert = (
  scenario: Scenario,
  baseline: number,
  touches: readonly SimulatedTouch[],
  random: Random,
) => FirstConversion;

const conversions: Readonly<Record<Scenario['combine'], Convert>> = {
  additive: firstOfSources,
  multiplicative: firstByThinning,
};

/** Each source is its own Poisson process; the first event over all of them is the conversion, its source the cause. */
function firstOfSources(
  { channels }: Scenario,
  baseline: number,
  touches: readonly SimulatedTouch[],
  random: Random,
): FirstConversion {
  let first: FirstConversion = { time: random.exponential(baseline), cause: anyway };
  touches.forEach(({ time, channel }, cause) => {
    const { effect, halfLifeDays } = at(channels, channel);
    // The process has used up 1 − 2^(−s/h) of its effect after s days, and all of it brings no event at times.
    const used = random.exponential(effect);
    if (used >= 1) return;
    const event = time - halfLifeDays * Math.log2(1 - used);
    if (event < first.time) first = { time: event, cause };
  });
  return first;
}

/**
 * The rate is the baseline times exp(Σ a 2^(−age/h)). Between touches it only falls, so its value now bounds it
 * until the next touch (thinning: Lewis and Shedler 1979, Ogata 1981). What the rate is made of, bottom up: the
 * baseline, then what each touch, oldest first, adds to the rate that was there without it. Where the accepted
 * point lies in that pile is the cause.
 */
function firstByThinning(
  { channels, windowDays }: Scenario,
  baseline: number,
  touches: readonly SimulatedTouch[],
  random: Random,
): FirstConversion {
  let time = 0;
  let seen = 0;
  while (time <= windowDays) {
    const known = touches.slice(0, seen);
    const bound = pile(channels, baseline, known, time).at(-1) ?? baseline;
    const candidate = time + random.exponential(bound);
    const next = touches[seen]?.time ?? Number.POSITIVE_INFINITY;
    time = Math.min(candidate, next);
    if (next <= candidate) {
      seen += 1;
      continue;
    }
    const point = random.uniform() * bound;
    const cause = pile(channels, baseline, known, time).findIndex((height) => point < height);
    if (cause >= 0) return { time, cause: cause - 1 };
  }
  return { time, cause: anyway };
}

/** Heights of the rate at `time`: of the baseline alone, with the first touch, with the first two … */
function pile(
  channels: readonly SimulatedChannel[],
  baseline: number,
  touches: readonly SimulatedTouch[],
  time: number,
): number[] {
  let height = baseline;
  const factors = touches.map((touch) => {
    const { effect, halfLifeDays } = at(channels, touch.channel);
    return Math.exp(effect * 2 ** (-(time - touch.time) / halfLifeDays));
  });
  return [
    baseline,
    ...factors.map((factor) => {
      height *= factor;
      return height;
    }),
  ];
}

function at(channels: readonly SimulatedChannel[], index: number): SimulatedChannel {
  const channel = channels[index];
  if (!channel) throw new RangeError(`no channel ${index}`);
  return channel;
}
