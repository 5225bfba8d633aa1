import { describe, expect, it } from 'vitest';
import { idOf, wordOf } from '../../src/attribution/names.ts';
import { attributionSchema } from '../../src/settings/attribution.ts';
import { fittedKinds } from '../../src/sync/attribute/kinds/kinds.ts';
import { wrongNames } from '../../src/sync/attribute/models.ts';

const jargon = /hazard/i;

describe('the names of models', () => {
  it('are words that need no textbook, wherever people read of one', () => {
    const read = fittedKinds.flatMap(({ id, title }) => [wordOf(id), title]);
    expect(read.filter((name) => jargon.test(name))).toEqual([]);
    expect(new Set(read).size).toBe(read.length);
  });

  it('may be typed as a word or as an id', () => {
    for (const { id } of fittedKinds) expect([idOf(id), idOf(wordOf(id))]).toEqual([id, id]);
    const given = { models: ['linear', 'data-driven', 'data-driven:map'], creditModel: 'data-driven' };
    const settings = attributionSchema.parse(given);
    expect(settings).toMatchObject({ models: ['linear', 'hazard', 'hazard:map'], creditModel: 'hazard' });
    expect(wrongNames(settings)).toEqual([]);
    expect(attributionSchema.parse({ models: ['hazard'] }).creditModel).toBe('hazard');
  });

  it('are suggested as words', () => {
    const [wrong] = wrongNames(attributionSchema.parse({ models: ['linear', 'data-drivn'] }));
    expect(wrong?.remedy).toMatch(/data-driven/);
    expect(wrong?.remedy).not.toMatch(jargon);
  });

  it('leave a rule of the admin’s own the name that it has', () => {
    const customModels = { 'data-driven': { others: 100 } };
    const settings = attributionSchema.parse({ customModels, models: ['data-driven'] });
    expect(settings).toMatchObject({ models: ['data-driven'], creditModel: 'data-driven' });
    expect(attributionSchema.parse({ customModels }).creditModel).toBe('hazard');
  });
});
