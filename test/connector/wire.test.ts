import { createServer } from 'node:net';
import nock from 'nock';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Fault } from '../../src/connector/fault.ts';
import type { HttpRequest, HttpResponse } from '../../src/connector/http.ts';
import { failure, faultOf, open } from './connection.ts';
import { json, serve } from './server.ts';

const read: HttpRequest = { method: 'GET', url: '/records' };

/** A connector that takes every answer for JSON. */
const readsJson = (answer: HttpResponse): null => {
  answer.json();
  return null;
};

describe('a request on the wire', () => {
  it('joins path and base, and encodes the query so that every server reads it', async () => {
    const server = await serve((_, response) => json(response, {}));
    await open(`${server.url}/api/`).http.send({ ...read, query: { q: 'a +b&c', id: ['1', '2'] } });
    expect(server.seen[0]?.url).toBe('/api/records?q=a%20%2Bb%26c&id=1&id=2');
  });

  it.each([
    [{ json: { name: 'Zoë' } }, 'application/json', '{"name":"Zoë"}'],
    [{ form: { a: '1 2', b: 'ü' } }, 'application/x-www-form-urlencoded', 'a=1+2&b=%C3%BC'],
    [{ body: 'Id\n1', headers: { 'content-type': 'text/csv' } }, 'text/csv', 'Id\n1'],
    [{ body: Buffer.from('Id\n1'), headers: { 'content-type': 'text/csv' } }, 'text/csv', 'Id\n1'],
  ])('carries %o', async (content, type, body) => {
    const server = await serve((_, response) => json(response, {}));
    await open(server.url).http.send({ method: 'POST', url: '/x', ...content });
    expect(server.seen[0]).toMatchObject({ body, headers: { 'content-type': type } });
  });

  it('keeps one connection for reads and takes a fresh one for a write that must not be repeated', async () => {
    const ports: (number | undefined)[] = [];
    const server = await serve((_, response) => {
      ports.push(response.req.socket.remotePort);
      json(response, {});
    });
    const { http } = open(server.url);
    await http.send(read);
    await http.send(read);
    await http.send({ method: 'POST', url: '/x', json: {} });
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[0]);
  });

  it('goes through the proxy that the environment names', async () => {
    const proxy = await serve((_, response) => json(response, { from: 'proxy' }));
    vi.stubEnv('HTTP_PROXY', proxy.url);
    vi.stubEnv('http_proxy', proxy.url);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const answer = await open('http://vendor.test').http.send(read);
    expect(answer.json()).toEqual({ from: 'proxy' });
    expect(proxy.seen[0]?.url).toBe('http://vendor.test/records');
  });

  it('is refused without a repeat when it cannot be written', async () => {
    const server = await serve((_, response) => json(response, {}));
    const fault = await faultOf(open(server.url).http.send({ method: 'GET', url: 'http://[broken' }));
    expect(fault.kind).toBe('rejected');
  });
});

