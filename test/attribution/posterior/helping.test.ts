/** Channels that help each other: how long they had each other's company, and what is learnt of it. */
import { describe, expect, it } from 'vitest';
import type { Observations } from '../../../src/attribution/hazard/observations.ts';
import { ageClasses } from '../../../src/attribution/posterior/ages.ts';
import { Chain } from '../../../src/attribution/posterior/chain.ts';
import { freshDays } from '../../../src/attribution/posterior/company.ts';
import { ConversionRates } from '../../../src/attribution/posterior/conversion-rates.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { prepare, touchedOf } from '../../../src/attribution/posterior/ground.ts';
import { HelpStep } from '../../../src/attribution/posterior/helping.ts';
import { openPosterior } from '../../../src/attribution/posterior/open.ts';
import { usualPosterior } from '../../../src/attribution/posterior/options.ts';
import type { Ground, State } from '../../../src/attribution/posterior/state.ts';
import { Random } from '../../../src/attribution/random.ts';
import { journeyTo } from '../chat-journey.ts';
import { observed } from '../hazard/observed.ts';

const longest = 40;
const effect = 0.05;

/** So many people each: with a chat alone, and with a search on the same day. */
const each = 400;

/** Half of the chats of 400 people act within the longest watch; of those in company `inCompany` convert. */
function world(alone: number, inCompany: number): Observations {
  const group = (converted: number, touches: readonly (readonly [string, number])[]) =>
    Array.from({ length: each }, (_, at) =>
      at < converted ? { end: 4, converted: true, touches } : { end: longest, converted: false, touches },
    );
  return observed([
    ...group(alone, [['chat', 2]]),
    ...group(inCompany, [
      ['search', 1.5],
      ['chat', 2],
    ]),
  ]);
}

function groundOf(observations: Observations): Ground {
  const options = { ...usualPosterior, tiring: false, intent: false };
  return prepare(touchedOf(observations, options), [], options).ground;
}

/** Where chats do all, with a half-life of about three days. */
function stateOf(ground: Ground, observations: Observations): State {
  const { state } = new Chain(ground, new Random(1));
  const kernel = ground.grid.halfLife.findIndex((days) => days > 3);
  state.kernels.fill(kernel);
  state.effects.fill(1e-9);
  state.effects[observations.channels.indexOf('chat')] = effect;
  state.baseline = 1e-7;
  return state;
}

/** The mean of b over many draws, of chats in the company of search. */
function helpOfSearch(observations: Observations): number {
  const ground = groundOf(observations);
  const state = stateOf(ground, observations);
  const rates = new ConversionRates(ground);
  rates.refresh(state);
  const step = new HelpStep(ground, rates);
  const { members } = ground.sample.company;
  const [chat, search] = ['chat', 'search'].map((name) =>
    members.indexOf(observations.channels.indexOf(name)),
  );
  const cell = (chat ?? 0) * members.length + (search ?? 0);
  const random = new Random(5);
  const draws = 100;
  let sum = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const helps = step.draw(state, random);
    for (let at = 0; at < helps.length; at += 2) if (helps[at] === cell) sum += helps[at + 1] ?? 0;
  }
  return sum / draws;
}

describe('what is learnt', () => {
  it('is that chats do about three times as much beside a search, where as many convert', () => {
    const help = helpOfSearch(world(16, 48));
    expect(help).toBeGreaterThan(1.2);
    expect(help).toBeLessThan(4);
  });

  it('is next to nothing where as many convert as without', () => {
    expect(helpOfSearch(world(16, 16))).toBeLessThan(0.3);
  });
});

/** Four channels, each pair of them in company of 100 people each, and one touch of a channel that does nothing. */
function pairsOf(converted: number): Observations {
  const names = ['chat', 'search', 'email', 'event'];
  const people = names.flatMap((one, index) =>
    names.slice(index + 1).flatMap((other) =>
      Array.from({ length: 100 }, (_, at) => {
        const touches: readonly (readonly [string, number])[] = [
          [one, 1.9],
          [other, 2],
        ];
        return at < converted
          ? { end: 4, converted: true, touches }
          : { end: longest, converted: false, touches };
      }),
    ),
  );
  const hardlySeen = {
    end: longest,
    converted: false,
    touches: [
      ['fax', 1.9],
      ['chat', 2],
    ] as const,
  };
  return observed([...people, hardlySeen]);
}

