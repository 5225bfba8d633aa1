/**
 * A stand-in of HubSpot on 127.0.0.1, written from HubSpot's documentation and recorded answers alone; it
 * shares nothing with the connector. Knobs: `emulator/knobs.ts`. Faults of its own: `emulator/api/faults.ts`.
 */

import { systemClock } from '../../src/support/clock.ts';
import type { JsonObject } from '../../src/support/json.ts';
import type { EmulatorDefinition, EmulatorOptions, RunningEmulator } from '../loopback/contract.ts';
import { startLoopback } from '../loopback/loopback.ts';
import { type Account, answer, routeOf } from './api/answer.ts';
import { vendorFaults } from './api/faults.ts';
import { Allowances } from './api/limits.ts';
import { client, SignIn } from './api/sign-in.ts';
import { emulatedRecords } from './controls.ts';
import { type Knobs, readKnobs } from './knobs.ts';
import { openPortal, type Portal } from './portal.ts';
import { seedPortal } from './seed/world.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export const hubspotEmulator: EmulatorDefinition = { system: 'hubspot', start };

async function start(options: EmulatorOptions): Promise<RunningEmulator> {
  const knobs = readKnobs(options.knobs);
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 1;
  const portal: Portal = openPortal({ knobs, clock, seed, tell: (happening) => webhooks.tell(happening) });
  const webhooks = new Webhooks(portal, client.clientSecret);
  if (options.world) seedPortal(portal, options.world);
  const signIn = new SignIn(clock, knobs, seed);
  const account: Account = { portal, signIn, allowances: new Allowances(clock, knobs) };
  const loopback = await startLoopback({
    port: options.port,
    clock,
    route: (request) => routeOf(account, request),
    answer: (request) => answer(account, request),
    vendorFaults,
  });
  return {
    system: 'hubspot',
    url: loopback.url,
    get config() {
      return configFor(knobs, loopback.url, signIn);
    },
    requests: loopback.requests,
    faults: loopback.faults,
    records: emulatedRecords(portal),
    expireTokens: () => signIn.expireAll(),
    deliverTo: (url) => webhooks.deliverTo(url),
    delivered: () => webhooks.delivered(),
    async close() {
      webhooks.close();
      await loopback.close();
    },
  };
}

/** What an admin would put into `hub.yaml` at this moment: keys may have been rotated. Webhooks are signed with the client secret. */
function configFor({ auth, apiVersion }: Knobs, baseUrl: string, signIn: SignIn): JsonObject {
  const { clientId, clientSecret } = client;
  const app = { baseUrl, apiVersion, webhookSecret: clientSecret };
  if (auth === 'private-app') return { ...app, accessToken: signIn.appToken };
  return { ...app, clientId, clientSecret, refreshToken: signIn.refreshToken };
}
