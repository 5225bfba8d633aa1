/** A hub on empty emulators for benchmarks, in a throw-away directory. */
import { type App, openApp } from '../src/app.ts';
import { settingsSchema } from '../src/settings/schema.ts';
import type { Clock } from '../src/support/clock.ts';
import { silentLog } from '../src/support/log.ts';

export interface BenchOptions {
  readonly systems: readonly string[];
  readonly world?: 'demo' | 'empty';
  readonly knobs?: Parameters<typeof openApp>[1]['knobs'];
  /** Overrides of a connection's config, by system. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly clock?: Clock;
}

export function openBenchHub({
  systems,
  world = 'empty',
  knobs = {},
  config = {},
  clock,
}: BenchOptions): Promise<App> {
  const connections = Object.fromEntries(
    systems.map((connector) => [
      connector,
      { connector, emulate: world, writes: 'on', config: config[connector] ?? {} },
    ]),
  );
  const settings = settingsSchema.parse({
    connections,
    safety: { maxShare: 1, firstCreation: 'allow' },
    attribution: { refit: 'off' },
    log: 'silent',
    data: 'temporary',
  });
  const mappings = new URL('../mappings', import.meta.url).pathname;
  return openApp(
    { ...settings, mappings, file: 'bench' },
    { env: {}, log: silentLog, signal: new AbortController().signal, knobs, ...(clock && { clock }) },
  );
}