/** How often the fax is thought to be helped by a chat. */
function faxHelped(observations: Observations): number {
  const ground = groundOf(observations);
  const state = stateOf(ground, observations);
  for (const name of ['search', 'email', 'event'])
    state.effects[observations.channels.indexOf(name)] = effect;
  const rates = new ConversionRates(ground);
  rates.refresh(state);
  const step = new HelpStep(ground, rates);
  const { members } = ground.sample.company;
  const [fax, chat] = ['fax', 'chat'].map((name) => members.indexOf(observations.channels.indexOf(name)));
  const cell = (fax ?? 0) * members.length + (chat ?? 0);
  const random = new Random(6);
  const draws = 400;
  let helped = 0;
  for (let draw = 0; draw < draws; draw += 1)
    helped += Number(step.draw(state, random).some((one, at) => at % 2 === 0 && one === cell));
  return helped / draws;
}

describe('a pair that is hardly seen', () => {
  it('is thought to help as often as those that are seen well', () => {
    // Without help about 10 of 100 convert.
    expect(faxHelped(pairsOf(8))).toBeLessThan(0.08);
    expect(faxHelped(pairsOf(35))).toBeGreaterThan(0.2);
  });
});

describe('how long touches were in company', () => {
  it('is as an integral over the days gives', () => {
    const observations = observed([
      {
        end: 30,
        converted: false,
        touches: [
          ['chat', 1],
          ['search', 3],
          ['search', 5],
          ['search', 20],
        ],
      },
      { end: 9, converted: true, touches: [['chat', 8]] },
    ]);
    const ground = groundOf(observations);
    const { company } = ground.sample;
    const [chat, search] = ['chat', 'search'].map((name) =>
      company.members.indexOf(observations.channels.indexOf(name)),
    );
    const pair = company.pairs.find(({ own, other }) => own === chat && other === search);
    const { classes, counts } = pair?.ages[0] ?? { classes: [], counts: [] };
    const kernel = ground.grid.halfLife.findIndex((days) => days > 5);
    const halfLife = ground.grid.halfLife[kernel] ?? 1;
    let counted = 0;
    for (const [at, age] of classes.entries())
      counted += (counts[at] ?? 0) * (ground.tables.cumulative[kernel * ageClasses + age] ?? 0);
    const come = (age: number) => 1 - 2 ** (-age / halfLife);
    const expected = come(5 + freshDays - 1) - come(2) + come(20 + freshDays - 1) - come(19);
    expect(counted).toBeCloseTo(expected, 2);
  });
});

describe('a deal', () => {
  const end = Date.parse('2026-05-06T12:00:00Z');
  const fit = fitPosterior(world(8, 24), { sweeps: 100, draws: 20, intent: false, mostRHat: 9, leastEss: 1 });
  const [chat, search] = ['chat', 'search'].map((name) => fit.channels.findIndex((one) => one.name === name));
  const members = [chat ?? 0, search ?? 0];
  const shares = (helps: readonly number[], searchAge: number) => {
    const company = { members, helps: fit.draws.map(() => helps) };
    const deal = journeyTo(end, [
      ['search', searchAge],
      ['chat', 2],
    ]);
    return openPosterior({ ...fit, company }, 'v1').split(deal).shares[1] ?? 0;
  };
  /** Chats beside search do three times as much. */
  const helped = [1, 2];

  it('has more of a touch that another helped, while that one was fresh', () => {
    expect(shares(helped, 3)).toBeGreaterThan(shares([], 3));
    expect(shares(helped, freshDays + 1)).toBe(shares([], freshDays + 1));
  });

  it('is credited as before by a fit that knew nothing of company', () => {
    const { company: _, ...older } = fit;
    const deal = journeyTo(end, [
      ['search', 3],
      ['chat', 2],
    ]);
    expect(openPosterior(older, 'v1').split(deal).shares[1]).toBe(shares([], 3));
  });
});
