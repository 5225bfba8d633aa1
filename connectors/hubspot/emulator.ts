/**
 * A stand-in of HubSpot on 127.0.0.1, written from HubSpot's documentation and recorded answers alone; it
 * shares nothing with the connector. Knobs are described in `emulator/knobs.ts`.
 *
 * Faults of its own (`what: 'vendor'`): `locked` (423), `migrating` (477 with Retry-After), `cdn-throttle`
 * (429 as an HTML page), `forbidden` (403 MISSING_SCOPES).
 */
import { randomUUID } from 'node:crypto';
import type { EmulatorDefinition, EmulatorOptions, RunningEmulator } from '../../src/emulator/contract.ts';
import {
  type LoopbackAnswer,
  type LoopbackRequest,
  startLoopback,
  type VendorFaults,
} from '../../src/emulator/loopback.ts';
import { systemClock } from '../../src/support/clock.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { Allowances, burstLimit, dailyLimit, searchLimit } from './emulator/api/limits.ts';
import { findRoute, type Match } from './emulator/api/router.ts';
import { missingScope, scopeFor } from './emulator/api/scopes.ts';
import { client, expiredToken, privateAppToken, SignIn } from './emulator/api/sign-in.ts';
import { emulatedRecords } from './emulator/controls.ts';
import { type Knobs, readKnobs } from './emulator/knobs.ts';
import { openPortal, type Portal } from './emulator/portal.ts';
import { seedPortal } from './emulator/seed/world.ts';
import { Refusal, toAnswer } from './emulator/state/refusal.ts';
import { Webhooks } from './emulator/webhooks/webhooks.ts';

export const hubspotEmulator: EmulatorDefinition = { system: 'hubspot', start };

/** One running account. */
interface Account {
  readonly portal: Portal;
  readonly signIn: SignIn;
  readonly allowances: Allowances;
}

async function start(options: EmulatorOptions): Promise<RunningEmulator> {
  const knobs = readKnobs(options.knobs);
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 1;
  const portal: Portal = openPortal({ knobs, clock, seed, tell: (happening) => webhooks.tell(happening) });
  const webhooks = new Webhooks(portal, client.clientSecret);
  if (options.world) seedPortal(portal, options.world);
  const account = {
    portal,
    signIn: new SignIn(clock, knobs, seed),
    allowances: new Allowances(clock, knobs),
  };
  const loopback = await startLoopback({
    port: options.port,
    clock,
    route: (request) => ({ name: routeName(account, request), counted: !isSignIn(request) }),
    answer: (request) => answer(account, request),
    vendorFaults,
  });
  return {
    system: 'hubspot',
    url: loopback.url,
    config: configFor(knobs, loopback.url, account.signIn),
    requests: loopback.requests,
    faults: loopback.faults,
    records: emulatedRecords(portal),
    expireTokens: () => account.signIn.expireAll(),
    deliverTo: (url) => webhooks.deliverTo(url),
    delivered: () => webhooks.delivered(),
    async close() {
      webhooks.close();
      await loopback.close();
    },
  };
}

/** What an admin would put into `hub.yaml`. Webhooks are signed with the client secret. */
function configFor({ auth, apiVersion }: Knobs, baseUrl: string, signIn: SignIn): JsonObject {
  const { clientId, clientSecret } = client;
  const app = { baseUrl, apiVersion, webhookSecret: clientSecret };
  if (auth === 'private-app') return { ...app, accessToken: privateAppToken };
  return { ...app, clientId, clientSecret, refreshToken: signIn.refreshToken };
}

// --------------------------------------------------------------------------------------------- one call

function answer(account: Account, request: LoopbackRequest): LoopbackAnswer {
  const correlationId = randomUUID();
  const frame = { 'access-control-allow-credentials': 'false', 'X-HubSpot-Correlation-Id': correlationId };
  const allowance: { headers: Record<string, string> } = { headers: {} };
  try {
    const answered = isSignIn(request) ? signIn(account, request) : serve(account, request, allowance);
    return { ...answered, headers: { ...frame, ...allowance.headers, ...answered.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const refused = toAnswer(error, correlationId);
    return { ...refused, headers: { ...frame, ...allowance.headers } };
  }
}

function serve(account: Account, request: LoopbackRequest, allowance: { headers: object }): LoopbackAnswer {
  const { portal, allowances } = account;
  const bearer = account.signIn.identify(request);
  const match = findRoute(request, (word) => word);
  if (!match) throw new Refusal(404, { message: `No route for ${request.method} ${request.path}` });
  const { pool, handle } = match.entry;
  try {
    allowances.use(pool);
  } finally {
    allowance.headers = allowances.headers(pool, bearer);
  }
  assertScope(portal, match);
  return handle({ portal, request, family: match.family, params: match.params });
}

function assertScope({ knobs, findType }: Portal, { entry, params }: Match): void {
  if (!entry.scope) return;
  const scope = scopeFor(entry.scope, findType(params.type ?? ''));
  if (knobs.missingScopes.includes(scope)) throw missingScope(scope);
}

function isSignIn({ path }: LoopbackRequest): boolean {
  return path.startsWith('/oauth/');
}

const tokenPath = /^\/oauth\/(v1|v3|2026-03|2026-09)\/token$/;
const describePath = /^\/oauth\/v1\/access-tokens\/([^/]+)$/;

function signIn({ signIn: desk }: Account, request: LoopbackRequest): LoopbackAnswer {
  if (request.method === 'POST' && tokenPath.test(request.path)) return desk.exchange(request);
  const token = describePath.exec(request.path)?.[1];
  if (request.method === 'GET' && token !== undefined) return desk.describe(decodeURIComponent(token));
  throw new Refusal(404, { message: `No route for ${request.method} ${request.path}` });
}

function routeName({ portal }: Account, request: LoopbackRequest): string {
  if (isSignIn(request)) return `${request.method} oauth`;
  const match = findRoute(request, (word) => portal.findType(word)?.name ?? word);
  return match?.name ?? `${request.method} unknown`;
}

// ---------------------------------------------------------------------------------------------- faults

const refuse = (refusal: Refusal): LoopbackAnswer => {
  const correlationId = randomUUID();
  return { headers: { 'X-HubSpot-Correlation-Id': correlationId }, ...toAnswer(refusal, correlationId) };
};

const vendorFaults: VendorFaults = {
  throttle: ({ path }) => refuse(path.endsWith('/search') ? searchLimit() : burstLimit()),
  dailyLimit: () => refuse(dailyLimit()),
  unauthorized: () => refuse(expiredToken(75_000, 0)),
  serverError: () => refuse(new Refusal(500, { message: 'internal error' })),
  named: {
    locked: () => refuse(new Refusal(423, { message: 'The resource is locked.', category: 'LOCKED' })),
    migrating: () => ({
      ...refuse(
        new Refusal(477, { message: 'This account is being migrated.', category: 'MIGRATION_IN_PROGRESS' }),
      ),
      headers: { 'retry-after': '1' },
    }),
    'cdn-throttle': () => ({
      status: 429,
      headers: { 'content-type': 'text/html; charset=UTF-8' },
      body: '<!DOCTYPE html><html><head><title>Rate limited</title></head><body>Error 1015</body></html>',
    }),
    forbidden: () => refuse(missingScope('crm.objects.contacts.read')),
  },
};
