/** One bad record spoils itself: it waits for a person with its line and reason, and the rest of its batch goes on. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { expressionLimits } from '../../src/mapping/language/jsonata/limits.ts';
import { isUnfit } from '../../src/store/work/unfit.ts';
import { eachForItself } from '../../src/sync/batch.ts';
import { normalizeMarked } from '../../src/sync/normalize/normalize.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { mappingsWith, openTestHub, type TestHub } from './hub.ts';
import { hasPostgres, postgresSchema, whyNot } from './postgres.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** HubSpot contacts get one more value, by this expression. */
async function hubWith(jsonata: string, options: { database?: string; signal?: AbortSignal } = {}) {
  const value = `{ field: city, as: { jsonata: ${JSON.stringify(jsonata)} } }`;
  const mappings = mappingsWith(
    'hubspot',
    '      city: city\n',
    `      city: city\n      custom.word: ${value}\n`,
  );
  endings.push(() => mappings.remove());
  const { database, signal } = options;
  const hub = await openTestHub({
    systems: ['hubspot'],
    mappings: mappings.path,
    ...(database ? { settings: { database } } : {}),
    ...(signal ? { signal } : {}),
  });
  endings.push(() => hub.close());
  return hub;
}

/** Where the expression stands in the file that `hubWith` made. */
function lineIn(file: string): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.findIndex((line) => line.includes('custom.word')) + 1;
}

function contact({ emulator }: TestHub, city: string): string {
  const email = `${city.toLowerCase().replace(/\W/g, '')}@larkmere.example`;
  return emulator('hubspot').records.create('contacts', { email, city, lastname: city });
}

async function normalized(hub: TestHub): Promise<void> {
  await pullSystem(hub.hub, hub.system('hubspot'), { objects: ['contacts'] });
  while ((await normalizeMarked(hub.hub)) > 0);
}

async function parked({ hub }: TestHub): Promise<{ key: string; code: string; message: string }[]> {
  const all = await hub.store.work.parked();
  return all.map(({ key, reason: { code, message } }) => ({ key, code, message }));
}

const endless: Readonly<Record<string, readonly [expression: string, words: RegExp]>> = {
  'calls itself for ever': ['($f := function($n) { $f($n + 1) }; $f(1))', /200,000 steps/],
  'calls itself too deeply': ['($f := function($n) { 1 + $f($n + 1) }; $f(1))', /2,000 levels/],
  'makes a huge list': ['$sum([1..1000000000])', /100,000 items/],
  'makes a huge text': ['$pad("", 1000000000)', /1,000,000 characters/],
  'makes a text that grows by itself': [
    '$reduce([1..60], function($t, $n) { $t & $t }, "xxxxxxxxxxxxxxxx")',
    /characters|128 MB/,
  ],
  'tries a pattern without end': ['$match($pad("", 60, "a") & "!", /^(a+)+$/)', /2 seconds/],
  'takes all memory': ['$pad("", 400000000, "ab") & "x"', /128 MB|characters|2 seconds/],
};

describe.each(Object.keys(endless))('an expression that %s', (kind) => {
  const [expression, words] = endless[kind] ?? ['', /./];

  it('parks the record by which it does, with the line, while the others go on', async () => {
    const hub = await hubWith(`city = 'Bad' ? ${expression} : $uppercase(city)`);
    const ids = ['Aachen', 'Bad', 'Celle'].map((city) => contact(hub, city));
    await normalized(hub);
    expect(await parked(hub)).toEqual([
      {
        key: `hubspot|contacts|${ids[1]}`,
        code: 'CANNOT_BE_NORMALIZED',
        message: expect.stringMatching(words),
      },
    ]);
    const [, file = '', line] =
      /^(.*hubspot\.yaml):(\d+): /.exec((await parked(hub))[0]?.message ?? '') ?? [];
    expect(Number(line)).toBe(lineIn(file));
    await hub.sync();
    const people = await hub.hub.store.entities.scan('Person', null, 10);
    expect(people.map(({ fields }) => fields['custom.word']).sort()).toEqual(['AACHEN', 'CELLE']);
  });
});

