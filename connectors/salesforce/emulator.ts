/** A stand-in of Salesforce on 127.0.0.1. See `emulator/knobs.ts` for what can be set. */
import { randomBytes } from 'node:crypto';
import type { EmulatorDefinition, EmulatorOptions, RunningEmulator } from '../../src/emulator/contract.ts';
import { type Loopback, startLoopback } from '../../src/emulator/loopback.ts';
import { systemClock } from '../../src/support/clock.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { BulkJobs } from './emulator/bulk/jobs.ts';
import { readKnobs } from './emulator/knobs.ts';
import { Org } from './emulator/org.ts';
import { Outbound } from './emulator/outbound.ts';
import { Records } from './emulator/records.ts';
import type { Api } from './emulator/rest/call.ts';
import { Cursors } from './emulator/rest/cursors.ts';
import type { SignIn } from './emulator/rest/oauth.ts';
import { createSessions } from './emulator/rest/sessions.ts';
import { createUsage } from './emulator/rest/usage.ts';
import { tellWorld } from './emulator/seed.ts';
import { answer, routeOf } from './emulator/server.ts';
import { furnish } from './emulator/setup/org-data.ts';
import { vendorFaults } from './emulator/vendor-faults.ts';

export const salesforceEmulator: EmulatorDefinition = { system: 'salesforce', start };

async function start(options: EmulatorOptions): Promise<RunningEmulator> {
  const org = furnishedOrg(options);
  let address = '';
  const url = () => address;
  const usage = createUsage(org.clock, org.knobs);
  const api: Api = { org, cursors: new Cursors(org), jobs: new BulkJobs(org), usage, url };
  const signIn: SignIn = { org, sessions: createSessions(org), refreshing: new Set(), url };
  const loopback = await startLoopback({
    port: options.port,
    clock: org.clock,
    route: routeOf,
    answer: (request) => answer({ api, signIn }, request),
    vendorFaults: vendorFaults(() => api),
  });
  address = loopback.url;
  return running(loopback, api, signIn);
}

function furnishedOrg({ clock = systemClock, knobs, seed = 1, world }: EmulatorOptions): Org {
  const org = new Org(readKnobs(knobs), clock, seed);
  furnish(org);
  if (world !== undefined) tellWorld(org, world);
  return org;
}

function running(loopback: Loopback, api: Api, signIn: SignIn): RunningEmulator {
  const { org } = api;
  const outbound = new Outbound(org, api.url);
  const webhookToken = randomBytes(24).toString('base64url');
  return {
    system: 'salesforce',
    url: loopback.url,
    config: { ...configOf(org, loopback.url), webhookToken },
    requests: loopback.requests,
    faults: loopback.faults,
    records: new Records(org),
    expireTokens: () => signIn.sessions.endAll(),
    expireCursors: () => api.cursors.expire(),
    deliverTo: (target) => outbound.deliverTo(target === null ? null : withToken(target, webhookToken)),
    delivered: () => outbound.delivered(),
    async close() {
      outbound.close();
      api.jobs.close();
      await loopback.close();
    },
  };
}

function configOf({ id, knobs }: Org, loginUrl: string): JsonObject {
  const { apiVersion, clientId, clientSecret } = knobs;
  return { loginUrl, flow: 'client_credentials', clientId, clientSecret, apiVersion, organizationId: id };
}

/** Outbound Messages are not signed: what nobody can guess is in the address. */
function withToken(target: string, token: string): string {
  const url = new URL(target);
  if (!url.searchParams.has('token')) url.searchParams.set('token', token);
  return url.href;
}
