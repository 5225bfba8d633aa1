import { describe, expect, it } from 'vitest';
import { faultOf, open } from './connection.ts';
import { json, serve } from './server.ts';

describe('a throttled request', () => {
  it('waits as long as the vendor says, then succeeds', async () => {
    const server = await serve((_, response, count) =>
      count < 3 ? json(response, {}, 429, { 'retry-after': '7' }) : json(response, { ok: true }),
    );
    const connection = open(server.url);
    const answer = await connection.http.send({ method: 'GET', url: '/x' });
    expect(answer.json()).toEqual({ ok: true });
    expect(server.seen).toHaveLength(3);
    expect(connection.clock.waits.filter((wait) => wait === 7000).length).toBeGreaterThanOrEqual(2);
  });

  it('surfaces with its time when the vendor asks for more than the patience', async () => {
    const server = await serve((_, response) => json(response, {}, 429, { 'retry-after': '86400' }));
    const connection = open(server.url);
    const fault = await faultOf(connection.http.send({ method: 'GET', url: '/x' }));
    expect(fault).toMatchObject({ kind: 'throttled', retryAfterMs: 86_400_000 });
    expect(server.seen).toHaveLength(1);
  });
});

describe('an unavailable vendor', () => {
  it('gets a repeatable request again, with growing waits', async () => {
    const server = await serve((_, response, count) =>
      count < 4 ? json(response, {}, 503) : json(response, { ok: true }),
    );
    const connection = open(server.url);
    await connection.http.send({ method: 'GET', url: '/x' });
    expect(connection.clock.waits).toEqual([500, 1000, 2000]);
  });
});
