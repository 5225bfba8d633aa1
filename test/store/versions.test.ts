import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VendorRecord } from '../../src/connector/contract/reading.ts';
import { landedOf, rowOf } from '../../src/store/landing/landed-row.ts';
import { join, stateOf } from '../../src/store/landing/merge.ts';
import { type FieldTime, fieldTimes, leaves, pathOf } from '../../src/store/landing/versions.ts';
import type { JsonObject } from '../../src/support/json.ts';

function version(modifiedAt: number, body: JsonObject, fieldTimes?: Record<string, number>): VendorRecord {
  return { object: 'Lead', id: '1', body, modifiedAt, ...(fieldTimes ? { fieldTimes } : {}) };
}

function timesOf(...versions: VendorRecord[]): Record<string, FieldTime> {
  const state = versions.map(stateOf).reduce((a, b) => join(a, b));
  return fieldTimes(landedOf(rowOf({ connection: 'sf', object: 'Lead', id: '1' }, state)));
}

describe('fields of a body', () => {
  it('have dotted paths two levels deep; the rest is one value', () => {
    const body = {
      id: 1,
      properties: { phone: null, a: { b: { c: 1 } } },
      list: [{ x: 1 }],
      none: {},
      Owner: null,
    };
    expect(leaves(body)).toEqual([
      ['id', 1],
      ['properties.phone', null],
      ['properties.a.b', { c: 1 }],
      ['list', [{ x: 1 }]],
      ['none', {}],
      ['Owner', null],
    ]);
  });

  it('are found by their own path first, then by their name, and never in a list of histories', () => {
    const body = { histories: { phone: [] }, properties: { phone: '1', city: 'Oslo' }, city: 'Rome' };
    expect(['phone', 'city', 'properties.city', 'none'].map((name) => pathOf(body, name))).toEqual([
      'properties.phone',
      'city',
      'properties.city',
      'none',
    ]);
  });
});

