/** What no parameter tells about one deal: intervals of a fit whose parameters are known exactly. */
import { expect, it } from 'vitest';
import type { Journey } from '../../../src/attribution/model.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { shapes } from '../../../src/attribution/posterior/kernels.ts';
import { openPosterior } from '../../../src/attribution/posterior/open.ts';
import { type ChannelDraw, rowOf } from '../../../src/attribution/posterior/parameters.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { journeyTo } from '../chat-journey.ts';

const end = Date.parse('2026-05-06T12:00:00Z');
const { observations } = simulate(scenarios.A, 300, 3);
const fitted = fitPosterior(observations, { sweeps: 200, intent: false });

/** The width of the interval of the deal's chats, were all kernels of this shape, and nothing unknown. */
function width(shape: string, deal: Journey): number {
  const channel: ChannelDraw = {
    ...{ effect: 0.02, halfLifeDays: 3, tiring: 0 },
    shape: shapes.findIndex(({ name }) => name === shape),
  };
  const row = rowOf({
    baseline: 1e-3,
    slopes: [],
    channels: fitted.channels.map(() => channel).concat(channel),
  });
  const diagnostics = { ...fitted.diagnostics, converged: true };
  const model = openPosterior({ ...fitted, diagnostics, draws: fitted.draws.map(() => row) }, 'v1');
  const { low = 0, high = 0 } = model.evidence?.interval(deal, [0], 'everything') ?? {};
  return high - low;
}

it('is unsure of an old touch where people differ in how long they remember, and no more where they do not', () => {
  const old = journeyTo(end, [
    ['chat', 12],
    ['email', 1],
  ]);
  expect(width('fading', old)).toBeGreaterThan(0.01);
  expect(width('mixed', old)).toBeGreaterThan(3 * width('fading', old));
  expect(width('lingering', old)).toBeGreaterThan(3 * width('fading', old));
});
