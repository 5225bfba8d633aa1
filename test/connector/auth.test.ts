import { describe, expect, it } from 'vitest';
import { memoryVault } from '../../src/connector/auth.ts';
import type { Auth, Token } from '../../src/connector/contract/sign-in.ts';
import { Fault } from '../../src/connector/fault.ts';
import { failure, faultOf, open, type PlainConfig } from './connection.ts';
import { json, serve, type TinyServer } from './server.ts';

const read = { method: 'GET', url: '/records' } as const;

const granting: Auth<PlainConfig> = {
  sign: (request, token) => ({
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${token.accessToken}` },
  }),
  grant: async (ctx) => {
    const answer = await ctx.http.send({
      method: 'POST',
      url: '/token',
      form: { secret: ctx.config.secret },
    });
    return answer.json() as Token;
  },
};

interface Vendor extends TinyServer {
  grants(): number;
  reads(): number;
}

interface Habits {
  /** Whether the latest token is good for the n-th read; always, by default. */
  readonly accepts?: (read: number) => boolean;
  readonly refusal?: number;
  readonly lifeMs?: number;
  /** Status of the n-th grant. */
  readonly grantStatus?: (grant: number) => number;
}

/** Grants `token-1`, `token-2` …; accepts the latest only. */
async function vendor(habits: Habits = {}): Promise<Vendor> {
  let latest = 0;
  const of = (url: string) => server.seen.filter((seen) => seen.url === url).length;
  const server = await serve((seen, response) => {
    if (seen.url === '/token') {
      const status = habits.grantStatus?.(of('/token')) ?? 200;
      if (status !== 200) return json(response, { error: 'invalid_grant' }, status);
      latest += 1;
      const expiresAt = habits.lifeMs === undefined ? {} : { expiresAt: start + habits.lifeMs };
      return json(response, {
        accessToken: `token-${latest}`,
        refreshToken: `refresh-${latest}`,
        ...expiresAt,
      });
    }
    const good = seen.headers.authorization === `Bearer token-${latest}`;
    const accepted = good && (habits.accepts?.(server.seen.length - of('/token')) ?? true);
    return json(response, {}, accepted ? 200 : (habits.refusal ?? 401));
  });
  return { ...server, grants: () => of('/token'), reads: () => server.seen.length - of('/token') };
}

const start = Date.UTC(2026, 0, 1);

async function vaultWith(token: Token) {
  const vault = memoryVault();
  await vault.write('test', token);
  return vault;
}

describe('single flight', () => {
  it('grants one token for twenty parallel refusals', async () => {
    const server = await vendor();
    const vault = await vaultWith({ accessToken: 'dead-token' });
    const connection = open(server.url, { auth: granting }, { vault });
    const urls = Array.from({ length: 20 }, (_, index) => `/records/${index}`);
    const answers = await Promise.all(urls.map((url) => connection.http.send({ method: 'GET', url })));
    expect(answers.map((answer) => answer.status)).toEqual(urls.map(() => 200));
    expect(server.grants()).toBe(1);
  });

  it('grants one token for twenty runs over one vault', async () => {
    const server = await vendor();
    const vault = await vaultWith({ accessToken: 'dead-token' });
    const runs = Array.from({ length: 20 }, () => open(server.url, { auth: granting }, { vault }));
    await Promise.all(runs.map((run) => run.http.send(read)));
    expect(server.grants()).toBe(1);
  });

  it('takes the lease once for all requests of a run', async () => {
    const server = await vendor();
    const vault = await vaultWith({ accessToken: 'dead-token' });
    const { exclusively } = vault;
    let leases = 0;
    vault.exclusively = (connection, work) => {
      leases += 1;
      return exclusively(connection, work);
    };
    const connection = open(server.url, { auth: granting }, { vault });
    await Promise.all(Array.from({ length: 20 }, () => connection.http.send(read)));
    expect(leases).toBe(1);
  });

  it('asks a vendor who refuses the sign-in once, however many requests wait for it', async () => {
    const server = await vendor({ grantStatus: () => 400 });
    const connection = open(server.url, { auth: granting });
    const faults = await Promise.all(Array.from({ length: 20 }, () => faultOf(connection.http.send(read))));
    expect(new Set(faults.map((fault) => fault.kind))).toEqual(new Set(['unauthorized']));
    expect(faults[0]?.message).toContain('sign-in of connection "test"');
    await faultOf(connection.http.send(read));
    expect(server.grants()).toBe(1);
  });
});

describe('a token that dies', () => {
  it('is renewed once and the request goes through', async () => {
    const server = await vendor({ accepts: (count) => count !== 2 });
    const connection = open(server.url, { auth: granting });
    for (let index = 0; index < 3; index += 1) await connection.http.send(read);
    expect(server.grants()).toBe(2);
    expect(server.reads()).toBe(4);
  });

  it('leads to a fault at once when the fresh one is refused too, and to no further grants', async () => {
    const server = await vendor({ accepts: () => false });
    const connection = open(server.url, { auth: granting });
    expect((await faultOf(connection.http.send(read))).kind).toBe('unauthorized');
    expect({ grants: server.grants(), reads: server.reads() }).toEqual({ grants: 2, reads: 2 });
    await faultOf(connection.http.send(read));
    expect({ grants: server.grants(), reads: server.reads() }).toEqual({ grants: 2, reads: 3 });
  });

  it('counts as one renewal of a request, whatever else happens to it', async () => {
    const server = await serve((seen, response, count) => {
      if (seen.url === '/token') return json(response, { accessToken: `token-${count}` });
      return json(response, {}, count % 3 === 0 ? 503 : 401);
    });
    const connection = open(server.url, { auth: granting });
    expect((await faultOf(connection.http.send(read))).kind).toBe('unauthorized');
    expect(server.seen.filter((seen) => seen.url === '/token').length).toBeLessThanOrEqual(2);
  });

  it('is replaced by what another process stored meanwhile, without a grant', async () => {
    const server = await vendor();
    const vault = memoryVault();
    const first = open(server.url, { auth: granting }, { vault });
    const second = open(server.url, { auth: granting }, { vault });
    await first.http.send(read);
    await second.http.send(read);
    await vault.write('test', { accessToken: 'dead-token' });
    const third = open(server.url, { auth: granting }, { vault });
    await third.http.send(read);
    expect(server.grants()).toBe(2);
    await first.http.send(read);
    expect(server.grants()).toBe(2);
  });

  it('is not replaced by an older one from the vault', async () => {
    const server = await vendor({ accepts: (count) => count !== 2 });
    const vault = memoryVault();
    const connection = open(server.url, { auth: granting }, { vault });
    await connection.http.send(read);
    await vault.write('test', { accessToken: 'token-of-yesterday', expiresAt: start - 1 });
    await connection.http.send(read);
    expect({ grants: server.grants(), reads: server.reads() }).toEqual({ grants: 2, reads: 3 });
  });

  it('of another account is left alone, as soon as the settings name a new one', async () => {
    const server = await vendor();
    const vault = memoryVault();
    const as = (account: string) => ({ auth: { ...granting, account: () => account } });
    await open(server.url, as('ours'), { vault }).http.send(read);
    await open(server.url, as('ours'), { vault }).http.send(read);
    expect(server.grants()).toBe(1);
    await open(server.url, as('theirs'), { vault }).http.send(read);
    expect(server.grants()).toBe(2);
  });

  it('is renewed again soon, when it has worked in between', async () => {
    const server = await vendor({ accepts: (count) => count > 2 && count !== 4 });
    const connection = open(server.url, { auth: granting });
    await faultOf(connection.http.send(read));
    await connection.http.send(read);
    await connection.http.send(read);
    expect(server.grants()).toBe(3);
  });

  it('is a fault at once where the sign-in gives the same one again', async () => {
    const server = await serve((_, response) => json(response, {}, 401));
    const fixed: Auth<PlainConfig> = {
      sign: granting.sign,
      grant: async () => ({ accessToken: 'fixed-key' }),
    };
    const connection = open(server.url, { auth: fixed });
    expect((await faultOf(connection.http.send(read))).kind).toBe('unauthorized');
    expect(server.seen).toHaveLength(1);
  });

  it('is good at the place to which the vendor has moved, also where it is the same one', async () => {
    const moved = await serve((_, response) => json(response, {}));
    const left = await serve((_, response) => json(response, {}, 401));
    const granted = [left.url, moved.url];
    const pods: Auth<PlainConfig> = {
      sign: granting.sign,
      grant: async () => ({ accessToken: 'fixed-key', baseUrl: granted.shift() ?? moved.url }),
    };
    const connection = open(left.url, { auth: pods });
    await connection.http.send(read);
    await connection.http.send(read);
    expect([left.seen.length, moved.seen.length]).toEqual([1, 2]);
  });

  it('is not granted anew for every request that lacks a permission', async () => {
    const server = await serve((seen, response, count) => {
      if (seen.url === '/token') return json(response, { accessToken: `token-${count}` });
      return json(response, {}, seen.url === '/forbidden' ? 403 : 200);
    });
    const connection = open(server.url, { auth: granting });
    for (let index = 0; index < 5; index += 1) {
      await connection.http.send(read);
      expect((await faultOf(connection.http.send({ method: 'GET', url: '/forbidden' }))).status).toBe(403);
    }
    expect(server.seen.filter((seen) => seen.url === '/token')).toHaveLength(2);
  });
});

describe('a token that will end soon', () => {
  it('is renewed before it is refused', async () => {
    const server = await vendor();
    const vault = await vaultWith({ accessToken: 'old-token', expiresAt: start + 30_000 });
    await open(server.url, { auth: granting }, { vault }).http.send(read);
    expect({ grants: server.grants(), reads: server.reads() }).toEqual({ grants: 1, reads: 1 });
  });

  it('is used to its end where the vendor hands out the same one again', async () => {
    const server = await serve((_, response) =>
      json(response, { accessToken: 'same-token', expiresAt: start + 30_000 }),
    );
    const connection = open(server.url, { auth: granting });
    for (let index = 0; index < 5; index += 1) await connection.http.send(read);
    expect(server.seen.filter((seen) => seen.url === '/token')).toHaveLength(1);
    connection.clock.advance(31_000);
    await connection.http.send(read);
    expect(server.seen.filter((seen) => seen.url === '/token')).toHaveLength(2);
  });
});

describe('a granted token', () => {
  it('is stored before it is used', async () => {
    const vault = memoryVault();
    const stored: (Token | null)[] = [];
    const server = await serve(async (seen, response) => {
      if (seen.url === '/token') return json(response, { accessToken: 'token-1' });
      stored.push(await vault.read('test'));
      return json(response, {});
    });
    await open(server.url, { auth: granting }, { vault }).http.send(read);
    expect(stored).toEqual([{ accessToken: 'token-1' }]);
  });

  it('is not lost when the vault fails: the next try stores it and asks for no other', async () => {
    const server = await vendor();
    const vault = memoryVault();
    const { write } = vault;
    let writes = 0;
    vault.write = (connection, token) => {
      writes += 1;
      return writes === 1 ? Promise.reject(new Error('disk full')) : write(connection, token);
    };
    const connection = open(server.url, { auth: granting }, { vault });
    expect(await failure(connection.http.send(read))).toMatchObject({ message: 'disk full' });
    await connection.http.send(read);
    expect(server.grants()).toBe(1);
    expect(await vault.read('test')).toMatchObject({ refreshToken: 'refresh-1' });
  });

  it('is stored even if the run was cancelled while it was asked for', async () => {
    const cancel = new AbortController();
    const vault = memoryVault();
    const letGo = Promise.withResolvers<void>();
    const server = await serve(async (_, response) => {
      cancel.abort(new Error('stopped'));
      await letGo.promise;
      json(response, { accessToken: 'rotated-token' });
    });
    const connection = open(server.url, { auth: granting }, { vault, signal: cancel.signal });
    expect(await failure(connection.http.send(read))).toMatchObject({ message: 'stopped' });
    letGo.resolve();
    await connection.settled();
    expect(await vault.read('test')).toEqual({ accessToken: 'rotated-token' });
  });

  it('goes to the connection’s own origin only', async () => {
    const server = await vendor();
    const elsewhere = await serve((_, response) => json(response, {}));
    const connection = open(server.url, { auth: granting });
    await connection.http.send(read);
    await connection.http.send({ method: 'GET', url: `${elsewhere.url}/next-page` });
    expect(elsewhere.seen[0]?.headers.authorization).toBeUndefined();
  });
});

describe('an identity', () => {
  it('is what the sign-in found out, never the token', async () => {
    const server = await serve((_, response) =>
      json(response, { accessToken: 'token-1', extra: { userId: '005' } }),
    );
    const connection = open(server.url, { auth: granting });
    expect(await connection.identity()).toEqual({ userId: '005' });
    expect(await connection.identity()).toEqual({ userId: '005' });
    expect(server.seen).toHaveLength(1);
  });

  it('is empty where there is nothing to sign in to', async () => {
    expect(await open('http://vendor.test').identity()).toEqual({});
  });
});

describe('the token endpoint', () => {
  const busyOnce = (fault: Fault): Auth<PlainConfig> => {
    let tries = 0;
    return {
      sign: granting.sign,
      grant: async () => {
        tries += 1;
        if (tries === 1) throw fault;
        return { accessToken: `token-after-${tries}-tries` };
      },
    };
  };

  it.each([
    new Fault('throttled', 'token request is already being processed'),
    new Fault('unavailable', 'down'),
  ])('is asked again when it is $kind, also for a write', async (fault) => {
    const server = await serve((_, response) => json(response, {}));
    await open(server.url, { auth: busyOnce(fault) }).http.send({
      method: 'POST',
      url: '/records',
      json: {},
    });
    expect(server.seen.map((seen) => seen.headers.authorization)).toEqual(['Bearer token-after-2-tries']);
  });

  it('is not counted among the vendor’s calls', async () => {
    const server = await vendor();
    const connection = open(server.url, { auth: granting });
    await connection.http.send(read);
    expect(connection.governor.calls()).toEqual({ 'sign-in': 1, default: 1 });
  });

  it('is asked again after a while when it refused', async () => {
    const server = await vendor({ grantStatus: (count) => (count === 1 ? 400 : 200) });
    const connection = open(server.url, { auth: granting });
    await faultOf(connection.http.send(read));
    connection.clock.advance(61_000);
    await connection.http.send(read);
    expect(server.grants()).toBe(2);
  });
});