describe('times of fields', () => {
  it('knows only a latest moment on first landing', () => {
    expect(timesOf(version(50, { Phone: '1' }))).toEqual({ Phone: { at: 50, exact: false } });
  });

  it('dates a value by the version that first had it', () => {
    const times = timesOf(
      version(20, { Phone: 'new', Name: 'Ada' }),
      version(30, { Phone: 'old', Name: 'Ada' }),
      version(40, { Phone: 'new', Name: 'Ada' }),
      version(50, { Phone: 'new', Name: 'Ada' }),
    );
    expect(times).toEqual({ Phone: { at: 40, exact: true }, Name: { at: 20, exact: false } });
  });

  it('takes the vendor at its word, for as long as the value stands', () => {
    const told = version(40, { properties: { phone: '1' } }, { phone: 12 });
    const later = version(50, { properties: { phone: '1' } });
    expect(timesOf(told, later)).toEqual({ 'properties.phone': { at: 12, exact: true } });
    const changed = version(60, { properties: { phone: '2' } });
    expect(timesOf(told, later, changed)).toEqual({ 'properties.phone': { at: 60, exact: true } });
  });

  it('does not believe a told time from before another value', () => {
    const times = timesOf(version(40, { Phone: 'B' }), version(50, { Phone: 'A' }, { Phone: 20 }));
    expect(times).toEqual({ Phone: { at: 50, exact: true } });
  });

  it('does not take a field that was not asked for before as changed', () => {
    const times = timesOf(
      version(30, { Phone: '1' }),
      version(40, { Phone: '1', Custom__c: 'x' }),
      version(50, { Phone: '1', Custom__c: 'x' }),
    );
    expect(times).toEqual({ Phone: { at: 30, exact: false }, Custom__c: { at: 40, exact: false } });
  });

  it('sees through the order of members, and sees every other difference', () => {
    const [one, other] = [{ x: [{ a: 1, b: 2 }] }, { x: [{ b: 2, a: 1 }] }];
    expect(timesOf(version(40, one), version(50, other))).toEqual({ x: { at: 40, exact: false } });
    const different = [null, '', 'null', 0, '0', false, ['a', 'b'], ['b', 'a'], 'é', 'e'];
    for (const [n, x] of different.entries()) {
      const before = different[(n + 1) % different.length] ?? null;
      expect(timesOf(version(40, { x: before }), version(50, { x }))).toEqual({ x: { at: 50, exact: true } });
    }
  });

  it('says of any history, in any order, what all its versions together say', () => {
    const value = fc.constantFrom('1', '2', '3', undefined);
    const body = fc
      .record({ a: value, b: value })
      .map((fields): JsonObject => JSON.parse(JSON.stringify(fields)));
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(times, fc.array(body, { minLength: 14, maxLength: 14 }), (moments, bodies) => {
        const versions = moments.map((at, n) => version(at, bodies[n] ?? {}));
        expect(timesOf(...versions)).toEqual(fromWholeHistory(versions));
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the same of versions of one stamp in any order', () => {
    const field = fc.option(fc.constantFrom(1, 2), { nil: undefined });
    const someVersion = fc
      .record({ at: fc.integer({ min: 1, max: 3 }), a: field, readAt: field })
      .map(
        ({ at, a, readAt }): VendorRecord =>
          JSON.parse(JSON.stringify({ ...version(at, {}), body: { n: 0, a }, readAt })),
      );
    const rowOfAll = (versions: readonly VendorRecord[]) =>
      rowOf(
        { connection: 'sf', object: 'Lead', id: '1' },
        versions.map(stateOf).reduce((a, b) => join(a, b)),
      );
    fc.assert(
      fc.property(
        fc.array(someVersion, { minLength: 1, maxLength: 7 }),
        fc.infiniteStream(fc.nat()),
        (versions, chance) => {
          const shuffled = versions.toSorted(() => ((chance.next().value ?? 0) % 3) - 1);
          expect(rowOfAll([...shuffled, ...versions])).toEqual(rowOfAll(versions));
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

/** The same, said from all versions at once. */
function fromWholeHistory(versions: readonly VendorRecord[]): Record<string, FieldTime> {
  const [newest, ...earlier] = versions.toSorted((a, b) => b.modifiedAt - a.modifiedAt);
  const times = Object.entries(newest?.body ?? {}).map(([field, value]): [string, FieldTime] => {
    const departure = earlier.findIndex((older) => older.body[field] !== value);
    const run = departure === -1 ? earlier : earlier.slice(0, departure);
    const at = run.at(-1)?.modifiedAt ?? newest?.modifiedAt ?? 0;
    return [field, { at, exact: departure !== -1 && field in (earlier[departure]?.body ?? {}) }];
  });
  return Object.fromEntries(times);
}

describe('earlier values', () => {
  const watched = new Set(['a', 'list']);
  const pastOf = (versions: readonly VendorRecord[]) => {
    const state = versions.map(stateOf).reduce((one, other) => join(one, other, watched));
    return landedOf(rowOf({ connection: 'sf', object: 'Lead', id: '1' }, state)).past;
  };

  it('are kept of watched fields alone, by the stamps of the versions that show them', () => {
    const bodies: [number, JsonObject][] = [
      [10, { a: 'x', b: 1 }],
      [20, { a: 'x', b: 2 }],
      [30, { a: 'y', b: 3 }],
      [40, { a: 'z', b: 4 }],
      [50, { a: 'z', b: 5 }],
    ];
    const versions = bodies.map(([at, body]) => version(at, body));
    expect(pastOf(versions)).toEqual({
      a: [
        { value: 'z', first: 40, last: 40 },
        { value: 'y', first: 30, last: 30 },
        { value: 'x', first: 10, last: 20 },
      ],
    });
    expect(pastOf(versions.slice(0, 2))).toEqual({});
  });

  it('of lists go by the time of reading, for a list changes while the stamp stands', () => {
    const read = (readAt: number, ...list: string[]) => ({ ...version(10, { list }), readAt });
    expect(pastOf([read(11, '1', '2'), read(12, '1', '2'), read(30, '1'), read(40, '1')])).toEqual({
      list: [
        { value: ['1'], first: 30, last: 30 },
        { value: ['1', '2'], first: 12, last: 12 },
      ],
    });
  });

  it('go with what is erased', () => {
    const erased: VendorRecord = { ...version(30, {}), tombstone: { kind: 'erased' } };
    expect(pastOf([version(10, { a: 'x' }), version(20, { a: 'y' }), erased])).toEqual({});
  });

  it('are the same in whatever order the versions come', () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 9 });
    const values = fc.array(fc.constantFrom('x', 'y', 'z', null), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(some, values, (times, held) => {
        const versions = times.map((at, index) => version(at, { a: held[index] ?? null }));
        const inTime = versions.toSorted((one, other) => one.modifiedAt - other.modifiedAt);
        expect(pastOf(versions)).toEqual(pastOf(inTime));
        expect(pastOf([...inTime].reverse())).toEqual(pastOf(inTime));
      }),
      { numRuns: 500 },
    );
  });
});
