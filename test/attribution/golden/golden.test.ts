/** Stored results of the plain solver: it still gives them, and so does the engine, from the file to the credit. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { pathModel, usualPathSettings } from '../../../src/attribution/path-models.ts';
import { readJourneys } from '../../../src/attribution/run.ts';
import { cases, csvOf, placeOf, stored } from './cases.ts';
import { type PlainCredits, plainCredits } from './plain.ts';

/** Of 1, or of the number where it is larger. */
const tolerance = 1e-9;

function expectSame(found: PlainCredits, expected: PlainCredits): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [channel, { conversions, value }] of Object.entries(expected)) {
    expectClose(found[channel]?.conversions ?? Number.NaN, conversions);
    expectClose(found[channel]?.value ?? Number.NaN, value);
  }
}

function expectClose(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, expected));
}

async function engine(name: string, model: string): Promise<PlainCredits> {
  const channels = new Channels();
  const { counts, credit } = pathModel(model, channels, usualPathSettings);
  const file = fileURLToPath(placeOf(name, 'csv'));
  await readJourneys({ file, header: true, columns: {}, separator: '>' }, channels, counts);
  return Object.fromEntries(credit().credit.map(({ channel, ...rest }) => [channel, rest]));
}

describe.each(Object.entries(cases))('%s', (name, given) => {
  const expected: Record<string, PlainCredits> = JSON.parse(stored(name, 'json'));

  it('is what the plain solver gives for these journeys', () => {
    expect(stored(name, 'csv')).toBe(csvOf(given));
    const anew = plainCredits(given);
    expect(Object.keys(anew)).toEqual(Object.keys(expected));
    for (const [model, credits] of Object.entries(anew)) expectSame(credits, expected[model] ?? {});
  });

  it.each(Object.keys(expected))('%s', async (model) => {
    expectSame(await engine(name, model), expected[model] ?? {});
  });
});
