/** Settings that a running process cannot take up: where it keeps things, where it listens, what runs inside it. */
import type { LoadedSettings } from '../settings/load.ts';
import { Problem, together } from '../support/problem.ts';

const fixed: Readonly<Record<string, (settings: LoadedSettings) => unknown>> = {
  data: ({ data }) => data,
  database: ({ database }) => database,
  log: ({ log }) => log,
  'server.host': ({ server }) => server.host,
  'server.port': ({ server }) => server.port,
  emulate: ({ connections }) =>
    Object.entries(connections).flatMap(([name, { emulate }]) => (emulate ? [`${name} ${emulate}`] : [])),
};

/** Throws a `configuration` Problem for each that was edited while the hub runs. */
export function refuseLateChanges(running: LoadedSettings, edited: LoadedSettings): void {
  const late = Object.entries(fixed)
    .filter(([, read]) => JSON.stringify(read(running)) !== JSON.stringify(read(edited)))
    .map(([name]) => {
      const remedy = 'Start the hub again.';
      const where = edited.place?.(name.split('.')) ?? edited.file;
      return new Problem('configuration', `A new \`${name}\` takes effect only at a start.`, {
        where,
        remedy,
      });
    });
  if (late.length > 0) throw together(late);
}
