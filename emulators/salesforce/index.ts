/** A stand-in of Salesforce on 127.0.0.1. See `emulator/knobs.ts` for what can be set. */
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/support/clock.ts';
import type { JsonObject } from '../../src/support/json.ts';
import type { EmulatorDefinition, EmulatorOptions, RunningEmulator } from '../loopback/contract.ts';
import { type Loopback, startLoopback } from '../loopback/loopback.ts';
import { BulkJobs } from './bulk/jobs.ts';
import { readKnobs } from './knobs.ts';
import { Org } from './org.ts';
import { Outbound } from './outbound.ts';
import { Records } from './records.ts';
import type { Api } from './rest/call.ts';
import { Cursors } from './rest/cursors.ts';
import type { SignIn } from './rest/oauth.ts';
import { createSessions } from './rest/sessions.ts';
import { createUsage } from './rest/usage.ts';
import { tellWorld } from './seed.ts';
import { answer, routeOf } from './server.ts';
import { furnish } from './setup/org-data.ts';
import { vendorFaults } from './vendor-faults.ts';

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
