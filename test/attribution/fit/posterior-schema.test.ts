/** Posteriors that are in the store already. */
import { expect, it } from 'vitest';
import { parsePosterior } from '../../../src/attribution/fit/posterior-schema.ts';
import {
  type PosteriorSnapshot,
  posteriorSnapshot,
  posteriorVersion,
} from '../../../src/attribution/fit/posterior-snapshot.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { toJson } from '../../../src/support/json.ts';

const { observations } = simulate(scenarios.A, 150, 3);
const fit = fitPosterior(observations, { sweeps: 200, draws: 8 });
const snapshot = posteriorSnapshot(observations, fit, [], { window: { from: 0, to: 1 }, seed: 1 });

it('are read back as they were kept', () => {
  expect(parsePosterior(toJson(snapshot), 'x')).toEqual(snapshot);
});

it('keep their version from before effects could be those of two kinds of people', () => {
  const older: PosteriorSnapshot = {
    ...snapshot,
    fit: {
      ...fit,
      channels: fit.channels.map(({ shapes: { mixed, ...shapes }, ...channel }) => ({ ...channel, shapes })),
    },
  };
  const read = parsePosterior(toJson(older), 'x');
  expect(read).toEqual(older);
  expect(posteriorVersion(read)).toBe(posteriorVersion(older));
});

it('keep their version from before channels could help each other', () => {
  const { company: _, ...before } = fit;
  const older: PosteriorSnapshot = { ...snapshot, fit: before };
  const read = parsePosterior(toJson(older), 'x');
  expect(read).toEqual(older);
  expect(posteriorVersion(read)).toBe(posteriorVersion(older));
});
