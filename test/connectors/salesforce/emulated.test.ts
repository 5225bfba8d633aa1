/** The connector against the emulator, where the conformance kit does not reach. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { EmulatorOptions, RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import { buildWorld } from '../../../emulators/world/build.ts';
import { memoryVault } from '../../../src/connector/auth.ts';
import type { FieldSpec } from '../../../src/connector/contract/fields.ts';
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { Outcome, Write } from '../../../src/connector/contract/writing.ts';
import { openConnection } from '../../../src/connector/open.ts';
import { silentLog } from '../../../src/support/log.ts';
import { virtualClock } from '../../../src/testing/clock.ts';

const hubId: FieldSpec = {
  object: 'Lead',
  name: 'Hub_Id__c',
  label: 'Hub id',
  type: 'text',
  length: 64,
  unique: true,
};

async function start(options: EmulatorOptions = {}) {
  const clock = virtualClock(options.world?.now ?? Date.UTC(2026, 2, 10, 12));
  const emulator = await salesforceEmulator.start({ clock, ...options });
  onTestFinished(() => emulator.close());
  const open = (config: object = {}) =>
    openConnection(salesforce, {
      connection: 'acme',
      config: { ...emulator.config, ...config },
      vault: memoryVault(),
      clock,
      log: silentLog,
      signal: new AbortController().signal,
    });
  return { emulator, clock, open };
}

type Opened = ReturnType<Awaited<ReturnType<typeof start>>['open']>;

async function pulled(ctx: Opened, object: string): Promise<VendorRecord[]> {
  const records: VendorRecord[] = [];
  for await (const page of salesforce.streams?.[object]?.pull(ctx, null) ?? []) records.push(...page.records);
  return records;
}

function push(ctx: Opened, object: string, writes: readonly Write[]): Promise<Outcome[]> {
  return salesforce.sink?.(object)?.push(ctx, writes) ?? Promise.reject(new Error('no sink'));
}

function callsOf(emulator: RunningEmulator): Readonly<Record<string, number>> {
  const calls = { ...emulator.requests.byRoute() };
  emulator.requests.clear();
  return calls;
}

describe('the seeded world', () => {
  it('is read whole in one call per object', async () => {
    const { emulator, open } = await start({ world: buildWorld() });
    const ctx = open();
    for (const object of Object.keys(salesforce.streams ?? {})) {
      const before = emulator.requests.counted();
      const records = await pulled(ctx, object);
      expect(emulator.requests.counted() - before, object).toBe(1);
      expect(records.length, object).toBeGreaterThan(0);
      const live = records.filter(({ tombstone }) => tombstone === undefined);
      expect(new Set(live.map(({ id }) => id)), object).toEqual(
        new Set(emulator.records.all(object).map(({ Id }) => Id)),
      );
    }
  });
});

describe('a lead that is converted', () => {
  it('comes with what it became, and refuses our write as a conflict', async () => {
    const { emulator, open } = await start();
    const id = emulator.records.create('Lead', {
      LastName: 'Ito',
      Company: 'Ito KK',
      Email: 'ito@example.org',
    });
    const became = emulator.records.act?.('convert', 'Lead', id) ?? {};
    const ctx = open();
    const [lead] = await pulled(ctx, 'Lead');
    expect(lead?.body).toMatchObject({
      IsConverted: true,
      ConvertedContactId: expect.stringMatching(/^003/),
    });
    expect(Object.values(became)).toContain(lead?.body.ConvertedContactId);
    const [outcome] = await push(ctx, 'Lead', [{ key: 'w', op: 'update', id, fields: { City: 'Kyoto' } }]);
    expect(outcome).toMatchObject({
      status: 'failed',
      fault: { kind: 'conflict', code: 'CANNOT_UPDATE_CONVERTED_LEAD' },
    });
  });
});

describe('stage history', () => {
  it('grows by a row per change', async () => {
    const { emulator, clock, open } = await start();
    const id = emulator.records.create('Opportunity', {
      Name: 'Deal',
      StageName: 'Prospecting',
      CloseDate: '2026-06-30',
    });
    for (const StageName of ['Qualification', 'Closed Won']) {
      clock.advance(3_600_000);
      emulator.records.update('Opportunity', id, { StageName });
    }
    const rows = await pulled(open(), 'OpportunityHistory');
    expect(rows.map(({ body }) => body.StageName)).toEqual(['Prospecting', 'Qualification', 'Closed Won']);
    expect(new Set(rows.map(({ body }) => body.OpportunityId))).toEqual(new Set([id]));
  });
});

describe('many writes', () => {
  it('go by one bulk job, and each is decided by its own row', async () => {
    const { emulator, open } = await start();
    const ctx = open({ bulkThreshold: 1_000 });
    await salesforce.fields?.provision(ctx, [hubId], { apply: true });
    callsOf(emulator);
    const writes = Array.from({ length: 1_500 }, (_, n): Write => {
      const email = n % 500 === 7 ? 'not an address' : `lead${n}@example.org`;
      const fields = { LastName: `Lead ${n}, "Jr"`, Company: 'A\nB', Email: email };
      return { key: `w${n}`, op: 'upsert', alternateKey: { Hub_Id__c: `H,${n}` }, fields };
    });
    const outcomes = await push(ctx, 'Lead', writes);
    const failed = outcomes.filter(({ status }) => status === 'failed');
    expect(failed.map(({ key }) => key)).toEqual(['w7', 'w507', 'w1007']);
    expect(failed[0]).toMatchObject({ fault: { kind: 'rejected', code: 'INVALID_EMAIL_ADDRESS' } });
    for (const outcome of outcomes) {
      if (outcome.status !== 'written') continue;
      const n = Number(outcome.key.slice(1));
      expect(emulator.records.get('Lead', outcome.id)).toMatchObject({
        LastName: `Lead ${n}, "Jr"`,
        Company: 'A\nB',
        Hub_Id__c: `H,${n}`,
      });
    }
    expect(emulator.records.count('Lead')).toBe(1_497);
    const { 'GET jobs/ingest/{id}': looks, ...calls } = callsOf(emulator);
    expect(looks).toBeGreaterThan(0);
    expect(Object.values(calls)).toEqual([1, 1, 1, 1, 1]);
  });

  it('of one record twice in a push leave the later one', async () => {
    const { emulator, open } = await start();
    const ctx = open();
    const id = emulator.records.create('Lead', { LastName: 'Old', Company: 'c' });
    const write = (key: string, City: string): Write => ({ key, op: 'update', id, fields: { City } });
    const outcomes = await push(ctx, 'Lead', [write('a', 'Bonn'), write('b', 'Köln')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'written']);
    expect(emulator.records.get('Lead', id)?.City).toBe('Köln');
  });
});

describe('signing in', () => {
  it('by JWT bearer', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwtPublicKey = publicKey.export({ type: 'spki', format: 'pem' });
    const { open } = await start({ knobs: { jwtPublicKey, username: 'hub@example.org' } });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const ctx = open({ flow: 'jwt_bearer', username: 'hub@example.org', privateKey: pem });
    expect((await salesforce.check(ctx)).account).toContain('hub@example.org');
  });

  it('by a refresh token that changes every time', async () => {
    const { emulator, open } = await start({
      knobs: { rotateRefreshTokens: true, refreshToken: '5Aep861first' },
    });
    const ctx = open({ flow: 'refresh_token', refreshToken: '5Aep861first' });
    for (let n = 0; n < 3; n += 1) {
      expect((await salesforce.check(ctx)).missingPermissions).toEqual([]);
      emulator.expireTokens();
    }
  });
});
