/** Pages and cursors, allowances, faults, describe, and several calls in one. */
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import type { Clock } from '../../../src/support/clock.ts';
import { systemClock } from '../../../src/support/clock.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { base, type Client, provisionField, signIn } from './emulator-client.ts';

let emulator: RunningEmulator;
let client: Client;
afterEach(() => emulator.close());

async function start(knobs: JsonObject = {}, clock?: Clock): Promise<void> {
  emulator = await salesforceEmulator.start({ knobs, ...(clock === undefined ? {} : { clock }) });
  client = await signIn(emulator);
}

function makeAccounts(count: number): void {
  for (let n = 0; n < count; n++) emulator.records.create('Account', { Name: `A${n}` });
}

describe('pages', () => {
  it('follow each other, and may be asked for again', async () => {
    await start({ pageSize: 4 });
    makeAccounts(10);
    const first = await client.query('SELECT Id FROM Account');
    expect(Object.keys(first.json as object)).toEqual(['totalSize', 'done', 'nextRecordsUrl', 'records']);
    const next = String(first.json.nextRecordsUrl);
    expect(next).toMatch(/^\/services\/data\/v62\.0\/query\/01g\w{15}-4$/);
    const second = await client.send('GET', next);
    const again = await client.send('GET', next);
    expect(again.json).toEqual(second.json);
    const third = await client.send('GET', String(second.json.nextRecordsUrl));
    expect(third.json.done).toBe(true);
    expect(third.json.nextRecordsUrl).toBeUndefined();
    const all = [first, second, third].flatMap((page) => page.list('records').map((one) => one.Id));
    expect(new Set(all).size).toBe(10);
  });

  it('are a snapshot: a record that moves in the order meanwhile is neither lost nor doubled', async () => {
    await start({ pageSize: 4 });
    makeAccounts(8);
    const first = await client.query('SELECT Id, Name FROM Account ORDER BY SystemModstamp, Id');
    const moved = String(first.json.records?.[0]?.Id);
    emulator.records.update('Account', moved, { Name: 'moved' }, { at: Date.now() + 60_000 });
    const second = await client.send('GET', String(first.json.nextRecordsUrl));
    const names = second.list('records').map((one) => one.Name);
    expect(names).not.toContain('moved');
    expect(names).toHaveLength(4);
  });

  it('get smaller for a hint and for wide selections', async () => {
    await start({ pageCells: 12 });
    makeAccounts(5);
    expect(
      (await client.query('SELECT Id, Name, Site, Phone, Fax, Sic FROM Account')).json.records,
    ).toHaveLength(2);
    expect((await client.query('SELECT Id FROM Account')).json.records).toHaveLength(5);
    await emulator.close();
    await start({});
    makeAccounts(230);
    const hint = { 'sforce-query-options': 'batchSize=200' };
    const path = `${base}/query?q=${encodeURIComponent('SELECT Id FROM Account')}`;
    expect((await client.send('GET', path, undefined, hint)).json.records).toHaveLength(200);
    expect(
      (await client.send('GET', path, undefined, { 'sforce-query-options': 'batchSize=9' })).json.done,
    ).toBe(true);
  });

  it('end when the cursor is too old, expired, or made room', async () => {
    let now = Date.now();
    await start({ pageSize: 1, maxCursors: 2, tokenLifeMs: 1e12 }, { ...systemClock, now: () => now });
    makeAccounts(2);
    const open = async () => String((await client.query('SELECT Id FROM Account')).json.nextRecordsUrl);
    const status = async (url: string) => (await client.send('GET', url)).json[0]?.errorCode ?? 'read';
    const [oldest, middle, newest] = [await open(), await open(), await open()];
    expect([await status(oldest), await status(middle), await status(newest)]).toEqual([
      'INVALID_QUERY_LOCATOR',
      'read',
      'read',
    ]);
    emulator.expireCursors?.();
    expect(await status(newest)).toBe('INVALID_QUERY_LOCATOR');
    const aged = await open();
    now += 3 * 24 * 60 * 60 * 1000;
    expect(await status(aged)).toBe('INVALID_QUERY_LOCATOR');
  });
});

