import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refText } from '../../src/canonical/names.ts';
import type { VendorRecord } from '../../src/connector/contract/reading.ts';
import type { Tie } from '../../src/store/contract/landing.ts';
import type { Database } from '../../src/store/database/database.ts';
import { fieldTimes } from '../../src/store/landing/versions.ts';
import { onEachDatabase, start } from './databases.ts';

const ref = 'sf|Lead|00Q1';

function version(
  modifiedAt: number,
  body: VendorRecord['body'],
  more: Partial<VendorRecord> = {},
): VendorRecord {
  return { object: 'Lead', id: '00Q1', body, modifiedAt, ...more };
}

onEachDatabase('landing', (databases) => {
  it('keeps a record as it came', async () => {
    const { landing } = await databases.store();
    const body = {
      Name: 'Ægir "Ö" \u0000 \ud83d\ude00',
      Nested: { b: [1, 2.5, null], a: { x: true } },
      Blank: null,
    };
    const changed = await landing.put('sf', [
      version(start, body, { createdAt: start - 5, version: 'W/"1"', byUs: true }),
    ]);
    expect(changed.map(refText)).toEqual([ref]);
    expect(await landing.get([ref, 'sf|Lead|none'])).toEqual([
      {
        ref: { connection: 'sf', object: 'Lead', id: '00Q1' },
        body,
        createdAt: start - 5,
        modifiedAt: start,
        version: 'W/"1"',
        byUs: true,
        toldTimes: {},
        changes: {},
        past: {},
        since: start,
      },
    ]);
  });

  it('takes ids with any character in them', async () => {
    const { landing } = await databases.store();
    const odd = 'a|b%_\'"\\ é \u{1F600}';
    await landing.put('sf', [{ object: 'Lead', id: odd, body: {}, modifiedAt: 1 }]);
    expect((await landing.get([`sf|Lead|${odd}`])).map(({ ref: { id } }) => id)).toEqual([odd]);
    expect(await landing.scan({ connection: 'sf', object: 'Lead' }, null, 5)).toEqual([`sf|Lead|${odd}`]);
  });

  it('lets what is handed over again count, whatever its time, and keeps nothing of the one before', async () => {
    const { landing } = await databases.store();
    const first = await landing.correct('sf', [version(start, { Name: 'wrong', Old: 1 })]);
    expect([first.added.map(refText), first.changed]).toEqual([[ref], []]);
    const mended = await landing.correct('sf', [
      version(start - 9, { Name: 'right', New: 2 }, { createdAt: start - 9, readAt: start }),
    ]);
    expect([mended.added, mended.changed.map(refText)]).toEqual([[], [ref]]);
    expect(await landing.get([ref])).toMatchObject([
      {
        body: { Name: 'right', New: 2 },
        createdAt: start - 9,
        modifiedAt: start - 9,
        since: start - 9,
        changes: {},
      },
    ]);
    const again = version(start - 9, { New: 2, Name: 'right' });
    expect(await landing.correct('sf', [again])).toEqual({ added: [], changed: [] });
    await landing.put('sf', [version(start - 9, { Name: 'wrong', New: 2 })]);
    expect(await landing.get([ref])).toMatchObject([{ body: { Name: 'right', New: 2 } }]);
  });

  it('brings nothing back that is gone when it is handed over again', async () => {
    const { landing } = await databases.store();
    const record = version(start, { Name: 'Ada' });
    const gone = version(start + 1, {}, { tombstone: { kind: 'erased' } });
    await landing.correct('sf', [record, gone]);
    expect(await landing.correct('sf', [version(start, { Name: 'Ada King' })])).toEqual({
      added: [],
      changed: [],
    });
    expect(await landing.get([ref])).toMatchObject([{ body: {}, tombstone: { kind: 'erased' } }]);
  });

  it('reports nothing when nothing is new', async () => {
    const { landing } = await databases.store();
    const record = version(start, { Name: 'Ada' }, { fieldTimes: { Name: 4 }, version: 'v' });
    await landing.put('sf', [record]);
    expect(await landing.put('sf', [record, record])).toEqual([]);
  });

  it('keeps the newest version, and when each field last held another value', async () => {
    const { landing } = await databases.store();
    const phones = ['1', '2', '2', '1', '1'];
    for (const [n, Phone] of phones.entries())
      await landing.put('sf', [version(start + n, { Phone, Name: 'Ada' })]);
    const [landed] = await landing.get([ref]);
    expect(landed?.body).toEqual({ Phone: '1', Name: 'Ada' });
    expect(landed?.changes).toEqual({ Phone: { differedAt: start + 2, known: true, since: start + 3 } });
    expect(landed?.since).toBe(start);
  });

  it('forgets no change time, however many versions follow in which other fields change', async () => {
    const { landing } = await databases.store();
    await landing.put('sf', [version(start, { Phone: 'old', Credit__c: 0, Name: 'Ada' })]);
    for (let n = 1; n < 90; n += 1)
      await landing.put('sf', [version(start + n, { Phone: 'new', Credit__c: n, Name: 'Ada' })]);
    const [landed] = await landing.get([ref]);
    expect(landed && fieldTimes(landed)).toEqual({
      Phone: { at: start + 1, exact: true },
      Credit__c: { at: start + 89, exact: true },
      Name: { at: start, exact: false },
    });
  });

  it('slots an older version in that comes late, and says so', async () => {
    const { landing } = await databases.store();
    await landing.put('sf', [version(start + 2, { Phone: 'new' })]);
    expect(await landing.put('sf', [version(start + 1, { Phone: 'old' })])).toHaveLength(1);
    const [landed] = await landing.get([ref]);
    expect(landed?.body).toEqual({ Phone: 'new' });
    expect(landed?.changes).toEqual({ Phone: { differedAt: start + 1, known: true, since: start + 2 } });
  });

  it('takes the richer of two versions of one time: a field newly asked for arrives', async () => {
    const { landing } = await databases.store();
    const narrow = version(start, { Name: 'Ada' });
    const wide = version(start, { Name: 'Ada', Custom__c: 1 });
    await landing.put('sf', [narrow]);
    expect(await landing.put('sf', [wide])).toHaveLength(1);
    expect(await landing.put('sf', [narrow])).toEqual([]);
    expect((await landing.get([ref]))[0]?.body).toEqual(wide.body);
  });

  it('takes the later reading of one stamp, and is silent about reading the same again', async () => {
    const { landing } = await databases.store();
    const read = (readAt: number, body: VendorRecord['body']) =>
      landing.put('sf', [version(start, body, { readAt })]);
    await read(1, { Name: 'Ada', associations: ['x', 'y'] });
    expect(await read(3, { Name: 'Ada' })).toHaveLength(1);
    expect(await read(2, { Name: 'Ada', associations: ['x', 'y'] })).toEqual([]);
    expect(await read(4, { Name: 'Ada' })).toEqual([]);
    expect((await landing.get([ref]))[0]?.body).toEqual({ Name: 'Ada' });
    expect(await read(5, { Name: 'Ada', associations: ['x', 'y'] })).toHaveLength(1);
    const [landed] = await landing.get([ref]);
    expect(landed && fieldTimes(landed)).toEqual({
      Name: { at: start, exact: false },
      associations: { at: start, exact: false },
    });
  });

  it('says of which records two readings of one stamp differ, in either order', async () => {
    const { landing } = await databases.store();
    const ties: Tie[] = [];
    const read = (id: string, at: number, readAt: number, Name: string) =>
      landing.put('sf', [{ object: 'Lead', id, body: { Name }, modifiedAt: at, readAt }], (tie) =>
        ties.push(tie),
      );
    await read('1', start, 4, 'Ada');
    await read('1', start, 5, 'Ada');
    await read('1', start + 1, 6, 'Eve');
    expect(ties).toEqual([]);
    await read('1', start + 1, 6, 'Ida');
    await read('1', start + 1, 5, 'Uwe');
    const lead = { connection: 'sf', object: 'Lead', id: '1' };
    expect(ties).toMatchObject([
      { ref: lead, modifiedAt: start + 1, readAt: 6, beforeAt: 6 },
      { ref: lead, modifiedAt: start + 1, readAt: 5, beforeAt: 6 },
    ]);
  });

  it('does not pretend to know when a value changed whose record kept its stamp', async () => {
    const { landing } = await databases.store();
    await landing.put('sf', [version(start, { Formula__c: 1 }, { readAt: 1 })]);
    await landing.put('sf', [version(start, { Formula__c: 2 }, { readAt: 2 })]);
    const [landed] = await landing.get([ref]);
    expect(landed && fieldTimes(landed)).toEqual({ Formula__c: { at: start, exact: false } });
  });

  it('keeps the same text of equal versions whose fields come in another order, whichever came first', async () => {
    const { landing } = await databases.store();
    const [one, other] = [
      version(start, { Name: 'Ada', Phone: '1' }),
      version(start, { Phone: '1', Name: 'Ada' }),
    ];
    await landing.put('a', [one]);
    await landing.put('a', [other]);
    await landing.put('b', [other]);
    await landing.put('b', [one]);
    const [first, second] = await landing.get(['a|Lead|00Q1', 'b|Lead|00Q1']);
    expect(Object.keys(first?.body ?? {})).toEqual(Object.keys(second?.body ?? {}));
    expect([first?.changes, second?.changes]).toEqual([{}, {}]);
  });

  it('lets a bare tombstone win over the richest body of the same time', async () => {
    const { landing } = await databases.store();
    await landing.put('sf', [version(start, {}, { tombstone: { kind: 'deleted' } })]);
    await landing.put('sf', [version(start, { Name: 'Ada', Phone: '1' }, { version: 'v' })]);
    expect((await landing.get([ref]))[0]).toMatchObject({
      tombstone: { kind: 'deleted' },
      body: { Name: 'Ada' },
    });
  });

  it('lets a tombstone of the same time win, and a later version bring the record back', async () => {
    const { landing } = await databases.store();
    const alive = version(start, { Name: 'Ada' });
    await landing.put('sf', [
      alive,
      version(start, { Name: 'Ada' }, { tombstone: { kind: 'merged', into: '00Q2' } }),
    ]);
    expect((await landing.get([ref]))[0]?.tombstone).toEqual({ kind: 'merged', into: '00Q2' });
    expect(await landing.counts('sf')).toEqual({});
    await landing.put('sf', [version(start + 1, { Name: 'Ada' })]);
    expect((await landing.get([ref]))[0]).not.toHaveProperty('tombstone');
    expect(await landing.counts('sf')).toEqual({ Lead: 1 });
  });

  it('keeps the last body of a record whose tombstone came bare: its keys still join', async () => {
    const { landing } = await databases.store();
    await landing.put('sf', [version(start, { Email: 'ada@example.com' })]);
    await landing.put('sf', [version(start + 9, {}, { tombstone: { kind: 'deleted' } })]);
    const [landed] = await landing.get([ref]);
    expect(landed).toMatchObject({
      body: { Email: 'ada@example.com' },
      modifiedAt: start + 9,
      tombstone: { kind: 'deleted' },
    });
  });

  it('forgets what the vendor says is erased, and lets no older version bring it back', async () => {
    const { landing } = await databases.store();
    const before = version(start, { Email: 'ada@example.com' }, { fieldTimes: { Email: start - 9 } });
    await landing.put('sf', [before]);
    await landing.put('sf', [
      version(start + 9, { Email: 'ada@example.com' }, { tombstone: { kind: 'erased' } }),
    ]);
    await landing.put('sf', [before, version(start + 1, { Email: 'late@example.com' })]);
    const [landed] = await landing.get([ref]);
    expect(landed).toMatchObject({ body: {}, toldTimes: {}, changes: {}, tombstone: { kind: 'erased' } });
    await landing.put('sf', [version(start + 20, { Email: 'new@example.com' })]);
    expect((await landing.get([ref]))[0]).toMatchObject({ changes: {}, since: start + 20 });
  });

  it('erases for good: body and earlier versions go, the tombstone stays', async () => {
    const { landing } = await databases.store();
    const versions = [
      version(start - 9, { Email: 'a@example.com' }),
      version(start - 5, { Email: 'b@example.com' }),
    ];
    await landing.put('sf', versions);
    await landing.erase([ref, 'sf|Lead|none']);
    const erased = { body: {}, changes: {}, toldTimes: {}, tombstone: { kind: 'erased' } };
    expect(await landing.get([ref])).toMatchObject([erased]);
    await landing.put('sf', versions);
    expect(await landing.get([ref])).toMatchObject([erased]);
    await landing.put('sf', [version(databases.clock.now() + 1, { Email: 'c@example.com' })]);
    expect(await landing.get([ref])).toMatchObject([{ body: { Email: 'c@example.com' } }]);
  });

  it('gives told times only while they are about the present value', async () => {
    const { landing } = await databases.store();
    await landing.put('sf', [
      version(start, { properties: { phone: '1' } }, { fieldTimes: { 'properties.phone': start - 7 } }),
    ]);
    await landing.put('sf', [version(start + 1, { properties: { phone: '1', city: 'Oslo' } })]);
    expect((await landing.get([ref]))[0]?.toldTimes).toEqual({ 'properties.phone': start - 7 });
    await landing.put('sf', [version(start + 2, { properties: { phone: '2', city: 'Oslo' } })]);
    expect((await landing.get([ref]))[0]?.toldTimes).toEqual({});
  });

  it('knows which field a told time is about when the vendor names it without its place', async () => {
    const { landing } = await databases.store();
    const body = {
      properties: { phone: '1' },
      propertiesWithHistory: { phone: [{ value: '1' }] },
      city: 'Oslo',
    };
    await landing.put('sf', [version(start, body, { fieldTimes: { phone: 5, city: 6 } })]);
    expect((await landing.get([ref]))[0]?.toldTimes).toEqual({ city: 6, 'properties.phone': 5 });
  });

  it('lands the same new records from two processes at once without losing a version', async () => {
    const place = await databases.place();
    const [here, there] = [await databases.store(place), await databases.store(place)];
    const page = (at: number, Phone: string) =>
      Array.from({ length: 200 }, (_, n) => ({
        object: 'Lead',
        id: `${n}`,
        body: { Phone },
        modifiedAt: at,
      }));
    await Promise.all([
      here.landing.put('sf', page(start, 'old')),
      there.landing.put('sf', page(start + 1, 'new').reverse()),
      here.landing.put('sf', page(start + 2, 'newest')),
    ]);
    const landed = await here.landing.get(page(0, '').map(({ id }) => `sf|Lead|${id}`));
    expect(landed).toHaveLength(200);
    for (const one of landed) {
      expect(one).toMatchObject({
        body: { Phone: 'newest' },
        since: start,
        changes: { Phone: { differedAt: start + 1, since: start + 2 } },
      });
    }
  });

  it('walks all refs in order, a page at a time, of one connection or object', async () => {
    const { landing } = await databases.store();
    const ids = ['10', '9', 'a', 'B', 'é', 'Z'];
    for (const connection of ['sf', 'sf2', 'hs']) {
      await landing.put(
        connection,
        ids.flatMap((id) => ['Lead', 'Lead2'].map((object) => ({ object, id, body: {}, modifiedAt: 1 }))),
      );
    }
    const walked: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: string[] = await landing.scan({ connection: 'sf', object: 'Lead' }, after, 4);
      walked.push(...page);
      after = page.at(-1) ?? null;
      if (after === null) break;
    }
    expect(walked).toEqual(['10', '9', 'B', 'Z', 'a', 'é'].map((id) => `sf|Lead|${id}`));
    expect(await landing.scan({ connection: 'sf' }, null, 99)).toHaveLength(12);
    expect(await landing.scan({ object: 'Lead2' }, null, 99)).toHaveLength(18);
    expect(await landing.scan({}, 'sf|', 99)).toHaveLength(12);
    expect(await landing.counts('hs')).toEqual({ Lead: 6, Lead2: 6 });
  });
});

