/**
 * What a command gets: its options, the hub when it asks for one, and where to say things. The hub with its
 * connectors and the vendors' SDKs is loaded only when it is asked for: usage errors and help come at once.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { Log, LogLevel } from '../support/log.ts';
import { Problem } from '../support/problem.ts';
import type { Output } from './output.ts';
import { packageFolder } from './package.ts';

export interface Invocation extends Pick<Output, 'print' | 'say'> {
  readonly options: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  with(options: Readonly<Record<string, unknown>>): Invocation;
  settings(): Promise<LoadedSettings>;
  /** Opens the hub, hands it over, closes it whatever happens. Throws what is wrong with its configuration. */
  withApp<T>(work: (app: App) => Promise<T>): Promise<T>;
  log(settings?: LoadedSettings): Promise<Log>;
}

export function invocation(
  signal: AbortSignal,
  output: Pick<Output, 'print' | 'say'>,
  options: Readonly<Record<string, unknown>> = {},
): Invocation {
  const { print, say } = output;
  const self: Invocation = {
    options,
    signal,
    print,
    say,
    with: (given) => invocation(signal, output, { ...options, ...given }),
    settings: async () => {
      const { loadSettings } = await import('../settings/load.ts');
      return loadSettings(configFile(options.config, say), process.env);
    },
    withApp: async (work) => {
      const settings = await self.settings();
      const log = await self.log(settings);
      const { openApp } = await import('../app.ts');
      const app = await openApp(settings, { env: process.env, log, signal });
      try {
        return await work(app);
      } finally {
        await app.close();
      }
    },
    log: async (settings) => {
      const level = logLevel(options.log) ?? settings?.log ?? 'info';
      const { createLog } = await import('../support/log.ts');
      const { logDestination } = await import('./log-lines.ts');
      return createLog(level, logDestination());
    },
  };
  return self;
}

/** The one given, else the admin's own, else the demo's: here, or as it comes with the package. */
function configFile(given: unknown, say: Output['say']): string {
  if (typeof given === 'string') return given;
  if (existsSync(ownConfig)) return ownConfig;
  say(
    `There is no ${ownConfig} (\`npm run hub -- init\` makes one): this is the demo on stand-ins of the vendors, ` +
      'which starts empty and forgets everything when the command ends.',
  );
  return demoConfig();
}

export const ownConfig = join('config', 'hub.yaml');

export function demoConfig(): string {
  return join(packageFolder(), 'config', 'demo.yaml');
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

function logLevel(given: unknown): LogLevel | undefined {
  if (given === undefined) return undefined;
  const level = levels.find((one) => one === given);
  if (level) return level;
  throw new Problem('usage', `"${String(given)}" is no log level.`, {
    remedy: `Use one of: ${levels.join(', ')}.`,
  });
}