describe('a million computed contacts', () => {
  it('are found by keyset, id and change without being stored', async () => {
    await start({ generate: { Contact: 1_000_000 } });
    expect((await client.query('SELECT COUNT() FROM Contact')).json.totalSize).toBe(1_000_000);
    const page = (where: string) =>
      client.query(`SELECT Id, SystemModstamp, Email FROM Contact ${where} ORDER BY SystemModstamp, Id`);
    const since = 'WHERE SystemModstamp >= 2025-05-01T00:00:00Z';
    const before = await page(since);
    const first = before.json.records?.[0];
    const at = String(first?.SystemModstamp).replace('+0000', 'Z');
    const after = await page(
      `WHERE (SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > '${first?.Id}'))`,
    );
    expect(Number(after.json.totalSize)).toBe(Number(before.json.totalSize) - 1);
    await client.patch(`sobjects/Contact/${first?.Id}`, { Title: 'changed' });
    await client.delete(`sobjects/Contact/${after.json.records?.[0]?.Id}`);
    expect(emulator.records.count('Contact')).toBe(999_999);
    expect((await page(`${since} AND SystemModstamp < 2025-06-30T00:00:00Z`)).json.totalSize).toBe(
      Number(before.json.totalSize) - 2,
    );
    const changed = await client.query(
      "SELECT Id FROM Contact WHERE SystemModstamp >= TODAY AND Title = 'changed'",
    );
    expect(changed.json.records?.[0]?.Id).toBe(first?.Id);
  });

  it('come in imports of one second that are larger than a page', async () => {
    await start({ generate: { Contact: 20_000 } });
    const stamps = Map.groupBy(emulator.records.all('Contact'), ({ SystemModstamp }) => SystemModstamp);
    const sizes = [...stamps.values()].map(({ length }) => length);
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(3000);
  });
});

describe('the allowance', () => {
  it('is told with every answer, and refuses with 403 when it is spent', async () => {
    await start({ dailyRequests: 2 });
    expect((await client.get('sobjects')).headers.get('sforce-limit-info')).toBe('api-usage=1/2');
    const { json } = await client.get('limits');
    expect(json.DailyApiRequests).toEqual({ Max: 2, Remaining: 0 });
    const spent = await client.get('limits');
    expect(spent.status).toBe(403);
    expect(spent.json).toEqual([
      { message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' },
    ]);
    expect(spent.headers.get('retry-after')).toBeNull();
  });

  it('comes back after 24 hours', async () => {
    let now = Date.now();
    await start({ dailyRequests: 1, tokenLifeMs: 1e12 }, { ...systemClock, now: () => now });
    await client.get('limits');
    expect((await client.get('limits')).status).toBe(403);
    now += 25 * 60 * 60 * 1000;
    expect((await client.get('limits')).status).toBe(200);
  });

  it('limits calls in flight', async () => {
    await start({ concurrentRequests: 2, latencyMs: 40 });
    const answers = await Promise.all([1, 2, 3].map(() => client.get('limits')));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 200, 403]);
  });
});

describe('faults', () => {
  it.each([
    ['throttle', undefined, 403, 'REQUEST_LIMIT_EXCEEDED'],
    ['daily-limit', undefined, 403, 'REQUEST_LIMIT_EXCEEDED'],
    ['unauthorized', undefined, 401, 'INVALID_SESSION_ID'],
    ['server-error', undefined, 500, 'UNKNOWN_EXCEPTION'],
    ['vendor', 'server-unavailable', 503, 'SERVER_UNAVAILABLE'],
    ['vendor', 'query-timeout', 400, 'QUERY_TIMEOUT'],
    ['vendor', 'row-lock', 400, 'UNABLE_TO_LOCK_ROW'],
  ] as const)('%s %s', async (what, name, status, code) => {
    await start();
    emulator.faults.inject({ route: 'query', times: 1, what, ...(name === undefined ? {} : { name }) });
    const answer = await client.query('SELECT Id FROM Account');
    expect([answer.status, answer.json[0]?.errorCode]).toEqual([status, code]);
    expect((await client.query('SELECT Id FROM Account')).status).toBe(200);
  });

  it('a lost answer leaves the work done', async () => {
    await start();
    emulator.faults.inject({ route: 'composite/sobjects', times: 1, what: 'lost-answer' });
    const records = [{ attributes: { type: 'Account' }, Name: 'lost' }];
    await expect(client.post('composite/sobjects', { records })).rejects.toThrow();
    expect(emulator.records.count('Account')).toBe(1);
  });
});