// A few times and values, so that versions of one time, repeats and returns to an old value are common.
const someFields = fc.record(
  {
    Name: fc.constantFrom('Ada', 'Eve', null),
    Phone: fc.constantFrom('1', '2'),
    deep: fc.record({ city: fc.constantFrom('Oslo', 'Rome') }),
  },
  { requiredKeys: [] },
);
/** Equal content may come with its fields in another order. */
const someBody = fc
  .tuple(someFields, fc.boolean())
  .map(([fields, turned]) => (turned ? Object.fromEntries(Object.entries(fields).reverse()) : fields));
const someRecord: fc.Arbitrary<VendorRecord> = fc
  .record({
    id: fc.constantFrom('1', '2'),
    modifiedAt: fc.integer({ min: 1, max: 14 }),
    body: someBody,
    createdAt: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    version: fc.option(fc.constantFrom('v1', 'v2'), { nil: undefined }),
    byUs: fc.option(fc.boolean(), { nil: undefined }),
    readAt: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    fieldTimes: fc.option(fc.record({ Name: fc.integer({ min: 0, max: 9 }) }), { nil: undefined }),
    tombstone: fc.option(
      fc.constantFrom(
        { kind: 'deleted' as const },
        { kind: 'erased' as const },
        { kind: 'merged' as const, into: '9' },
      ),
      { nil: undefined, freq: 6 },
    ),
  })
  .map((record) => JSON.parse(JSON.stringify({ object: 'Lead', ...record })));

onEachDatabase('landing in any order', (databases) => {
  it('gives the same rows for any order, any repetition and any split into pages', async () => {
    const place = await databases.place();
    const { landing, dialect } = await databases.store(place);
    const { database } = await databases.database(place);
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(someRecord, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        async (records, chance) => {
          const draw = (below: number) => (chance.next().value ?? 0) % below;
          worlds += 1;
          const [straight, shuffled] = [`a${worlds}`, `b${worlds}`];
          await landing.put(straight, records);
          const again = [...records, ...records.filter(() => draw(2) === 0)].sort(() => draw(3) - 1);
          while (again.length > 0) await landing.put(shuffled, again.splice(0, 1 + draw(5)));
          expect(await rowsOf(database, shuffled)).toEqual(await rowsOf(database, straight));
        },
      ),
      { numRuns: dialect === 'sqlite' ? 150 : 40 },
    );
  });
});

async function rowsOf({ read }: Database, connection: string): Promise<object[]> {
  const query = read.db.selectFrom('landed').selectAll().where('connection', '=', connection);
  const rows = await query.orderBy('ref').execute();
  return rows.map((row) => ({ ...row, connection: '', ref: row.ref.slice(connection.length) }));
}
