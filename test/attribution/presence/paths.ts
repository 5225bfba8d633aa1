/** Simulated paths through a model, for tests. */
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { outcomeOf } from '../../../src/attribution/journeys/sink.ts';
import type { PathSettings } from '../../../src/attribution/path-models.ts';
import { type PathCredit, pathModel, usualPathSettings } from '../../../src/attribution/path-models.ts';
import {
  type PathWorld,
  type SimulatedPath,
  shareError,
  simulatePaths,
} from '../../../src/attribution/simulate/paths.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';

export { shareError, simulatePaths };

export function creditOf(
  { names, paths }: Pick<PathWorld, 'names' | 'paths'>,
  model: string,
  settings: Partial<PathSettings> = {},
): PathCredit {
  const channels = new Channels();
  const { counts, credit } = pathModel(model, channels, { ...usualPathSettings, ...settings });
  for (const path of paths) {
    const touches = Int32Array.from(path.channels, (channel) => channels.id(names[channel] ?? ''));
    counts.add(touches, touches.length, outcomeOf(path.converted));
  }
  return credit();
}

/** Mean error of the shares of the channels. */
export function errorOf(world: PathWorld, { credit }: PathCredit): number {
  const all = credit.reduce((sum, { conversions }) => sum + conversions, 0);
  const share = (name: string) => (credit.find(({ channel }) => channel === name)?.conversions ?? 0) / all;
  return shareError(world.names.map(share), world.truth);
}

/** The paths of a world with times, in which conversions end journeys. */
export function timelessPaths(id: 'A' | 'B' | 'C', people: number, seed: number): PathWorld {
  const { observations, truth } = simulate(scenarios[id], people, seed);
  const paths: SimulatedPath[] = [];
  for (const [person, did] of observations.converted.entries()) {
    const [from = 0, to = 0] = observations.starts.subarray(person, person + 2);
    if (from < to)
      paths.push({ channels: [...observations.channel.subarray(from, to)], converted: did === 1 });
  }
  const all = truth.channels.reduce((sum, one) => sum + one, 0);
  return { names: observations.channels, paths, truth: truth.channels.map((one) => one / all) };
}
