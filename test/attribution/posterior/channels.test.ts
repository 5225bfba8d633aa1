/** Kernels are drawn among all of them or among a few: both lead to the same chances. */
import { expect, it } from 'vitest';
import { Chain } from '../../../src/attribution/posterior/chain.ts';
import { ChannelStep } from '../../../src/attribution/posterior/channels.ts';
import { prepare, touchedOf } from '../../../src/attribution/posterior/ground.ts';
import { usualPosterior } from '../../../src/attribution/posterior/options.ts';
import { exposureAt, rateOf } from '../../../src/attribution/posterior/state.ts';
import { Random } from '../../../src/attribution/random.ts';
import { observed } from '../hazard/observed.ts';

const options = { ...usualPosterior, intent: false, tiring: false };
const observations = observed([
  ...[1, 2, 3, 6, 9].map((age) => ({ end: 10 + age, converted: true, touches: [['chat', 10] as const] })),
  ...Array.from({ length: 30 }, (_, at) => ({
    end: 40,
    converted: false,
    touches: [['chat', at] as const],
  })),
]);
const { ground } = prepare(touchedOf(observations, options), [], options);
const { sample, grid, tables } = ground;

it('draws half-lives and shapes as often as their chances are, given the conversions of the channel', () => {
  const { state } = new Chain(ground, new Random(1));
  const cause = Int32Array.from(sample.conversions.channel.keys());
  const count = cause.length;
  const totals = Float64Array.of(count, 0);
  const sources = { cause, counts: Int32Array.of(count), drawn: totals, expected: totals };

  const logs = Array.from(grid.shape, (shape, kernel) => {
    const off = (Math.log(grid.halfLife[kernel] ?? 1) - state.pool.mean) / state.pool.spread;
    const exposure = sample.exposure[exposureAt(ground, 0, 0, kernel)] ?? 0;
    const seen = Array.from(
      sample.conversions.age,
      (age) => tables.logDensity[age * grid.shape.length + kernel] ?? 0,
    );
    return (
      Math.log(state.pool.shapes[shape] ?? 0) -
      off ** 2 / 2 -
      (state.pool.shape + count) * Math.log(rateOf(ground, state.pool, 0) + exposure) +
      seen.reduce((sum, one) => sum + one, 0)
    );
  });
  const top = Math.max(...logs);
  const chances = logs.map((log) => Math.exp(log - top));
  const all = chances.reduce((sum, one) => sum + one, 0);

  const step = new ChannelStep(ground);
  const random = new Random(3);
  const draws = 30_000;
  const often = new Float64Array(chances.length);
  for (let draw = 0; draw < draws; draw += 1) {
    step.draw(state, sources, random);
    const kernel = state.kernels[0] ?? 0;
    often[kernel] = (often[kernel] ?? 0) + 1 / draws;
  }
  const apart = chances.reduce(
    (sum, chance, kernel) => sum + Math.abs(chance / all - (often[kernel] ?? 0)),
    0,
  );
  expect(apart / 2).toBeLessThan(0.04);
});
