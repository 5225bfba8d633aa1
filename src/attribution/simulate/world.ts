/** A simulated population as observations, with the true causes beside them. */

import type { Covariate, Observations } from '../hazard/observations.ts';
import type { Shares } from '../hazard/shares.ts';
import { widenFloat64, widenInt32 } from '../journeys/growable.ts';
import { Random } from '../random.ts';
import { anyway, type Life } from './life.ts';
import { live } from './person.ts';
import type { Scenario } from './scenarios.ts';

export interface World {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly observations: Observations;
  /** Per person: index into `observations.channel` of the touch that caused the conversion; −1 where none did. */
  readonly causes: Int32Array;
  readonly truth: Shares;
  /** Of each person who converted: the true rates at the end, of what came anyway and then of each touch. */
  readonly rates: ReadonlyMap<number, readonly number[]>;
}

/** Person n is the same in a world of any size. */
export function simulate(scenario: Scenario, people: number, seed: number): World {
  const end = new Float64Array(people);
  const converted = new Uint8Array(people);
  const starts = new Int32Array(people + 1);
  const causes = new Int32Array(people);
  const scores = new Float64Array(people);
  const rates = new Map<number, readonly number[]>();
  let channel = new Int32Array(16);
  let time = new Float64Array(16);
  for (let person = 0; person < people; person += 1) {
    const random = new Random(seed, person);
    const life = live(scenario, random);
    const from = starts[person] ?? 0;
    const to = from + life.touches.length;
    channel = widenInt32(channel, to);
    time = widenFloat64(time, to);
    life.touches.forEach((touch, index) => {
      channel[from + index] = touch.channel;
      time[from + index] = touch.time;
    });
    end[person] = life.end;
    converted[person] = life.converted ? 1 : 0;
    starts[person + 1] = to;
    causes[person] = life.cause === anyway ? anyway : from + life.cause;
    if (life.converted) rates.set(person, life.rates);
    scores[person] = score(scenario, life, random);
  }
  const touches = starts[people] ?? 0;
  const observations = {
    channels: scenario.channels.map(({ name }) => name),
    covariates: covariates(scenario, scores),
    end,
    converted,
    starts,
    channel: channel.slice(0, touches),
    time: time.slice(0, touches),
  };
  return { scenario, seed, observations, causes, truth: trueShares(observations, causes), rates };
}

/** A lead score sees intent through noise. */
function score({ scoreNoise }: Scenario, { intent }: Life, random: Random): number {
  return scoreNoise === undefined ? 0 : intent + scoreNoise * random.normal();
}

function covariates({ scoreNoise }: Scenario, values: Float64Array): Covariate[] {
  return scoreNoise === undefined ? [] : [{ name: 'lead_score', values }];
}

function trueShares({ channels, converted, channel }: Observations, causes: Int32Array): Shares {
  const counts = channels.map(() => 0);
  let conversions = 0;
  let baseline = 0;
  converted.forEach((did, person) => {
    if (!did) return;
    conversions += 1;
    const cause = causes[person] ?? anyway;
    if (cause === anyway) baseline += 1;
    else {
      const id = channel[cause] ?? 0;
      counts[id] = (counts[id] ?? 0) + 1;
    }
  });
  const share = (count: number) => (conversions > 0 ? count / conversions : 0);
  return { channels: counts.map(share), baseline: share(baseline) };
}

/** The part of all credit that went to the wrong place, 0 to 1: half the sum of the absolute differences. */
export function misallocated(credited: Shares, truth: Shares): number {
  const differences = truth.channels.map((share, channel) =>
    Math.abs(share - (credited.channels[channel] ?? 0)),
  );
  return differences.reduce((sum, one) => sum + one, Math.abs(truth.baseline - credited.baseline)) / 2;
}