describe('requests that fit nothing', () => {
  it.each([
    ['GET', `${base}/nonsense`, 404, 'NOT_FOUND'],
    ['GET', '/services/data/v99.0/query?q=x', 404, 'NOT_FOUND'],
    ['GET', `${base}/sobjects/Nonsense/describe`, 404, 'NOT_FOUND'],
    ['DELETE', `${base}/query`, 405, 'METHOD_NOT_ALLOWED'],
    ['GET', `${base}/query`, 400, 'MALFORMED_QUERY'],
  ])('%s %s', async (method, path, status, code) => {
    await start();
    const answer = await client.send(method, path);
    expect([answer.status, answer.json[0]?.errorCode]).toEqual([status, code]);
  });

  it('bodies that are no JSON, or do not say what they are', async () => {
    await start();
    const torn = await client.raw('POST', `${base}/sobjects/Account`, '{"Name": "x', 'application/json');
    expect([torn.status, torn.json[0]?.errorCode]).toEqual([400, 'JSON_PARSER_ERROR']);
    const typeless = await client.raw('POST', `${base}/sobjects/Account`, '{}', 'text/plain');
    expect(typeless.status).toBe(415);
  });
});

describe('describe', () => {
  it('is not sent again while nothing has changed', async () => {
    let now = Date.now();
    await start({ tokenLifeMs: 1e12 }, { ...systemClock, now: () => now });
    const path = `${base}/sobjects/Lead/describe`;
    const first = await client.send('GET', path);
    const since = { 'if-modified-since': String(first.headers.get('last-modified')) };
    expect((await client.send('GET', path, undefined, since)).status).toBe(304);
    now += 5000;
    await provisionField(client, 'Lead.New__c', { label: 'New', type: 'Checkbox', defaultValue: false });
    const later = await client.send('GET', path, undefined, since);
    expect(later.status).toBe(200);
    expect(later.list('fields').at(-1)?.name).toBe('New__c');
  });
});

describe('composite', () => {
  it('runs parts in order, with references, and tells each one’s status', async () => {
    await start();
    const answer = await client.post('composite', {
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'acc', body: { Name: 'Ref' } },
        {
          method: 'POST',
          url: `${base}/sobjects/Contact`,
          referenceId: 'con',
          body: { LastName: 'C', AccountId: '@{acc.id}' },
        },
        { method: 'GET', url: `${base}/query?q=SELECT+Account.Name+FROM+Contact`, referenceId: 'q' },
        { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'bad', body: { Email: 'x' } },
      ],
    });
    expect(answer.status).toBe(200);
    const parts = answer.list('compositeResponse');
    expect(parts.map((part) => part.httpStatusCode)).toEqual([201, 201, 200, 400]);
    expect(parts[0]?.httpHeaders).toEqual({ Location: expect.stringMatching(/\/sobjects\/Account\/001/) });
    expect(parts[2]?.body).toMatchObject({ records: [{ Account: { Name: 'Ref' } }] });
    expect(emulator.requests.counted()).toBe(1);
  });

  it('with allOrNone keeps nothing', async () => {
    await start();
    const { json } = await client.post('composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'acc', body: { Name: 'Ref' } },
        { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'bad', body: {} },
      ],
    });
    expect(json.compositeResponse?.[0]?.body?.[0]?.errorCode).toBe('PROCESSING_HALTED');
    expect(emulator.records.count('Account')).toBe(0);
  });

  it('has at most 25 parts, five of them queries', async () => {
    await start();
    const query = (n: number) => ({
      method: 'GET',
      url: `${base}/query?q=SELECT+Id+FROM+Lead`,
      referenceId: `q${n}`,
    });
    const limit = (n: number) => ({ method: 'GET', url: `${base}/limits`, referenceId: `l${n}` });
    const ask = async (parts: JsonObject[]) =>
      (await client.post('composite', { compositeRequest: parts })).status;
    expect(await ask(Array.from({ length: 5 }, (_, n) => query(n)))).toBe(200);
    expect(await ask(Array.from({ length: 6 }, (_, n) => query(n)))).toBe(400);
    expect(await ask(Array.from({ length: 26 }, (_, n) => limit(n)))).toBe(400);
  });

  it('batch runs its parts independently', async () => {
    await start();
    const answer = await client.post('composite/batch', {
      batchRequests: [
        { method: 'GET', url: 'v62.0/limits' },
        { method: 'GET', url: 'v62.0/sobjects/Account/001000000000001AAA' },
      ],
    });
    expect(answer.json.hasErrors).toBe(true);
    expect(answer.list('results').map((one) => one.statusCode)).toEqual([200, 404]);
  });
});
