import { describe, expect, it } from 'vitest';
import { memoryVault } from '../../src/connector/auth.ts';
import type { Auth, Token } from '../../src/connector/contract.ts';
import { Fault } from '../../src/connector/fault.ts';
import { faultOf, open, type PlainConfig } from './connection.ts';
import { json, serve, type TinyServer } from './server.ts';

const bearer: Auth<PlainConfig>['sign'] = (request, token) => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token.accessToken}` },
});

const granting: Auth<PlainConfig> = {
  sign: bearer,
  grant: async (ctx) => {
    const answer = await ctx.http.send({
      method: 'POST',
      url: '/token',
      form: { secret: ctx.config.secret },
    });
    return answer.json() as Token;
  },
};

/** Grants `token-1`, `token-2` …; accepts the latest only, or none at all. */
function vendor(options: { accepts?: boolean } = {}): Promise<TinyServer> {
  let granted = 0;
  return serve((seen, response) => {
    if (seen.url === '/token') {
      granted += 1;
      return json(response, { accessToken: `token-${granted}` });
    }
    const good = options.accepts !== false && seen.headers.authorization === `Bearer token-${granted}`;
    return json(response, { ok: good }, good ? 200 : 401);
  });
}

const grants = (server: TinyServer) => server.seen.filter((seen) => seen.url === '/token').length;

describe('signing in', () => {
  it('grants one token for twenty parallel refusals', async () => {
    const server = await vendor();
    const vault = memoryVault();
    await vault.write('test', { accessToken: 'dead-token' });
    const connection = open(server.url, { auth: granting }, { vault });
    const urls = Array.from({ length: 20 }, (_, index) => `/records/${index}`);
    const answers = await Promise.all(urls.map((url) => connection.http.send({ method: 'GET', url })));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    expect(grants(server)).toBe(1);
  });

  it('grants one token for twenty runs in parallel over one vault', async () => {
    const server = await vendor();
    const vault = memoryVault();
    await vault.write('test', { accessToken: 'dead-token' });
    const runs = Array.from({ length: 20 }, () => open(server.url, { auth: granting }, { vault }));
    await Promise.all(runs.map((run) => run.http.send({ method: 'GET', url: '/x' })));
    expect(grants(server)).toBe(1);
  });

  it('stops at once when a fresh token is refused', async () => {
    const server = await vendor({ accepts: false });
    const connection = open(server.url, { auth: granting });
    const fault = await faultOf(connection.http.send({ method: 'GET', url: '/x' }));
    expect(fault.kind).toBe('unauthorized');
    expect(grants(server)).toBe(2);
    await faultOf(connection.http.send({ method: 'GET', url: '/y' }));
    expect(grants(server)).toBe(2);
  });

  it('stores a token before it is used', async () => {
    const vault = memoryVault();
    const stored: (Token | null)[] = [];
    const server = await serve(async (seen, response) => {
      if (seen.url === '/token') return json(response, { accessToken: 'token-1' });
      stored.push(await vault.read('test'));
      return json(response, {});
    });
    await open(server.url, { auth: granting }, { vault }).http.send({ method: 'GET', url: '/x' });
    expect(stored).toEqual([{ accessToken: 'token-1' }]);
  });

  it('tries a busy token endpoint again', async () => {
    const server = await vendor();
    let tries = 0;
    const busy: Auth<PlainConfig> = {
      sign: bearer,
      grant: async (ctx, previous) => {
        tries += 1;
        if (tries === 1) throw new Fault('throttled', 'token request is already being processed');
        return (await granting.grant?.(ctx, previous)) ?? { accessToken: 'none' };
      },
    };
    const connection = open(server.url, { auth: busy });
    const answer = await connection.http.send({ method: 'GET', url: '/x' });
    expect(answer.status).toBe(200);
    expect(tries).toBe(2);
  });
});
