/** What the pages show of the demo is what it prints; after a change of the story or of a model: `npm run samples`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pages, root, samplesIn, type Told, tellSamples, withSamples } from './samples.ts';

const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

describe('samples', () => {
  let told: Told;
  beforeAll(async () => {
    told = await tellSamples();
  }, 600_000);

  it('the demo prints a summary for people', () => {
    const { demo } = told;
    expect(demo).toContain('The ten deals with most chat credit');
    expect(demo).toMatch(/^ {2}salesforce( +[\d,]+){6}$/m);
    expect(demo.match(/ % +[\d,]+\.\d\d [A-Z]{3} {2}(won|lost|open) +\w+ by \d+ chats?$/gm)).toHaveLength(10);
    expect(demo).toMatch(/Parked: 0/);
    expect(demo).toMatch(/^(\d+) deals; .* \1 hold the credit/m);
  });

  it('each stands in a page', () => {
    expect(pages.flatMap((page) => samplesIn(textOf(page))).toSorted()).toEqual(
      [...told.samples.keys()].toSorted(),
    );
  });

  it.each(pages)('of %s are what the commands print: `npm run samples` writes them', (page) => {
    expect(textOf(page)).toBe(withSamples(textOf(page), told.samples));
  });

  it('name no method that only a textbook explains', () => {
    for (const [name, text] of told.samples)
      expect([name, text]).toEqual([name, expect.not.stringMatching(/hazard/i)]);
  });
});
