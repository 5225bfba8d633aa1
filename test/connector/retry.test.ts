import { describe, expect, it } from 'vitest';
import { Fault, type FaultKind } from '../../src/connector/fault.ts';
import type { HttpRequest } from '../../src/connector/http.ts';
import { faultOf, open } from './connection.ts';
import { cut, freePort, json, serve } from './server.ts';

const read: HttpRequest = { method: 'GET', url: '/records' };
const upsert: HttpRequest = { method: 'PATCH', url: '/records/ext/1', json: { a: 1 }, repeatable: true };
const create: HttpRequest = { method: 'POST', url: '/records', json: { a: 1 } };

describe('a throttled request', () => {
  it('waits as long as the vendor says, then succeeds', async () => {
    const server = await serve((_, response, count) =>
      count < 3 ? json(response, {}, 429, { 'retry-after': '7' }) : json(response, { ok: true }),
    );
    const connection = open(server.url);
    const answer = await connection.http.send(create);
    expect(answer.json()).toEqual({ ok: true });
    expect(connection.clock.waits).toEqual([7000, 7000]);
  });

  it('backs off where the vendor names no time', async () => {
    const server = await serve((_, response, count) => json(response, {}, count < 4 ? 429 : 200));
    const connection = open(server.url);
    await connection.http.send(create);
    expect(connection.clock.waits).toEqual([500, 1000, 2000]);
  });

  it('surfaces with its time when the vendor asks for more than the patience', async () => {
    const server = await serve((_, response) => json(response, {}, 429, { 'retry-after': '86400' }));
    const connection = open(server.url);
    const fault = await faultOf(connection.http.send(read));
    expect(fault).toMatchObject({ kind: 'throttled', retryAfterMs: 86_400_000 });
    expect(server.seen).toHaveLength(1);
  });

  it('is given up after the set number of attempts', async () => {
    const server = await serve((_, response) => json(response, {}, 429, { 'retry-after': '1' }));
    const connection = open(server.url, {}, { retry: { throttledAttempts: 3 } });
    expect((await faultOf(connection.http.send(read))).kind).toBe('throttled');
    expect(server.seen).toHaveLength(3);
  });
});

describe('an unavailable vendor', () => {
  it.each([read, upsert])('gets a repeatable $method again, with growing waits', async (request) => {
    const server = await serve((_, response, count) => json(response, {}, count < 4 ? 503 : 200));
    const connection = open(server.url);
    await connection.http.send(request);
    expect(connection.clock.waits).toEqual([500, 1000, 2000]);
  });

  it('draws the waits evenly below the back-off', async () => {
    const server = await serve((_, response, count) => json(response, {}, count < 4 ? 503 : 200));
    const connection = open(server.url, {}, { retry: { random: () => 0.5 } });
    await connection.http.send(read);
    expect(connection.clock.waits).toEqual([250, 500, 1000]);
  });

  it('is given up after the set number of attempts', async () => {
    const server = await serve((_, response) => json(response, {}, 500));
    const fault = await faultOf(open(server.url, {}, { retry: { unavailableAttempts: 4 } }).http.send(read));
    expect(fault).toMatchObject({ kind: 'unavailable', status: 500 });
    expect(server.seen).toHaveLength(4);
  });

  it('never gets a write again that is not repeatable', async () => {
    const server = await serve((_, response) => json(response, {}, 503));
    expect((await faultOf(open(server.url).http.send(create))).kind).toBe('unavailable');
    expect(server.seen).toHaveLength(1);
  });
});

describe('a lost answer', () => {
  it('leaves a write that is not repeatable alone', async () => {
    const server = await serve((_, response) => cut(response));
    const fault = await faultOf(open(server.url).http.send(create));
    expect(fault).toMatchObject({ kind: 'unavailable', unsent: false });
    expect(server.seen).toHaveLength(1);
  });

  it('leads to a repeat of an upsert', async () => {
    const server = await serve((_, response, count) => (count === 1 ? cut(response) : json(response, {})));
    await open(server.url).http.send(upsert);
    expect(server.seen.map((seen) => seen.body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('sends a write again when the connection was refused: nobody can have acted on it', async () => {
    const connection = open(`http://127.0.0.1:${await freePort()}`);
    const fault = await faultOf(connection.http.send(create));
    expect(fault).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED', unsent: true });
    expect(connection.clock.waits).toHaveLength(4);
  });
});

describe('a final answer', () => {
  it.each<FaultKind>(['conflict', 'rejected', 'expired'])('%s is never repeated', async (kind) => {
    const server = await serve((_, response) => json(response, {}, 400));
    const fault = await faultOf(
      open(server.url, { fault: () => new Fault(kind, 'final', { code: 'X' }) }).http.send(read),
    );
    expect(fault).toMatchObject({ kind, code: 'X' });
    expect(server.seen).toHaveLength(1);
  });
});
