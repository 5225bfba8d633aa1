/**
 * What a command gets: its options, the hub when it asks for one, and where to say things. The hub with its
 * connectors and the vendors' SDKs is loaded only when it is asked for: usage errors and help come at once.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../app/package.ts';
import type { App } from '../app.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { Log, LogLevel } from '../support/log.ts';
import { Problem } from '../support/problem.ts';
import type { Output } from './output.ts';

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
  let isDemo = false;
  const self: Invocation = {
    options,
    signal,
    // A program does not read what is said beside the data, and must not take the demo for a hub.
    print: (value, text) => print(isDemo ? { demo: true, ...value } : value, text),
    say,
    with: (given) => invocation(signal, output, { ...options, ...given }),
    settings: async () => {
      const { loadSettings } = await import('../settings/load.ts');
      const file = configFile(options);
      isDemo = file === null;
      if (isDemo) say(demoWords);
      return loadSettings(file ?? demoConfig(), process.env);
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
      const { logDestination } = await import('./text/log-lines.ts');
      return createLog(level, logDestination());
    },
  };
  return self;
}

/** The one given, else the admin's own. Null: there is none, and the command may look at the demo instead. */
function configFile({ config, needsConfiguration }: Invocation['options']): string | null {
  if (typeof config === 'string') return config;
  if (existsSync(ownConfig)) return ownConfig;
  if (needsConfiguration === true) {
    throw new Problem('configuration', 'There is no configuration.', {
      where: ownConfig,
      remedy:
        'Make one with `hub init`, or name another with --config. To look around: npm run demo -- --keep',
    });
  }
  return null;
}

export const ownConfig = join('config', 'hub.yaml');

const demoWords =
  `There is no ${ownConfig} (\`hub init\` makes one): this is the demo on stand-ins of the vendors, ` +
  'which starts empty and forgets everything when the command ends.';

export function demoConfig(): string {
  return join(packageFolder(), 'config', 'demo.yaml');
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

function logLevel(given: unknown): LogLevel | undefined {
  if (given === undefined) return undefined;
  const level = levels.find((one) => one === given);
  if (level) return level;
  throw new Problem('usage', `"${String(given)}" is not a log level.`, {
    remedy: `Use one of: ${levels.join(', ')}.`,
  });
}
