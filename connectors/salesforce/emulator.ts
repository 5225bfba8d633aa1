/** A stand-in of Salesforce on 127.0.0.1. See `emulator/knobs.ts` for what can be set. */
import { randomBytes } from 'node:crypto';
import type { EmulatorDefinition, EmulatorOptions, RunningEmulator } from '../../src/emulator/contract.ts';
import { startLoopback } from '../../src/emulator/loopback.ts';
import { systemClock } from '../../src/support/clock.ts';
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
  const knobs = readKnobs(options.knobs);
  const clock = options.clock ?? systemClock;
  const org = new Org(knobs, clock, options.seed ?? 1);
  furnish(org);
  if (options.world !== undefined) tellWorld(org, options.world);
  let address = '';
  const url = () => address;
  const outbound = new Outbound(org, url);
  const jobs = new BulkJobs(org);
  const api: Api = { org, cursors: new Cursors(org), jobs, usage: createUsage(clock, knobs), url };
  const signIn: SignIn = { org, sessions: createSessions(org), refreshing: new Set(), url };
  const loopback = await startLoopback({
    port: options.port,
    clock,
    route: routeOf,
    answer: (request) => answer({ api, signIn }, request),
    vendorFaults: vendorFaults(() => api),
  });
  address = loopback.url;
  const webhookToken = randomBytes(24).toString('base64url');
  return {
    system: 'salesforce',
    url: address,
    config: {
      loginUrl: address,
      flow: 'client_credentials',
      clientId: knobs.clientId,
      clientSecret: knobs.clientSecret,
      apiVersion: knobs.apiVersion,
      organizationId: org.id,
      webhookToken,
    },
    requests: loopback.requests,
    faults: loopback.faults,
    records: new Records(org),
    expireTokens: () => signIn.sessions.endAll(),
    expireCursors: () => api.cursors.expire(),
    deliverTo: (target) => outbound.deliverTo(target === null ? null : withToken(target, webhookToken)),
    delivered: () => outbound.delivered(),
    async close() {
      outbound.close();
      jobs.close();
      await loopback.close();
    },
  };
}

/** Outbound Messages are not signed: what nobody can guess is in the address. */
function withToken(target: string, token: string): string {
  const url = new URL(target);
  if (!url.searchParams.has('token')) url.searchParams.set('token', token);
  return url.href;
}
