import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldHashes, fieldTimes } from '../../src/store/versions.ts';
import type { JsonObject } from '../../src/support/json.ts';

function landed(
  modifiedAt: number,
  body: JsonObject,
  earlier: [number, JsonObject][] = [],
  toldTimes: Record<string, number> = {},
) {
  return {
    modifiedAt,
    body,
    toldTimes,
    earlier: earlier.map(([at, older]) => ({ modifiedAt: at, hashes: fieldHashes(older) })),
  };
}

describe('hashes of fields', () => {
  it('names nested fields by their path, two levels deep, and takes the rest as one value', () => {
    const body = {
      id: 1,
      properties: { phone: null, a: { b: { c: 1 } } },
      list: [{ x: 1 }],
      none: {},
      Owner: null,
    };
    expect(Object.keys(fieldHashes(body)).sort()).toEqual([
      'Owner',
      'id',
      'list',
      'none',
      'properties.a.b',
      'properties.phone',
    ]);
  });

  it('does not mind the order of members, and sees every other difference', () => {
    const hash = (value: JsonObject['x']) => fieldHashes({ x: value ?? null }).x;
    expect(fieldHashes({ x: [{ a: 1, b: 2 }] })).toEqual(fieldHashes({ x: [{ b: 2, a: 1 }] }));
    const different = [null, '', 'null', 0, '0', false, [], ['a', 'b'], ['b', 'a'], 'é', 'e'].map(hash);
    expect(new Set(different).size).toBe(different.length);
  });
});

describe('times of fields', () => {
  it('knows only a latest moment on first landing', () => {
    expect(fieldTimes(landed(50, { Phone: '1' }))).toEqual({ Phone: { at: 50, exact: false } });
  });

  it('dates a value by the version that first had it', () => {
    const record = landed(50, { Phone: 'new', Name: 'Ada' }, [
      [40, { Phone: 'new', Name: 'Ada' }],
      [30, { Phone: 'old', Name: 'Ada' }],
      [20, { Phone: 'new', Name: 'Ada' }],
    ]);
    expect(fieldTimes(record)).toEqual({ Phone: { at: 40, exact: true }, Name: { at: 20, exact: false } });
  });

  it('dates a value that is new by the present version', () => {
    expect(fieldTimes(landed(50, { Phone: 'new' }, [[40, { Phone: 'old' }]]))).toEqual({
      Phone: { at: 50, exact: true },
    });
  });

  it('takes the vendor at its word', () => {
    const record = landed(50, { properties: { phone: '1' } }, [[40, { properties: { phone: '1' } }]], {
      'properties.phone': 12,
    });
    expect(fieldTimes(record)).toEqual({ 'properties.phone': { at: 12, exact: true } });
  });

  it('does not believe a told time from before another value', () => {
    const record = landed(
      50,
      { Phone: 'A' },
      [
        [40, { Phone: 'B' }],
        [30, { Phone: 'A' }],
      ],
      { Phone: 20 },
    );
    expect(fieldTimes(record)).toEqual({ Phone: { at: 50, exact: true } });
  });

  it('does not take a field that was not asked for before as changed', () => {
    const record = landed(50, { Phone: '1', Custom__c: 'x' }, [
      [40, { Phone: '1', Custom__c: 'x' }],
      [30, { Phone: '1' }],
    ]);
    expect(fieldTimes(record)).toEqual({
      Phone: { at: 30, exact: false },
      Custom__c: { at: 40, exact: false },
    });
  });

  it('never dates a value later than the record, nor an unchanged field other than an older record would', () => {
    const body = fc.record({ a: fc.constantFrom('1', '2'), b: fc.constantFrom('1', '2') });
    const history = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(history, fc.array(body, { minLength: 6, maxLength: 6 }), (times, bodies) => {
        const versions = times
          .sort((x, y) => y - x)
          .map((at, n): [number, JsonObject] => [at, bodies[n] ?? {}]);
        const [[at, newest] = [0, {}], ...earlier] = versions;
        const [[before, older] = [0, {}], ...rest] = earlier;
        const now = fieldTimes(landed(at, newest, earlier));
        const then = fieldTimes(landed(before, older, rest));
        for (const field of ['a', 'b']) {
          expect(now[field]?.at).toBeLessThanOrEqual(at);
          expect(now[field]).toEqual(newest[field] === older[field] ? then[field] : { at, exact: true });
        }
      }),
    );
  });
});
