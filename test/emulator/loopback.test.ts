import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keptEntries } from '../../emulators/loopback/log.ts';
import { type Loopback, type LoopbackRequest, startLoopback } from '../../emulators/loopback/loopback.ts';

let server: Loopback;
let worked: LoopbackRequest[];

beforeEach(async () => {
  worked = [];
  server = await startLoopback({
    route: ({ method, path }) => ({ name: `${method} ${path.split('/')[1]}`, counted: path !== '/token' }),
    answer(request) {
      worked.push(request);
      if (request.path === '/bug') throw new Error('row without an id');
      if (request.path === '/gone') return { status: 204 };
      return {
        status: 200,
        json: { path: request.path, q: request.query.getAll('q'), size: request.body.length },
      };
    },
    vendorFaults: {
      throttle: () => ({ status: 429, json: { message: 'slow down' } }),
      dailyLimit: () => ({ status: 403, json: { message: 'come back tomorrow' } }),
      unauthorized: () => ({ status: 401, json: { message: 'who are you' } }),
      named: { locked: () => ({ status: 423, json: { message: 'locked' } }) },
    },
  });
});

afterEach(async () => {
  await server.close();
});

const get = (path: string) => fetch(server.url + path);

test('answers with JSON, query and body as sent', async () => {
  const answer = await fetch(`${server.url}/a%20b?q=1&q=2`, { method: 'POST', body: 'x'.repeat(100_000) });
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(await answer.json()).toEqual({ path: '/a%20b', q: ['1', '2'], size: 100_000 });
  expect((await get('/gone')).status).toBe(204);
});

test('refuses a body above 20 MB without troubling the emulator', async () => {
  const answer = await fetch(`${server.url}/big`, {
    method: 'POST',
    body: Buffer.alloc(20 * 1024 * 1024 + 1),
  });
  expect(answer.status).toBe(413);
  expect(worked).toHaveLength(0);
});

test('logs requests and counts those that the vendor counts', async () => {
  await get('/a/1');
  await get('/a/2?x=1');
  await get('/token');
  expect(server.requests.counted()).toBe(2);
  expect(server.requests.byRoute()).toEqual({ 'GET a': 2 });
  expect(server.requests.entries.map(({ path, status, counted }) => ({ path, status, counted }))).toEqual([
    { path: '/a/1', status: 200, counted: true },
    { path: '/a/2', status: 200, counted: true },
    { path: '/token', status: 200, counted: false },
  ]);
  server.requests.clear();
  expect([server.requests.counted(), server.requests.entries.length]).toEqual([0, 0]);
});

test('names its own bug in the answer and on stderr', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const answer = await get('/bug');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('row without an id');
  expect(stderr.mock.calls.join()).toContain('emulator bug in GET /bug');
  stderr.mockRestore();
});

test.each([
  ['throttle', 429],
  ['daily-limit', 403],
  ['unauthorized', 401],
  ['server-error', 500],
  ['html', 502],
] as const)('%s answers %i before any work, then is spent', async (what, status) => {
  server.faults.inject({ what, times: 1 });
  expect((await get('/a')).status).toBe(status);
  expect(worked).toHaveLength(0);
  expect((await get('/a')).status).toBe(200);
});

test('drop cuts the connection with nothing done, lost-answer with the work done', async () => {
  server.faults.inject({ what: 'drop', times: 1 });
  await expect(get('/a')).rejects.toThrow();
  expect(worked).toHaveLength(0);
  server.faults.inject({ what: 'lost-answer', times: 1 });
  await expect(get('/a')).rejects.toThrow();
  expect(worked).toHaveLength(1);
  expect(server.requests.entries.map((entry) => [entry.status, entry.counted])).toEqual([
    [0, false],
    [0, true],
  ]);
});

test('truncated is a 200 whose JSON stops in the middle', async () => {
  server.faults.inject({ what: 'truncated', times: 2 });
  for (const path of ['/a', '/gone']) {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow();
  }
});

test('slow does the work and outlasts an impatient client', async () => {
  server.faults.inject({ what: 'slow', times: 1, delayMs: 60_000 });
  await expect(fetch(`${server.url}/a`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  expect(worked).toHaveLength(1);
});

test('faults pick their route, spare sign-in, and may wait for their turn', async () => {
  server.faults.inject({ what: 'throttle', route: 'POST', times: 1 });
  server.faults.inject({ what: 'unauthorized', times: 1, after: 1 });
  expect((await get('/token')).status).toBe(200);
  expect((await get('/a')).status).toBe(200);
  expect((await get('/a')).status).toBe(401);
  expect((await fetch(`${server.url}/a`, { method: 'POST' })).status).toBe(429);
  server.faults.inject({ what: 'throttle', times: 5 });
  server.faults.clear();
  expect((await get('/a')).status).toBe(200);
});

test("a vendor's own fault is asked for by name", async () => {
  server.faults.inject({ what: 'vendor', name: 'locked', times: 1 });
  expect((await get('/a')).status).toBe(423);
  expect(() => server.faults.inject({ what: 'vendor', name: 'loocked', times: 1 })).toThrow(
    /Use one of|no fault/,
  );
});

test('a client that goes away in the middle of its request harms nobody', async () => {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write('POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf');
  socket.destroy();
  expect((await get('/a')).status).toBe(200);
});

test('says what to do when the port is taken', async () => {
  const options = {
    port: Number(new URL(server.url).port),
    route: () => ({ name: 'any', counted: true }),
    answer: () => ({ status: 200 }),
    vendorFaults: { throttle: never, dailyLimit: never, unauthorized: never },
  };
  await expect(startLoopback(options)).rejects.toThrow(/cannot listen on 127\.0\.0\.1/);
});

test('the log keeps a bounded number of entries and every count', async () => {
  const { createRequestLog } = await import('../../emulators/loopback/log.ts');
  const log = createRequestLog();
  const entry = { method: 'GET', path: '/a', route: 'GET a', status: 200, counted: true };
  for (let at = 0; at < 50_000; at++) log.add({ ...entry, at });
  expect(log.counted()).toBe(50_000);
  expect(log.entries.length).toBeLessThan(2 * keptEntries);
  expect(log.entries.at(-1)?.at).toBe(49_999);
});

function never(): never {
  throw new Error('not expected to be called');
}