describe('an answer that is not what it says', () => {
  it('is asked for again when its JSON stops in the middle', async () => {
    const server = await serve((_, response, count) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(count === 1 ? '{"records":[{"Id":"1"},{"I' : '{"records":[]}');
    });
    const answer = await open(server.url).http.send(read);
    expect(answer.json()).toEqual({ records: [] });
    expect(server.seen).toHaveLength(2);
  });

  it('is asked for again when a proxy sends its HTML page with status 200', async () => {
    const server = await serve((_, response, count) => {
      if (count > 1) return json(response, { ok: true });
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Scheduled maintenance</html>');
    });
    const answer = await open(server.url).http.send(read);
    expect(answer.json()).toEqual({ ok: true });
  });

  it('is an unavailable fault when a connector reads a 502 page as JSON', async () => {
    const server = await serve((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<html>Bad gateway</html>');
    });
    const fault = await faultOf(open(server.url, { fault: readsJson }).http.send(read));
    expect(fault).toMatchObject({ kind: 'unavailable', status: 502 });
    expect(server.seen).toHaveLength(5);
  });

  it('is judged by its status when its page is not the JSON that a connector looks for', async () => {
    const server = await serve((_, response) => response.writeHead(401).end('<html>Sign in</html>'));
    const fault = await faultOf(open(server.url, { fault: readsJson }).http.send(read));
    expect(fault).toMatchObject({ kind: 'unauthorized', status: 401 });
  });

  it('keeps what a connector throws about an error body, unless it is that it could not be read', async () => {
    const server = await serve((_, response) => json(response, { code: 'LOCKED' }, 400));
    const fault = await faultOf(
      open(server.url, {
        fault: (answer) => {
          throw new Fault('conflict', `locked: ${answer.text}`);
        },
      }).http.send(read),
    );
    expect(fault.kind).toBe('conflict');
  });

  it('is a fault with status 200 where the vendor works that way', async () => {
    const server = await serve((_, response) => json(response, { success: false }));
    const fault = await faultOf(
      open(server.url, {
        fault: () => {
          throw new Fault('rejected', 'no such field', { code: '1006' });
        },
      }).http.send(read),
    );
    expect(fault).toMatchObject({ kind: 'rejected', code: '1006' });
  });

  it('is an unavailable fault when a connector stumbles over a success', async () => {
    const server = await serve((_, response) => json(response, null));
    const fault = await faultOf(
      open(server.url, {
        fault: () => {
          throw new TypeError('cannot read properties of null');
        },
      }).http.send(read),
    );
    expect(fault).toMatchObject({ kind: 'unavailable', code: 'UNREADABLE' });
  });

  it('never shows its content in the error: it may hold customers’ data', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"email":"someone@example.com"');
    });
    const fault = await faultOf(open(server.url).http.send(read));
    expect(fault.kind).toBe('unavailable');
    expect(fault.message).not.toContain('someone@');
  });

  it('is left to the connector when it was never said to be JSON', async () => {
    const server = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/csv' }).end('Id\n1'),
    );
    const answer = await open(server.url).http.send(read);
    expect(answer.text).toBe('Id\n1');
  });

  it('is parsed once', async () => {
    const server = await serve((_, response) => json(response, { records: [] }));
    const answer = await open(server.url).http.send(read);
    expect(answer.json()).toBe(answer.json());
  });

  it('is asked for again when the connection ends before its stated length', async () => {
    let served = 0;
    const torn = createServer((socket) => {
      socket.once('data', () => {
        served += 1;
        socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"a":1}');
      });
    });
    await new Promise<void>((resolve) => torn.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      torn.close();
    });
    const address = torn.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const fault = await faultOf(open(`http://127.0.0.1:${port}`).http.send(read));
    expect(fault.kind).toBe('unavailable');
    expect(served).toBe(5);
  });
});

describe('a redirect', () => {
  const signed = {
    sign: (request: HttpRequest) => ({
      ...request,
      headers: { authorization: 'Bearer the-token', 'x-api-key': 'k' },
    }),
    grant: async () => ({ accessToken: 'the-token' }),
  };

  it('to another origin is refused, and the token stays here', async () => {
    const elsewhere = await serve((_, response) => json(response, {}));
    const server = await serve((_, response) => response.writeHead(302, { location: elsewhere.url }).end());
    const fault = await faultOf(open(server.url, { auth: signed }).http.send(read));
    expect(fault).toMatchObject({ kind: 'rejected', code: 'REDIRECT' });
    expect(fault.message).toContain(elsewhere.url);
    expect(elsewhere.seen).toHaveLength(0);
  });

  it('within the origin is followed', async () => {
    const server = await serve((seen, response) =>
      seen.url === '/moved'
        ? json(response, { ok: true })
        : response.writeHead(301, { location: '/moved' }).end(),
    );
    const answer = await open(server.url, { auth: signed }).http.send(read);
    expect(answer.json()).toEqual({ ok: true });
  });

  it('never turns a write into a read', async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: '/login' }).end());
    const fault = await faultOf(open(server.url).http.send({ method: 'POST', url: '/x', json: {} }));
    expect(fault.code).toBe('REDIRECT');
    expect(server.seen).toHaveLength(1);
  });

  it('that leads round in circles ends', async () => {
    const server = await serve((_, response) => response.writeHead(307, { location: '/again' }).end());
    expect((await faultOf(open(server.url).http.send(read))).code).toBe('REDIRECT');
  });
});

describe('time-outs', () => {
  it('end a request whose answer does not come, and it is sent again', async () => {
    const server = await serve((_, response, count) =>
      count === 1 ? undefined : json(response, { ok: true }),
    );
    const answer = await open(server.url).http.send({ ...read, timeoutMs: 1_000 });
    expect(answer.json()).toEqual({ ok: true });
    // More where this machine is too busy to answer itself in a second.
    expect(server.seen.length).toBeGreaterThanOrEqual(2);
  });

  it('cover the body too', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"a":');
    });
    const fault = await faultOf(
      open(server.url, {}, { timeoutMs: 50, retry: { unavailableAttempts: 1 } }).http.send(read),
    );
    expect(fault).toMatchObject({ kind: 'unavailable', code: 'TIMEOUT' });
  });
});

