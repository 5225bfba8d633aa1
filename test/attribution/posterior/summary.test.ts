/** What chains leave, as a fit: here, what their draws of help make of the intervals of shares. */
import { expect, it } from 'vitest';
import { converge } from '../../../src/attribution/posterior/converge.ts';
import { prepare, touchedOf } from '../../../src/attribution/posterior/ground.ts';
import { usualPosterior } from '../../../src/attribution/posterior/options.ts';
import { summaryOf } from '../../../src/attribution/posterior/summary.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';

const options = { ...usualPosterior, sweeps: 200, draws: 200, intent: false };
const touched = touchedOf(simulate(scenarios.A, 6_000, 3).observations, options);
const prepared = prepare(touched, [], options);
const walk = converge(touched, prepared);

/** The fit, were help of the busiest channels for each other found in all draws. */
function withHelp(help: number) {
  const { length } = prepared.ground.sample.company.members;
  for (const { helps } of walk.records)
    helps.forEach((_, draw) => {
      helps[draw] = help > 0 ? Array.from({ length }, (__, own) => [own * length, help]).flat() : [];
    });
  const { channels, baseline } = summaryOf({ touched, prepared, ...walk });
  return [...channels.map(({ share }) => share), baseline.share];
}

it('leaves shares more open where touches do not just add, around the same means', () => {
  const [adding, helping] = [withHelp(0), withHelp(2)];
  const width = (shares: typeof adding) => shares.reduce((sum, { low, high }) => sum + high - low, 0);
  expect(width(helping)).toBeGreaterThan(1.05 * width(adding));
  expect(helping.map(({ mean }) => mean)).toEqual(adding.map(({ mean }) => mean));
});
