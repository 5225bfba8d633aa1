/** Rules of the admin's own, from the settings to the deal. */
import { describe, expect, it } from 'vitest';
import { attributionSchema } from '../../src/settings/attribution.ts';
import { wrongNames } from '../../src/sync/attribute/models.ts';
import { linesOf, onEachDatabase } from './fit-hub.ts';
import { found } from './hub.ts';

const ours = { firstTouch: 20, lastTouch: 50, others: 30 };

onEachDatabase('a model of the admin’s own', ({ started }) => {
  it('credits deals by the parts that the settings give', async () => {
    const { hub, world } = await started({ models: ['ours'], customModels: { ours }, creditModel: 'ours' });
    const lines = (await linesOf(hub, world)).filter(({ model }) => model === 'ours');
    const journeys = [...Map.groupBy(lines, ({ dealId }) => dealId).values()];
    const long = found(
      journeys.find((touches) => touches.length > 2),
      'a journey of three touches',
    ).toSorted((a, b) => a.time - b.time);
    const between = long.slice(1, -1);
    expect(long[0]?.share).toBeCloseTo(0.2, 9);
    expect(long.at(-1)?.share).toBeCloseTo(0.5, 9);
    for (const { share } of between) expect(share).toBeCloseTo(0.3 / between.length, 9);
    expect(long[0]?.reason).toBe('It was the first touch: 20 %.');
  });
});

describe('the settings of a model of one’s own', () => {
  it('must not take the name of one of the hub’s, and percentages sum to 100', () => {
    const settings = attributionSchema.parse({ customModels: { hazard: ours, fair: { others: 100 } } });
    expect(wrongNames(settings).map(({ path }) => path)).toEqual([['customModels', 'hazard']]);
    const short = attributionSchema.safeParse({ customModels: { ours: { ...ours, others: 29 } } });
    expect(short.error?.issues.map(({ message }) => message)).toEqual(['the percentages must sum to 100.']);
  });
});