describe('a stream', () => {
  const textOf = async (body: AsyncIterable<Uint8Array>) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('passes the body on as it comes', async () => {
    const server = await serve((_, response) => response.end('Id,Name\n1,A\n'));
    const { status, body } = await open(server.url).http.stream(read);
    expect(status).toBe(200);
    expect(await textOf(body)).toBe('Id,Name\n1,A\n');
  });

  it('is not read ahead by a connector that takes every answer for JSON', async () => {
    const server = await serve((_, response) => response.end('Id\n'));
    const { body } = await open(server.url, { fault: readsJson }).http.stream(read);
    expect(await textOf(body)).toBe('Id\n');
  });

  it('waits for a slow reader', async () => {
    const server = await serve((_, response) => {
      response.write('a'.repeat(100_000));
      setTimeout(() => response.end('end'), 20);
    });
    const { body } = await open(server.url).http.stream({ ...read, timeoutMs: 1_000 });
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size === chunk.length) await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    expect(size).toBe(100_003);
  });

  it('that never begins ends with an unavailable fault', async () => {
    const server = await serve((_, response) => response.writeHead(200).flushHeaders());
    const { body } = await open(server.url).http.stream({ ...read, timeoutMs: 100 });
    expect(await failure(textOf(body))).toMatchObject({ kind: 'unavailable' });
  });

  it('that is refused becomes the connector’s fault, and is repeated by its kind', async () => {
    const server = await serve((_, response, count) => {
      if (count === 1) return json(response, {}, 503);
      response.end('Id\n');
    });
    const { body } = await open(server.url).http.stream(read);
    expect(await textOf(body)).toBe('Id\n');
  });

  it('that breaks off or falls silent ends with an unavailable fault', async () => {
    const server = await serve((seen, response) => {
      response.write('Id\n');
      if (seen.url === '/breaks') setImmediate(() => response.destroy());
    });
    for (const url of ['/breaks', '/silent']) {
      const { body } = await open(server.url).http.stream({ method: 'GET', url, timeoutMs: 100 });
      expect(await failure(textOf(body))).toMatchObject({ kind: 'unavailable' });
    }
  });

  it('stops when the run is cancelled', async () => {
    const cancel = new AbortController();
    const server = await serve((_, response) => {
      response.write('Id\n');
    });
    const { body } = await open(server.url, {}, { signal: cancel.signal }).http.stream(read);
    const reading = failure(textOf(body));
    cancel.abort(new Error('stopped'));
    expect(await reading).toMatchObject({ message: 'stopped' });
  });
});

describe('cancelling', () => {
  it('ends a request under way with the reason, and no repeat', async () => {
    const cancel = new AbortController();
    const server = await serve(() => cancel.abort(new Error('stopped')));
    const connection = open(server.url, {}, { signal: cancel.signal });
    expect(await failure(connection.http.send(read))).toMatchObject({ message: 'stopped' });
    expect(server.seen).toHaveLength(1);
  });

  it('ends a wait before a repeat', async () => {
    const cancel = new AbortController();
    const server = await serve((_, response) => json(response, {}, 503));
    const clock = {
      now: () => Date.now(),
      sleep: (_: number, signal?: AbortSignal) =>
        new Promise<void>((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
          cancel.abort(new Error('stopped'));
        }),
    };
    const connection = open(server.url, {}, { signal: cancel.signal, clock });
    expect(await failure(connection.http.send(read))).toMatchObject({ message: 'stopped' });
    expect(server.seen).toHaveLength(1);
  });

  it('lets nothing begin afterwards', async () => {
    const server = await serve((_, response) => json(response, {}));
    const connection = open(server.url, {}, { signal: AbortSignal.abort(new Error('stopped')) });
    expect(await failure(connection.http.send(read))).toMatchObject({ message: 'stopped' });
    expect(server.seen).toHaveLength(0);
  });
});

describe('a lost network', () => {
  afterEach(() => nock.cleanAll());

  it.each([
    'ECONNRESET',
    'ETIMEDOUT',
    'EPIPE',
  ])('%s is repeated for a read, and for no other', async (code) => {
    nock('http://vendor.test')
      .get('/records')
      .replyWithError(Object.assign(new Error('gone'), { code }));
    nock('http://vendor.test').get('/records').reply(200, { ok: true });
    nock('http://vendor.test')
      .post('/records')
      .replyWithError(Object.assign(new Error('gone'), { code }));
    const { http } = open('http://vendor.test');
    expect((await http.send(read)).json()).toEqual({ ok: true });
    expect(await faultOf(http.send({ method: 'POST', url: '/records', json: {} }))).toMatchObject({ code });
    expect(nock.isDone()).toBe(true);
  });
});
