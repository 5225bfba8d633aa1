/** Where the truth is known: journeys that are over when their outcome is drawn, and journeys that conversions end. */
import { describe, expect, it } from 'vitest';
import { creditOf, errorOf, simulatePaths, timelessPaths } from './paths.ts';

describe('journeys whose outcome is drawn at their end', () => {
  const plain = simulatePaths('presence', 20_000, 11);
  const pairs = simulatePaths('pairs', 20_000, 11);

  it.each([
    'last',
    'linear',
    'position',
    'markov:1',
    'markov:3',
    'shapley',
  ])('%s is off by more than 0.05', (model) => {
    expect(errorOf(plain, creditOf(plain, model))).toBeGreaterThan(0.05);
  });

  it('presence is off by less than 0.018', () => {
    const found = creditOf(plain, 'presence');
    expect(errorOf(plain, found)).toBeLessThan(0.018);
    expect(found.presence).toMatchObject({ form: 'sets', ending: 'watch', endingIs: 'seen' });
  });

  it('pairs of channels have effects of their own where they pay, and only there', () => {
    const found = creditOf(pairs, 'presence');
    expect(errorOf(pairs, found)).toBeLessThan(0.012);
    const effect = (one: string, other: string) =>
      found.presence?.pairs?.find(({ channels }) => channels.join() === `${one},${other}`)?.effect ?? 0;
    expect(effect('display', 'search')).toBeGreaterThan(0.6);
    expect(effect('event', 'social')).toBeLessThan(-0.3);
    expect(creditOf(plain, 'presence').presence?.pairs).toBeUndefined();
  });

  it('what comes without any channel is told, and is nobody’s', () => {
    const { presence, credit } = creditOf(plain, 'presence');
    const chance = 1 / (1 + Math.exp(4));
    const conversions = plain.paths.filter(({ converted }) => converted).length;
    expect(presence?.baseline).toBeCloseTo((chance * plain.paths.length) / conversions, 1);
    expect(credit.reduce((sum, one) => sum + one.conversions, 0)).toBeCloseTo(conversions, 6);
  });
});

describe('journeys that end with their conversion', () => {
  const ends = simulatePaths('ends', 10_000, 11);

  it('are seen to, and counted touch by touch', () => {
    const found = creditOf(ends, 'presence');
    expect(found.presence).toMatchObject({ form: 'steps', ending: 'conversion', endingIs: 'seen' });
    expect(found.presence?.statements.join(' ')).toMatch(
      /conversions seem to end these journeys.*--ends watch/,
    );
    expect(errorOf(ends, found)).toBeLessThan(0.01);
  });

  it('would get nonsense from a comparison of whole journeys', () => {
    expect(errorOf(ends, creditOf(ends, 'presence', { ends: 'watch' }))).toBeGreaterThan(0.04);
  });

  it.each([
    'A',
    'B',
    'C',
  ] as const)('in world %s, whose times are lost, are off less than by Markov', (id) => {
    const world = timelessPaths(id, 10_000, 11);
    const found = creditOf(world, 'presence');
    expect(found.presence?.form).toBe('steps');
    expect(errorOf(world, found)).toBeLessThan(0.8 * errorOf(world, creditOf(world, 'markov:1')));
  });

  it('are no world in which order matters, but nothing ends with a conversion', () => {
    const recency = simulatePaths('recency', 20_000, 11);
    const found = creditOf(recency, 'presence');
    expect(found.presence?.ending).toBe('watch');
    expect(found.presence?.statements.join(' ')).toMatch(/order of touches matters/);
  });
});
