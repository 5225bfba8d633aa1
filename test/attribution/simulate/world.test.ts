import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/attribution/random.ts';
import { filesOf } from '../../../src/attribution/simulate/files.ts';
import { anyway } from '../../../src/attribution/simulate/life.ts';
import { live } from '../../../src/attribution/simulate/person.ts';
import { type Scenario, type ScenarioId, scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { misallocated, simulate, type World } from '../../../src/attribution/simulate/world.ts';

const ids = Object.keys(scenarios) as ScenarioId[];

function touchesOf({ observations: { starts, channel, time, end } }: World, person: number) {
  const from = starts[person] ?? 0;
  const to = starts[person + 1] ?? 0;
  return { channel: channel.slice(from, to), time: time.slice(from, to), end: end[person] };
}

describe.each(ids)('scenario %s', (id) => {
  const world = simulate(scenarios[id], 4_000, 7);
  const { observations, causes, truth } = world;

  it('is the same for the same seed, another for another', () => {
    expect(simulate(scenarios[id], 4_000, 7)).toEqual(world);
    expect(simulate(scenarios[id], 4_000, 8).observations.end).not.toEqual(observations.end);
  });

  it('has the same person n whatever its size', () => {
    const small = simulate(scenarios[id], 100, 7);
    for (let person = 0; person < 100; person += 1)
      expect(touchesOf(small, person)).toEqual(touchesOf(world, person));
  });

  it('ends everybody at the conversion or the window, touches before that and in order', () => {
    const { windowDays } = scenarios[id];
    for (const [person, did] of observations.converted.entries()) {
      const { time, end = 0 } = touchesOf(world, person);
      expect(did ? end <= windowDays : end === windowDays).toBe(true);
      expect([...time]).toEqual([...time].sort((one, other) => one - other));
      expect(time.every((one) => one >= 0 && one <= end)).toBe(true);
    }
  });

  it('names one cause for every conversion: a touch of that person, or none', () => {
    for (const [person, did] of observations.converted.entries()) {
      const cause = causes[person] ?? anyway;
      const own =
        cause >= (observations.starts[person] ?? 0) && cause < (observations.starts[person + 1] ?? 0);
      expect(cause === anyway || (did === 1 && own)).toBe(true);
    }
    expect(truth.channels.reduce((sum, share) => sum + share, truth.baseline)).toBeCloseTo(1, 12);
    expect(truth.baseline).toBeGreaterThan(0.2);
  });

  it('writes what it is', () => {
    const text = Object.fromEntries(filesOf(world).map(({ name, lines }) => [name, [...lines()].join('')]));
    const conversions = observations.converted.reduce((sum, one) => sum + one, 0);
    expect(text['touches.csv']?.trim().split('\n')).toHaveLength(observations.time.length + 1);
    expect(text['people.csv']?.trim().split('\n')).toHaveLength(4_001);
    expect(text['causes.csv']?.trim().split('\n')).toHaveLength(conversions + 1);
    expect(JSON.parse(text['truth.json'] ?? '')).toMatchObject({ seed: 7, people: 4_000, conversions });
  });
});

describe('the processes', () => {
  const people = 20_000;
  const channel = { name: 'a', rate: 0.05, effect: 0.4, halfLifeDays: 5, chases: 0 };
  const quiet: Scenario = { ...scenarios.A, baseline: 0.01, windowDays: 20, channels: [] };

  /** Four standard errors of a share. */
  function near(share: number, expected: number, count: number): void {
    expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / count));
  }

  it('converts at the baseline where there is no channel, in both kinds of world', () => {
    const expected = 1 - Math.exp(-0.01 * 20);
    for (const combine of ['additive', 'multiplicative'] as const) {
      const { observations, truth } = simulate({ ...quiet, combine }, people, 1);
      near(observations.converted.reduce((sum, one) => sum + one, 0) / people, expected, people);
      expect(truth).toEqual({ channels: [], baseline: 1 });
    }
  });

  it('adds a touch’s effect, as much of it as there is time for', () => {
    // Touches come evenly over 20 days: expected effect of one is 0.4 (1 − mean of 2^(−s/5)).
    const faded = (5 / Math.LN2 / 20) * (1 - 2 ** (-20 / 5));
    const perPerson = 0.05 * 20 * 0.4 * (1 - faded);
    const world = simulate({ ...quiet, baseline: 1e-9, channels: [channel] }, people, 2);
    const free = Array.from({ length: people }, (_, person) => live(world.scenario, new Random(2, person)));
    // Nobody converts ⇔ no process of any touch has an event; touches are Poisson, so this is exact.
    const converted = free.filter((life) => life.converted).length / people;
    const perTouch = 0.05 * integral((left) => 1 - Math.exp(-0.4 * (1 - 2 ** (-left / 5))), 20);
    near(converted, 1 - Math.exp(-perTouch), people);
    expect(perTouch).toBeLessThan(perPerson);
  });

  it('multiplies the rate by a touch’s factor', () => {
    const scenario: Scenario = {
      ...quiet,
      combine: 'multiplicative',
      baseline: 0.002,
      channels: [{ ...channel, rate: 2, effect: 0.3, halfLifeDays: 1e9 }],
    };
    const lives = Array.from({ length: people }, (_, person) => live(scenario, new Random(3, person)));
    // Without fading the rate after n touches is 0.002 e^(0.3 n), n Poisson(2 t): mean 0.002 exp(2 t (e^0.3 − 1)).
    const expected = integral((day) => 0.002 * Math.exp(2 * day * (Math.exp(0.3) - 1)), 3);
    const early = lives.filter((life) => life.converted && life.end <= 3).length / people;
    expect(early).toBeGreaterThan(expected * 0.85);
    expect(early).toBeLessThan(expected * 1.1);
    const anywayShare = lives.filter((life) => life.converted && life.cause === anyway).length / people;
    expect(anywayShare).toBeLessThan(0.002 * 20);
  });

  it('lets intent move rates without moving their mean', () => {
    const scenario: Scenario = {
      ...quiet,
      baseline: 1e-9,
      intent: 1,
      scoreNoise: 0.5,
      channels: [{ ...channel, effect: 1e-9, chases: 1 }],
    };
    const { observations } = simulate(scenario, people, 4);
    const score = observations.covariates[0]?.values ?? new Float64Array();
    expect(observations.covariates[0]?.name).toBe('lead_score');
    const mean = score.reduce((sum, one) => sum + one, 0) / people;
    const variance = score.reduce((sum, one) => sum + (one - mean) ** 2, 0) / people;
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(variance - 1.25)).toBeLessThan(0.06);
    const days = observations.end.reduce((sum, one) => sum + one, 0);
    expect(Math.abs(observations.time.length / days / 0.05 - 1)).toBeLessThan(0.1);
  });
});

describe('misallocated', () => {
  it('is half the sum of the differences, the baseline among them', () => {
    const truth = { channels: [0.5, 0.2], baseline: 0.3 };
    expect(misallocated(truth, truth)).toBe(0);
    expect(misallocated({ channels: [0.3, 0.2], baseline: 0.5 }, truth)).toBeCloseTo(0.2, 12);
    expect(misallocated({ channels: [0, 0], baseline: 1 }, truth)).toBeCloseTo(0.7, 12);
  });
});

/** Trapezoids. */
function integral(of: (at: number) => number, until: number): number {
  const steps = 10_000;
  const width = until / steps;
  let sum = (of(0) + of(until)) / 2;
  for (let step = 1; step < steps; step += 1) sum += of(step * width);
  return sum * width;
}
