/** One simulated person's life: touches, and the first conversion with what caused it. */
import type { Random } from '../random.ts';
import { anyway, type Life, printable, type SimulatedTouch } from './life.ts';
import type { Scenario, SimulatedChannel } from './scenarios.ts';
import { type FirstConversion, firstByThinning, type RateProcess } from './thinning.ts';
import { liveTwisted } from './twisted.ts';

/** Draws one person's time in the scenario's window, in days. */
export function live(scenario: Scenario, random: Random): Life {
  if (scenario.combine === 'twisted') return liveTwisted(scenario, random);
  const intent = random.normal();
  const touches = drawTouches(scenario, intent, random);
  const baseline = scenario.baseline * lognormal(scenario.intent, intent);
  const first = conversions[scenario.combine](scenario, baseline, touches, random);
  const converted = first.time <= scenario.windowDays;
  const end = converted ? printable(first.time) : scenario.windowDays;
  const met = touches.filter(({ time }) => time <= end);
  return {
    intent,
    converted,
    end,
    touches: met,
    cause: converted ? first.cause : anyway,
    rates: ratesBy[scenario.combine](scenario.channels, baseline, met, end),
  };
}

type RatesAt = (
  channels: readonly SimulatedChannel[],
  baseline: number,
  touches: readonly SimulatedTouch[],
  time: number,
) => number[];

/** What the rate is made of at a time: what comes anyway, then what each touch adds. */
const ratesBy: Readonly<Record<'additive' | 'multiplicative', RatesAt>> = {
  additive: (channels, baseline, touches, time) => [
    baseline,
    ...touches.map((touch) => {
      const { effect, halfLifeDays } = at(channels, touch.channel);
      return ((effect * Math.LN2) / halfLifeDays) * 2 ** (-(time - touch.time) / halfLifeDays);
    }),
  ],
  multiplicative: (channels, baseline, touches, time) => {
    const heights = pile(channels, baseline, touches, time);
    return heights.map((height, index) => height - (heights[index - 1] ?? 0));
  },
};

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

type Convert = (
  scenario: Scenario,
  baseline: number,
  touches: readonly SimulatedTouch[],
  random: Random,
) => FirstConversion;

const conversions: Readonly<Record<'additive' | 'multiplicative', Convert>> = {
  additive: firstOfSources,
  multiplicative: firstOfProduct,
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
 * The rate is the baseline times exp(Σ a 2^(−age/h)). Between touches it only falls, so its value now bounds it. What
 * it is made of, bottom up: the baseline, then what each touch, oldest first, adds to the rate that was there without it.
 */
function firstOfProduct(
  { channels, windowDays }: Scenario,
  baseline: number,
  touches: readonly SimulatedTouch[],
  random: Random,
): FirstConversion {
  const process: RateProcess = {
    rates: (known, time) => ratesBy.multiplicative(channels, baseline, known, time),
    bound: (known, time) => pile(channels, baseline, known, time).at(-1) ?? baseline,
  };
  return firstByThinning(process, touches, windowDays, random);
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
