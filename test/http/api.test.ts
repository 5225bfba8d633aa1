/** The hub's API as a probe, a dashboard, a person and a program see it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hubRoutes, type RunningServer, startServer } from '../../src/http/server.ts';
import { type WritingRun, writingRuns } from '../../src/sync/undo/runs.ts';
import { found, openTestHub, type TestHub } from '../sync/hub.ts';
import { type Story, tellStory } from '../sync/story.ts';

const apiKey = 'a-key-for-the-tests-of-the-api';
const bearer = { authorization: `Bearer ${apiKey}` };

let hub: TestHub;
let server: RunningServer;
let story: Story;

beforeAll(async () => {
  hub = await openTestHub({ settings: { server: { port: 0, apiKey } } });
  story = tellStory(hub.emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000);
  await hub.quiet();
  server = await startServer(hub.hub);
});
afterAll(async () => {
  await server.close();
  await hub.close();
});

async function ask(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: unknown; type: string }> {
  const answer = await fetch(`${server.url}${path}`, init);
  const type = answer.headers.get('content-type') ?? '';
  return {
    status: answer.status,
    body: type.includes('json') ? await answer.json() : await answer.text(),
    type,
  };
}

const post = (body?: string): RequestInit => ({ method: 'POST', headers: bearer, ...(body ? { body } : {}) });

describe('probes', () => {
  it('hear that the process is up and the database answers', async () => {
    expect(await ask('/health')).toMatchObject({ status: 200, body: { status: 'up' } });
    expect(await ask('/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('hear 503 when the database does not answer', async () => {
    const broken = await openTestHub({ systems: ['chatbot'] });
    const routes = hubRoutes(broken.hub);
    expect((await routes.request('/ready')).status).toBe(200);
    await broken.hub.store.close();
    const answer = await routes.request('/ready');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ status: 503 });
    await broken.close();
  });

  it('hear 503, and why, when the store answers and takes no writes', async () => {
    const full = await openTestHub({ systems: ['chatbot'] });
    vi.spyOn(full.hub.store, 'whyNotWritable').mockResolvedValue('The disk is full.');
    const answer = await hubRoutes(full.hub).request('/ready');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('The disk is full.');
    await full.close();
  });
});

describe('metrics', () => {
  // https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
  const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/;
  const sample =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\d+(?:\.\d+)?)$/;

  it('are text that Prometheus reads', async () => {
    const { status, type, body } = await ask('/metrics');
    expect(status).toBe(200);
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = String(body);
    expect(text.endsWith('\n')).toBe(true);
    const lines = text.trimEnd().split('\n');
    expect(lines.filter((line) => !comment.test(line) && !sample.test(line))).toEqual([]);
    const typed = lines.flatMap((line) => (line.startsWith('# TYPE') ? (comment.exec(line)?.[2] ?? []) : []));
    expect(new Set(typed).size).toBe(typed.length);
    const sampled = new Set(lines.flatMap((line) => sample.exec(line)?.[1] ?? []));
    expect([...sampled].sort()).toEqual([...typed].sort());
  });

  it('say what the status says', async () => {
    const { body } = await ask('/metrics');
    expect(String(body)).toContain('hub_records{connection="salesforce",object="Opportunity"} 2\n');
    expect(String(body)).toContain('hub_parked 0\n');
    expect(await ask('/api/status')).toMatchObject({
      status: 200,
      body: {
        connections: { hubspot: { records: { deals: 2 }, lastPull: expect.stringMatching(/Z$/) } },
        entities: { Deal: 3, ChatTouch: 4 },
        parked: 0,
      },
    });
  });
});

describe('deals', () => {
  it('come in pages, each once', async () => {
    const names: unknown[] = [];
    for (let after = ''; ; ) {
      const { body } = await ask(`/api/deals?limit=2${after}`, { headers: bearer });
      const page = body as { deals: { name: string; credit: { share: number } }[]; next: string | null };
      names.push(...page.deals.map(({ name }) => name));
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(names.sort()).toEqual(['Deal of ada', 'Deal of cleo', 'Deal of dora']);
  });

  it('explain themselves by the id of any of their records', async () => {
    const ids = [story.Opportunity.ada, story.deals.ada];
    const answers = await Promise.all(ids.map((id) => ask(`/api/deals/${id}`, { headers: bearer })));
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    expect(answers[0]).toMatchObject({
      status: 200,
      body: {
        name: 'Deal of ada',
        amount: { minor: 1_000_001, currency: 'USD' },
        credit: { share: 1, touches: 2, role: 'sourced' },
        touches: [{ channel: 'Chat' }, { channel: 'Chat' }],
      },
    });
  });

  it('are not found, or asked for wrongly, in the words of RFC 9457', async () => {
    const wrong = { '/api/deals/nobody': 404, '/api/deals?limit=0': 400, '/api/deals?limit=many': 400 };
    for (const [path, status] of Object.entries(wrong)) {
      const answer = await ask(path, { headers: bearer });
      expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status } });
    }
  });
});

describe('the key', () => {
  const secured = ['/api/deals', '/api/deals/x', '/api/admin/parked', '/api/admin/runs'];

  it.each(secured)('is needed for %s', async (path) => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: apiKey }]) {
      const answer = await ask(path, { headers });
      expect(answer).toMatchObject({ status: 401, type: 'application/problem+json', body: { status: 401 } });
      expect(JSON.stringify(answer.body)).not.toContain(apiKey);
    }
    expect((await ask(path, { headers: bearer })).status).not.toBe(401);
  });

  it('opens nothing where none is configured: admin routes stay shut, deals are for this machine', async () => {
    const keyless = await openTestHub({ systems: ['chatbot'] });
    const routes = hubRoutes(keyless.hub);
    expect((await routes.request('/api/admin/parked')).status).toBe(403);
    expect((await routes.request('/api/deals')).status).toBe(200);
    for (const name of ['127.0.0.1:8080', 'localhost', '[::1]:8080'])
      expect((await routes.request(`http://${name}/api/deals`)).status, name).toBe(200);
    for (const name of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:8080', '0.0.0.0'])
      expect((await routes.request(`http://${name}/api/deals`)).status, name).toBe(403);
    const passedOn = { headers: { 'x-forwarded-for': '203.0.113.7' } };
    expect((await routes.request('/api/deals', passedOn)).status).toBe(403);
    await keyless.close();
    const exposed = await openTestHub({ systems: ['chatbot'], settings: { server: { host: '0.0.0.0' } } });
    expect((await hubRoutes(exposed.hub).request('/api/deals')).status).toBe(403);
    await exposed.close();
  });
});

describe('an admin', () => {
  it('pulls one system now', async () => {
    hub.emulator('hubspot').records.update('contacts', story.contacts.ben, { phone: '+1 212 555 0155' });
    const answer = await ask('/api/admin/sync/hubspot', post());
    expect(answer).toMatchObject({ status: 200, body: { changed: 1 } });
    expect(await ask('/api/admin/sync/nobody', post())).toMatchObject({ status: 404 });
    await hub.settle();
  });

  it('hears what a vendor says', async () => {
    hub.emulator('hubspot').faults.inject({ what: 'unauthorized', times: 9 });
    const answer = await ask('/api/admin/sync/hubspot', post());
    hub.emulator('hubspot').faults.clear();
    expect(answer).toMatchObject({ status: 502, body: { detail: expect.stringContaining('HubSpot says') } });
  });

  it('sees the runs that wrote, as they are taken back', async () => {
    const { body } = await ask('/api/admin/runs', { headers: bearer });
    const { runs } = body as { runs: WritingRun[] };
    expect(runs).toEqual(await writingRuns(hub.hub, 100));
    expect(runs.at(-1)).toMatchObject({
      run: expect.stringMatching(/^\d{8}-\d{6}-/),
      objects: { 'salesforce Chat_Touch__c': 3 },
    });
  });

  it('brings parked work back or drops it, all or some', async () => {
    const park = async (...keys: string[]) => {
      await hub.hub.store.work.mark('push', keys);
      const claims = await hub.hub.store.work.claim('push', 9, 1_000);
      for (const claim of claims)
        await hub.hub.store.work.park(claim, { code: 'NO', message: 'It says no.' });
    };
    await park('nobody|Person|1', 'nobody|Person|2', 'nobody|Person|3');
    expect(await ask('/api/admin/parked', { headers: bearer })).toMatchObject({
      body: { parked: [{ reason: { code: 'NO' } }, {}, {}] },
    });
    const one = JSON.stringify({ stage: 'push', key: 'nobody|Person|1' });
    expect(await ask('/api/admin/parked/drop', post(one))).toMatchObject({ body: { dropped: 1 } });
    expect(await ask('/api/admin/parked/retry', post())).toMatchObject({ body: { retried: 2 } });
    await park();
    expect(await ask('/api/admin/parked/drop', post())).toMatchObject({ body: { dropped: 2 } });
  });

  it.each([
    '{"stage":"pusch"}',
    '{"stag',
    '[]',
    '{"prefix":"salesforce|"}',
  ])('who asks in words that nobody understands (%s) changes nothing', async (body) => {
    await hub.hub.store.work.mark('push', ['nobody|Person|4']);
    const [claim] = await hub.hub.store.work.claim('push', 1, 1_000);
    await hub.hub.store.work.park(found(claim, 'claim'), { code: 'NO', message: 'It says no.' });
    for (const path of ['/api/admin/parked/drop', '/api/admin/parked/retry'])
      expect(await ask(path, post(body))).toMatchObject({ status: 400, type: 'application/problem+json' });
    expect(await hub.hub.store.work.parked()).toHaveLength(1);
    expect(await hub.hub.store.work.drop({})).toBe(1);
  });
});

describe('the OpenAPI document', () => {
  interface Document {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  }
  interface Operation {
    readonly security?: unknown;
    readonly parameters: readonly { readonly name: string; readonly in: string }[];
    readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  }

  const described = async () => (await ask('/openapi.json')).body as Document;
  const operations = ({ paths }: Document) =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('lists the routes that there are, and no others', async () => {
    const own = hubRoutes(hub.hub).routes.filter(({ method }) => method !== 'ALL');
    const existing = own.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const listed = operations(await described()).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(listed.sort()).toEqual([...new Set(existing)].sort());
  });

  it('names the parameters of every path, and says truly which routes need a key', async () => {
    for (const { path, method, operation } of operations(await described())) {
      const inPath = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      const { status } = await ask(path.replaceAll(/\{\w+\}/g, 'nobody'), { method: method.toUpperCase() });
      expect([path, status === 401]).toEqual([path, operation.security !== undefined]);
      expect([path, Object.keys(operation.responses)]).toEqual([
        path,
        expect.arrayContaining([String(status)]),
      ]);
    }
  });

  it('names every status and type that its routes answer with', async () => {
    const { paths } = await described();
    const headers = bearer;
    for (const { path, method, operation } of operations({ openapi: '', paths })) {
      const asked = [{}, { body: '{' }, { body: 'x'.repeat(6_000_000) }].filter(
        (one) => method === 'post' || !('body' in one),
      );
      for (const body of asked) {
        const address = `${path.replaceAll(/\{\w+\}/g, 'nobody')}?limit=0`;
        const { status, type } = await ask(address, { method: method.toUpperCase(), headers, ...body });
        const answer = operation.responses[String(status)];
        expect([path, status, answer !== undefined]).toEqual([path, status, true]);
        const said = Object.keys(answer?.content ?? {});
        expect(said.some((one) => type.startsWith(one))).toBe(true);
      }
    }
  });
});

it('answers an address where there is nothing as a problem', async () => {
  expect(await ask('/nowhere')).toMatchObject({
    status: 404,
    type: 'application/problem+json',
    body: { title: 'Not found', status: 404, detail: expect.stringContaining('/openapi.json') },
  });
});

describe('every answer', () => {
  it.each([
    '/health',
    '/nowhere',
    '/api/deals',
    '/metrics',
  ])('of %s is kept by no cache and taken for what it is', async (path) => {
    const { headers } = await fetch(`${server.url}${path}`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each([
    ['/health', 'POST', 'GET, HEAD'],
    ['/webhooks/hubspot', 'GET', 'POST'],
    ['/openapi.json', 'DELETE', 'GET, HEAD'],
    ['/api/admin/parked', 'PUT', 'GET, HEAD'],
    ['/api/deals/x', 'PATCH', 'GET, HEAD'],
  ])('to a wrong method says which are right: %s %s', async (path, method, allow) => {
    const answer = await fetch(`${server.url}${path}`, { method, headers: bearer });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 405, detail: expect.stringContaining(allow) });
  });

  it('that asks for a key says which kind', async () => {
    expect((await fetch(`${server.url}/api/deals`)).headers.get('www-authenticate')).toBe('Bearer');
  });
});
