/** Whose currency an amount is in, and when it is not known. */
import { describe, expect, it } from 'vitest';
import { complaints, mapping, objectOf, record, valuesOf } from './sample.ts';

const file = (as: string, defaults = '') =>
  `system: crm\n${defaults}objects:\n  Thing:\n    entity: Deal\n    fields:\n      amount: { field: Sum${as}, rule: two-way }\n`;
const byField = file(', as: { money: { currency: Unit? } }');

function read(text: string, body: object, own?: string) {
  const object = objectOf(mapping(text), 'Thing');
  const normalized = object.normalize(record('Thing', '1', { ...body }, own ? { currency: own } : {}));
  return { amount: valuesOf(normalized).amount, warnings: normalized.warnings };
}

describe('the currency of an amount', () => {
  it('is that of the record, else of its system, else of the mapping, else of the hub', () => {
    const text = byField.replace('objects:', 'defaults: { currency: SEK }\nobjects:');
    expect(read(text, { Sum: 5, Unit: 'JPY' }, 'EUR').amount).toEqual({ minor: 5, currency: 'JPY' });
    expect(read(text, { Sum: 5, Unit: ' eur ' }).amount).toEqual({ minor: 500, currency: 'EUR' });
    expect(read(text, { Sum: 5, Unit: null }, 'EUR').amount).toEqual({ minor: 500, currency: 'EUR' });
    expect(read(text, { Sum: 5 }).amount).toEqual({ minor: 500, currency: 'SEK' });
    expect(read(byField, { Sum: 5 }).amount).toEqual({ minor: 500, currency: 'USD' });
    expect(read(file(', as: { money: { currency: CHF } }'), { Sum: 5 }, 'EUR').amount).toMatchObject({
      currency: 'CHF',
    });
  });

  it('is not known where the record names one that does not exist: neither is the amount', () => {
    for (const Unit of ['XQQ', 'Euro', 'US$']) {
      const { amount, warnings } = read(byField, { Sum: 5, Unit });
      expect([Unit, amount]).toEqual([Unit, undefined]);
      expect(warnings.map(({ message }) => message)).toContain(
        'is not a currency of ISO 4217; the amount is not known',
      );
    }
  });

  it('is told with its line where a mapping misspells it', () => {
    expect(complaints(file(', as: { money: { currency: EUX } }'))).toEqual([
      expect.stringMatching(/^6: "EUX" is not a currency code of ISO 4217. Did you mean "EUR"/),
    ]);
  });
});

describe('writing an amount', () => {
  const [field] = objectOf(mapping(byField), 'Thing').fields;
  const wanted = { amount: { minor: 500, currency: 'EUR' } };

  it('never puts the number of one currency under the code of another', () => {
    expect(field?.toVendor(wanted, { body: { Unit: 'EUR' } })).toEqual({ value: 5 });
    expect(field?.toVendor(wanted, { body: { Unit: 'USD' } })).toEqual({
      missing: 'amount is in EUR and the record in USD; the hub converts no amounts.',
    });
    expect(field?.toVendor(wanted, { body: {}, currency: 'USD' })).toHaveProperty('missing');
  });

  it('compares in the currency of the record', () => {
    expect(field?.sameAs(1.234, 1.23, { body: { Unit: 'KWD' } })).toBe(false);
    expect(field?.sameAs(1.234, 1.23, { body: { Unit: 'USD' } })).toBe(true);
  });
});

describe('a record that the hub creates', () => {
  const creating = (section: string) =>
    objectOf(
      mapping(`${byField}${section}    externalId: Hub_Id\n    create: { when: { name: present } }\n`),
      'Thing',
    );

  it('gets the currency along with the amount; later it is theirs', () => {
    const field = creating('').fields.find(({ vendor }) => vendor === 'Unit');
    expect(field).toMatchObject({ creates: true, pushes: false });
    expect(field?.toVendor({ amount: { minor: 5, currency: 'JPY' } })).toEqual({ value: 'JPY' });
  });

  it('keeps it in step where nobody else writes the record', () => {
    const text = `${byField.replace('two-way', 'push only')}    externalId: Hub_Id\n    create: { when: { name: present } }\n`;
    const field = objectOf(mapping(text), 'Thing').fields.find(({ vendor }) => vendor === 'Unit');
    expect(field).toMatchObject({ creates: true, pushes: true });
  });
});
