/** `hub serve` (`npm start`): schedules, webhooks, API; until it is told to stop. */
import type { App } from '../app.ts';
import { startServer } from '../http/server.ts';
import { exitCodes } from '../support/problem.ts';
import { markAdminChanges } from '../sync/road.ts';
import { startSchedule } from '../sync/schedule.ts';
import type { Cli } from './command.ts';
import type { Invocation } from './invocation.ts';

export const serve: Cli = {
  run: (invocation) =>
    invocation.withApp(async (app) => {
      await serveUntilStopped(invocation, app);
      return exitCodes.done;
    }),
};

/** Resolves after SIGINT or SIGTERM, when what runs has come to a safe end. */
export async function serveUntilStopped(invocation: Invocation, { hub, emulators }: App): Promise<void> {
  for (const change of await markAdminChanges(hub)) {
    if (change.marked > 0) hub.log.info(change, 'looked at again after a change of the configuration');
  }
  const server = await startServer(hub);
  const scheduler = startSchedule(hub, { pullAtStart: true });
  for (const [name, emulator] of emulators) emulator.deliverTo?.(`${server.url}/webhooks/${name}`);
  invocation.say(`The hub listens on ${server.url}. Stop it with Ctrl-C.`);
  await new Promise<void>((resolve) => {
    if (hub.signal.aborted) resolve();
    hub.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
  await scheduler.stop();
}
