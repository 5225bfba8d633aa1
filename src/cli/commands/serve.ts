/** `hub serve` (`npm start`): schedules, webhooks, API; until it is told to stop. */
import type { App } from '../../app.ts';
import { type RunningServer, startServer } from '../../http/server.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Hub } from '../../sync/hub.ts';
import { startSchedule } from '../../sync/schedule.ts';
import type { Cli } from '../command.ts';
import { runLive } from './live.ts';
import { provisionStandIns } from './stand-ins.ts';
import { stopped } from './stopped.ts';

export const serve: Cli = {
  needsConfiguration: true,
  run: (invocation) =>
    invocation.withApp(async (app) => {
      const serving = await startServing(app, () => invocation.settings());
      invocation.print({ url: serving.url, emulators: serving.emulators }, () => listening(serving));
      await stopped(invocation.signal);
      await serving.stop();
      return exitCodes.done;
    }),
};

export interface Serving {
  readonly url: string;
  /** Addresses of the stand-ins that run along, by connection. */
  readonly emulators: Readonly<Record<string, string>>;
  /** Resolves when what runs has come to a safe end. */
  stop(): Promise<void>;
}

/** Server, schedules and, from stand-ins in this process, webhooks. */
export async function startServing(app: App, load: () => Promise<LoadedSettings>): Promise<Serving> {
  const { emulators } = app;
  await provisionStandIns(app);
  const server = await listen(app.hub);
  const running = await runLive(app, {
    load,
    run: async (hub) => {
      server.serve(hub);
      return startSchedule(hub, { pullAtStart: true });
    },
  });
  for (const [name, emulator] of emulators) emulator.deliverTo?.(`${server.url}/webhooks/${name}`);
  return {
    url: server.url,
    emulators: Object.fromEntries([...emulators].map(([name, { url }]) => [name, url])),
    stop: async () => {
      await server.close();
      await running.stop();
    },
  };
}

export function listening({ url, emulators }: Serving): string {
  const standIns = Object.entries(emulators).map(([name, at]) => `${name} stands in at ${at}`);
  return [`The hub listens on ${url}. Stop it with Ctrl-C.`, ...standIns].join('\n');
}

/** What a person can do about an address that cannot be had. */
const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Something listens there already: end it, or choose another server.port.',
  EACCES: 'Ports below 1024 belong to the system: choose a higher server.port.',
  EADDRNOTAVAIL: 'This machine has no such address: choose another server.host.',
  ENOTFOUND: 'Nobody knows this name: choose another server.host.',
};

async function listen(hub: Hub): Promise<RunningServer> {
  const { host, port } = hub.settings.server;
  try {
    return await startServer(hub);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const remedy = remedies[code];
    if (remedy === undefined) throw cause;
    throw new Problem('failed', `The hub cannot listen on ${host}:${port} (${code}).`, { remedy, cause });
  }
}
