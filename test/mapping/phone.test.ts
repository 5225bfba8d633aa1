/** Whose country a number is read by, and what stays as it was typed. */
import { describe, expect, it } from 'vitest';
import { isPhoneKey, normalPhone, samePhone } from '../../src/mapping/language/phone.ts';
import { countryOf } from '../../src/support/country.ts';
import { complaints, keysOf, mapping, objectOf, record, valuesOf } from './sample.ts';

const file = (rest: string) => `system: crm\nobjects:\n  Thing:\n    entity: Person\n${rest}`;
const withCountry = file('    match: { phone: Phone }\n    fields: { phone: Phone, country: Country }');

const thing = (text: string, options: Parameters<typeof mapping>[1] = {}) =>
  objectOf(mapping(text, options), 'Thing');

describe('a number', () => {
  it.each([
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['030 1234567', 'DE', '+49301234567'],
    ['030 1234567', 'US', '030 1234567'],
    ['06 12 34 56 78', 'US', '06 12 34 56 78'],
    ['06 12 34 56 78', null, '06 12 34 56 78'],
    ['(212) 555-0100', 'US', '+12125550100'],
    ['212-555-0100 ext. 12', 'US', '+12125550100x12'],
    ['0033 6 12 34 56 78', null, '+33612345678'],
    ['0033 6 12 34 56 78', 'US', '+33612345678'],
    ['+33 (0)6 12 34 56 78', null, '+33612345678'],
    ['\u202a+33 6 12 34 56 78\u202c', null, '+33612345678'],
    ['+33 6\u00a012\u200b34 56 78', null, '+33612345678'],
    ['tel:+33612345678', null, '+33612345678'],
    ['+4930 1234567', 'US', '+49301234567'],
    ['12345', 'DE', '12345'],
    ['+10612345678', null, '+10612345678'],
    ['+1 061 234 5678', null, '+1 061 234 5678'],
    ['ask for Ann', 'US', 'ask for Ann'],
    ['+33 6 12 34 56 78 / +33 6 12 34 56 79', 'FR', '+33 6 12 34 56 78 / +33 6 12 34 56 79'],
  ])('%s in %s is %s', (typed, country, expected) => {
    expect(normalPhone(typed, country)).toBe(expected);
  });

  it('is a key only when it is valid, international and whole', () => {
    expect(isPhoneKey('+33612345678')).toBe(true);
    for (const text of ['+10612345678', '0612345678', '+33612345678x12'])
      expect(isPhoneKey(text)).toBe(false);
  });
});

describe('the country of the record', () => {
  it.each(['France', 'FRANCE', 'fr', 'FRA', 'Frankreich', 'Francia'])('by the name %s', (Country) => {
    const read = thing(withCountry).normalize(record('Thing', '1', { Phone: '06 71 28 90 41', Country }));
    expect(valuesOf(read).phone).toBe('+33671289041');
    expect(keysOf(read)).toContain('phone:+33671289041');
  });

  it('comes before that of the mapping, which counts where the record names none', () => {
    const object = thing(withCountry, { country: 'DE' });
    const read = (body: object) => valuesOf(object.normalize(record('Thing', '1', { ...body }))).phone;
    expect(read({ Phone: '030 1234567', Country: null })).toBe('+49301234567');
    expect(read({ Phone: '06 71 28 90 41', Country: 'France' })).toBe('+33671289041');
    expect(read({ Phone: '030 1234567', Country: 'Atlantis' })).toBe('030 1234567');
  });

  it('may stand in another field, or be given', () => {
    const at = (settings: string) =>
      thing(file(`    fields: { phone: { field: Phone, as: { phone: { country: ${settings} } } } }`));
    const read = (settings: string) =>
      valuesOf(at(settings).normalize(record('Thing', '1', { Phone: '06 71 28 90 41', Land: 'Frankreich' })))
        .phone;
    expect(read('Land')).toBe('+33671289041');
    expect(read('FR')).toBe('+33671289041');
  });

  it('makes the same number the same, however it is written', () => {
    const [field] = thing(withCountry).fields;
    const holder = { body: { Country: 'France' } };
    expect(field?.sameAs('06 71 28 90 41', '+33671289041', holder)).toBe(true);
    expect(field?.sameAs('06 71 28 90 41', '+33671289041', { body: { Country: 'Germany' } })).toBe(false);
  });

  it('is known by the names that people use', () => {
    const told = {
      'U.S.A.': 'US',
      UK: 'GB',
      Deutschland: 'DE',
      'Trinidad and Tobago': 'TT',
      日本: 'JP',
      Suisse: 'CH',
      'Vereinigte Staaten von Amerika': 'US',
      'United Kingdom of Great Britain and Northern Ireland': 'GB',
      KSA: 'SA',
      'Российская Федерация': 'RU',
      臺灣: 'TW',
    };
    for (const [name, code] of Object.entries(told)) expect([name, countryOf(name)]).toEqual([name, code]);
    expect(countryOf('Atlantis')).toBeNull();
  });

  it('is refused in the defaults of a file when it is none', () => {
    expect(complaints(`defaults: { country: XY, currency: EUX }\n${withCountry}`)).toEqual([
      expect.stringContaining('"XY" is not a country code'),
      expect.stringContaining('"EUX" is not a currency code of ISO 4217'),
    ]);
  });
});

describe('two written forms', () => {
  it.each([
    ['(212) 555-0100', '+12125550100', true],
    ['0612345678', '+33612345678', true],
    ['030 1234567', '+49301234567', true],
    ['(212) 555-0100 ext. 5', '+12125550100x5', true],
    ['(212) 555-0100', '+12125550100x5', false],
    ['(212) 555-0100', '+33612345678', false],
    ['030 1234567', '030 1234567', true],
    ['030 1234567', '(030) 1234567', false],
    ['+12125550100', '+12125550101', false],
    ['ask for Ann', '+12125550100', false],
  ])('%s and %s are one number: %s', (a, b, same) => {
    expect([samePhone(a, b), samePhone(b, a)]).toEqual([same, same]);
  });
});
