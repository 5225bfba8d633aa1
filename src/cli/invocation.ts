/** What a command gets: its options, the hub when it asks for one, and where to say things. */
import { existsSync } from 'node:fs';
import { type App, openApp } from '../app.ts';
import { type LoadedSettings, loadSettings } from '../settings/load.ts';
import { createLog, type Log, type LogLevel } from '../support/log.ts';
import { Problem } from '../support/problem.ts';

export interface Invocation {
  readonly options: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  with(options: Readonly<Record<string, unknown>>): Invocation;
  settings(): LoadedSettings;
  /** Opens the hub, hands it over, closes it whatever happens. */
  withApp<T>(work: (app: App) => Promise<T>): Promise<T>;
  log(settings?: LoadedSettings): Log;
  /** Data: with `--json` the value, else the text. */
  print(value: object, text: () => string): void;
  /** Everything that is not data. */
  say(text: string): void;
}

export interface Cli {
  /** As commander writes it: `sync [connection]`. */
  readonly usage: string;
  readonly help: string;
  readonly options?: Readonly<Record<string, string>>;
  /** Resolves with the exit code. */
  run(invocation: Invocation, args: readonly (string | undefined)[]): Promise<number>;
}

export function invocation(signal: AbortSignal, options: Readonly<Record<string, unknown>> = {}): Invocation {
  const self: Invocation = {
    options,
    signal,
    with: (given) => invocation(signal, { ...options, ...given }),
    settings: () => loadSettings(configFile(options.config), process.env),
    withApp: async (work) => {
      const settings = self.settings();
      const app = await openApp(settings, { env: process.env, log: self.log(settings), signal });
      try {
        return await work(app);
      } finally {
        await app.close();
      }
    },
    log: (settings) => createLog(logLevel(options.log) ?? settings?.log ?? 'info'),
    print: (value, text) => {
      process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${text()}\n`);
    },
    say: (text) => {
      process.stderr.write(`${text}\n`);
    },
  };
  return self;
}

function configFile(given: unknown): string {
  if (typeof given === 'string') return given;
  return existsSync('config/hub.yaml') ? 'config/hub.yaml' : 'config/demo.yaml';
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
