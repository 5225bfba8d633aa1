/** What no parameter tells about one deal: intervals of a fit whose parameters are known exactly. */
import { describe, expect, it } from 'vitest';
import type { Interval, Journey } from '../../../src/attribution/model.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { type ShapeName, shapeNames } from '../../../src/attribution/posterior/kernels.ts';
import { openPosterior } from '../../../src/attribution/posterior/open.ts';
import { type ChannelDraw, type PosteriorFit, rowOf } from '../../../src/attribution/posterior/parameters.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { journeyTo } from '../chat-journey.ts';

const end = Date.parse('2026-05-06T12:00:00Z');
const { observations } = simulate(scenarios.A, 300, 3);
const fitted = fitPosterior(observations, { sweeps: 200, intent: false });
const chat = fitted.channels.findIndex(({ name }) => name === 'chat');

/** Every draw the same. */
function known(shape: ShapeName, company: PosteriorFit['company']): PosteriorFit {
  const channel: ChannelDraw = {
    effect: 0.02,
    halfLifeDays: 3,
    tiring: 0,
    shape: shapeNames.indexOf(shape),
  };
  const channels = fitted.channels.map(() => channel).concat(channel);
  const row = rowOf({ baseline: 1e-3, slopes: [], channels });
  const { company: _, ...rest } = fitted;
  return {
    ...rest,
    diagnostics: { ...fitted.diagnostics, converged: true },
    draws: fitted.draws.map(() => row),
    ...(company ? { company } : {}),
  };
}

/** All draws find that chats do so many times more beside a channel that no deal here has. */
function helping(help: number): PosteriorFit['company'] {
  const members = [chat, 99];
  return { members, helps: fitted.draws.map(() => (help > 0 ? [1, help] : [])) };
}

const deal = journeyTo(end, [
  ['chat', 3],
  ['email', 1],
]);
const longAgo = journeyTo(end, [['chat', 15]]);

function width(fit: PosteriorFit, journey: Journey = deal, level?: number): number {
  const none: Interval = { low: 0, high: 0 };
  const { low, high } =
    openPosterior(fit, 'v1').evidence?.interval(journey, [0], 'everything', level) ?? none;
  return high - low;
}

it('is unsure of a deal by a fit that never looked for what channels do for each other', () => {
  const older = known('fading', undefined);
  expect(width(older)).toBeGreaterThan(0.05);
  expect(width(older)).toBeLessThan(0.5);
});

it('is narrower at 80 % than at 95 %, which is what it gives where none is named', () => {
  const older = known('fading', undefined);
  expect(width(older, deal, 0.8)).toBeLessThan(width(older, deal, 0.95));
  expect(width(older, deal, 0.95)).toBe(width(older));
});

describe('where touches of channels help each other', () => {
  it('is the less sure of single deals, the more they do', () => {
    const [nothing = 0, little = 0, much = 0] = [0, 1, 4].map((help) =>
      width(known('fading', helping(help))),
    );
    expect(nothing).toBeLessThan(1e-9);
    expect(little).toBeGreaterThan(0.05);
    expect(much).toBeGreaterThan(1.2 * little);
  });
});

describe('where people remember differently long', () => {
  it('is unsure of a touch long past, as it cannot know whose it was', () => {
    const idle = helping(0);
    expect(width(known('fading', idle), longAgo)).toBeLessThan(1e-9);
    expect(width(known('mixed', idle), longAgo)).toBeGreaterThan(0.05);
    expect(width(known('lingering', idle), longAgo)).toBeGreaterThan(0.05);
  });

  it('gives the same interval each time', () => {
    const [one, other] = [known('mixed', helping(1)), known('mixed', helping(1))];
    expect(width(one, longAgo)).toBe(width(other, longAgo));
  });
});