describe('a record that was parked for its expression', () => {
  it('goes by itself once it is mended', async () => {
    const hub = await hubWith("city = 'Bad' ? $sum([1..1000000000]) : $uppercase(city)");
    const id = contact(hub, 'Bad');
    await normalized(hub);
    expect(await parked(hub)).toHaveLength(1);
    hub.emulator('hubspot').records.update('contacts', id, { city: 'Good' });
    await hub.sync();
    expect(await parked(hub)).toEqual([]);
    const [person] = await hub.hub.store.entities.scan('Person', null, 10);
    expect(person?.fields['custom.word']).toBe('GOOD');
  });
});

describe('a hub that is told to stop', () => {
  it('does so at once, whatever an expression is at', async () => {
    const stop = new AbortController();
    const hub = await hubWith('$match($pad("", 60, "a") & "!", /^(a+)+$/)', { signal: stop.signal });
    for (const city of ['Aachen', 'Bonn', 'Celle', 'Deutz']) contact(hub, city);
    await pullSystem(hub.hub, hub.system('hubspot'), { objects: ['contacts'] });
    const walk = normalizeMarked(hub.hub);
    setTimeout(() => stop.abort(new Error('told to stop')), 1_000);
    const began = performance.now();
    await expect(walk).rejects.toThrow('told to stop');
    // Every contact would have had its whole time otherwise.
    expect(performance.now() - began).toBeLessThan(3 * expressionLimits.time);
    expect(await hub.hub.store.work.parked()).toEqual([]);
  });
});

describe('a batch with one that fails, on SQLite', () => batch(async () => null));
describe.skipIf(!hasPostgres)(`a batch with one that fails, on PostgreSQL${whyNot}`, () =>
  batch(postgresSchema),
);

function batch(database: typeof postgresSchema | (() => Promise<null>)): void {
  async function openHub(): Promise<TestHub> {
    const shared = await database();
    if (shared) endings.push(() => shared.drop());
    const hub = await openTestHub({
      systems: ['chatbot'],
      ...(shared ? { settings: { database: shared.url } } : {}),
    });
    endings.push(() => hub.close());
    return hub;
  }

  it('parks that one alone', async () => {
    const { hub } = await openHub();
    const keys = Array.from({ length: 37 }, (_, index) => `deal-${String(index).padStart(2, '0')}`);
    await hub.store.work.mark('attribute', keys);
    const claims = await hub.store.work.claim('attribute', 100, 60_000);
    const bad = new Set(['deal-05', 'deal-06', 'deal-36']);
    await eachForItself(hub, claims, async (store, part) => {
      for (const { key } of part) {
        await store.connections.saveState(key, 'done');
        if (bad.has(key)) throw new RangeError(`${key} has no end`);
      }
      await store.work.done(part);
    });
    const waiting = await hub.store.work.parked();
    expect(waiting.map(({ key, reason }) => [key, reason.message])).toEqual(
      [...bad].map((key) => [key, `RangeError: ${key} has no end`]),
    );
    expect(waiting[0]?.reason.code).toBe('CANNOT_BE_ATTRIBUTED');
    const states = await Promise.all(keys.map((key) => hub.store.connections.state(key)));
    expect(states.filter((state) => state === 'done')).toHaveLength(34);
    expect((await hub.store.work.counts()).attribute).toBe(0);
  });

  it('parks nothing while it is the database that fails', async () => {
    const { hub } = await openHub();
    await hub.store.work.mark('attribute', ['a', 'b']);
    const claims = await hub.store.work.claim('attribute', 100, 60_000);
    const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    const work = eachForItself(hub, claims, async () => {
      throw lost;
    });
    await expect(work).rejects.toBe(lost);
    expect(await hub.store.work.parked()).toEqual([]);
  });
}

describe('an error of the database', () => {
  it.skipIf(!hasPostgres)(`is known for what it is${whyNot}`, async () => {
    const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
    await client.connect();
    const failing = async (text: string) => {
      const error: unknown = await client.query(text).then(
        () => undefined,
        (error: unknown) => error,
      );
      return isUnfit(error);
    };
    expect(await failing("select cast('x' as integer)")).toBe(true);
    expect(await failing('select 1 / 0')).toBe(true);
    expect(await failing('select * from nowhere')).toBe(false);
    await client.end();
    expect(await failing('select 1')).toBe(false);
  });
});
