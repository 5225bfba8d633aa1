/** What no parameter tells about one deal: intervals of a fit whose parameters are known exactly. */
import { expect, it } from 'vitest';
import type { Interval } from '../../../src/attribution/model.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { openPosterior } from '../../../src/attribution/posterior/open.ts';
import { type ChannelDraw, rowOf } from '../../../src/attribution/posterior/parameters.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { journeyTo } from '../chat-journey.ts';

const end = Date.parse('2026-05-06T12:00:00Z');
const { observations } = simulate(scenarios.A, 300, 3);
const { company: _, ...fitted } = fitPosterior(observations, { sweeps: 200, intent: false });

const channel: ChannelDraw = { effect: 0.02, halfLifeDays: 3, tiring: 0, shape: 0 };
const row = rowOf({
  baseline: 1e-3,
  slopes: [],
  channels: fitted.channels.map(() => channel).concat(channel),
});
const diagnostics = { ...fitted.diagnostics, converged: true };
const model = openPosterior({ ...fitted, diagnostics, draws: fitted.draws.map(() => row) }, 'v1');
const deal = journeyTo(end, [
  ['chat', 3],
  ['email', 1],
]);
const width = (level?: number) => {
  const none: Interval = { low: 0, high: 0 };
  const { low, high } = model.evidence?.interval(deal, [0], 'everything', level) ?? none;
  return high - low;
};

it('is unsure of a deal even where all of its channels are known', () => {
  expect(width()).toBeGreaterThan(0.05);
  expect(width()).toBeLessThan(0.4);
});

it('is narrower at 80 % than at 95 %, which is what it gives where none is named', () => {
  expect(width(0.8)).toBeLessThan(width());
  expect(width(0.95)).toBe(width());
});
