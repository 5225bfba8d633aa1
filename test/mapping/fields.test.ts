import { describe, expect, it } from 'vitest';
import type { CanonicalValue } from '../../src/canonical/model.ts';
import type { CompiledField } from '../../src/mapping/language/compiled.ts';
import type { Json } from '../../src/support/json.ts';
import { mapping, objectOf, record, valuesOf } from './sample.ts';

/** A field of a Deal or Person by its line in the mapping, seen from both sides. */
function field(canonical: string, line: string, head = '') {
  const entity = ['amount', 'probability', 'status', 'closeDate'].includes(canonical) ? 'Deal' : 'Person';
  const compiled = mapping(
    `system: crm\n${head}\ntables: { yes: { Ja: true, Nein: false } }\nobjects:\n  Thing:\n    entity: ${entity}\n    fields:\n      ${canonical}: ${line}\n`,
  );
  const object = objectOf(compiled, 'Thing');
  const one = object.fields[0] as CompiledField;
  return {
    one,
    read: (F: Json, beside = {}) => {
      const normalized = object.normalize(record('Thing', '1', { F, ...beside }));
      return normalized.warnings.length > 0
        ? `cannot: ${normalized.warnings[0]?.message}`
        : valuesOf(normalized)[canonical];
    },
    write: (value: CanonicalValue) => {
      const written = one.toVendor({ [canonical]: value });
      return 'value' in written ? written.value : written.missing;
    },
  };
}

describe('kinds of field', () => {
  it('text: trimmed, of anything that has a text form', () => {
    const { read, write } = field('title', 'F');
    expect([' CEO ', 7, true, '', '   ', null].map((value) => read(value))).toEqual([
      'CEO',
      '7',
      'true',
      null,
      null,
      null,
    ]);
    expect(read({ a: 1 })).toMatch(/^cannot/);
    expect(write('CEO')).toBe('CEO');
  });

  it('text: what goes out has no characters that nobody sees, and one line where there is one', () => {
    const title = field('title', '{ field: F, rule: two-way }');
    expect(title.write('C\u0000E\u202eO\nof\tall')).toBe('CEO of all');
    expect(field('street', 'F').write('1 Hill\u200b St\r\nBoston')).toBe('1 Hill St\nBoston');
    expect(field('custom.note', 'F').write('a\r\nb')).toBe('a\nb');
    expect(field('custom.tags', '{ field: F, kind: list }').write(['a\u200b', '\u200b', 'b'])).toBe('a;b');
    expect([title.write('\u200b'), title.write('👩‍👧')]).toEqual([null, '👩‍👧']);
    expect(title.write(`${'\u202e'}CEO`)).toBe('CEO');
  });

  it('text: what a system holds with such characters in it is not written again without them', () => {
    const { one } = field('title', '{ field: F, rule: two-way }');
    expect([one.sameAs('C\u200bEO', 'CEO'), one.sameAs('C\nEO', 'C EO'), one.sameAs('CFO', 'CEO')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('text: is cut to a length that counts what is seen', () => {
    const { write } = field('title', '{ field: F, as: { cut: 3 } }');
    expect([write('\u202eCEO'), write('CEOs')]).toEqual(['CEO', 'CE…']);
  });

  it('email: lower case, and only what is one', () => {
    const { read } = field('email', 'F');
    expect(read(' Ann@Example.COM ')).toBe('ann@example.com');
    for (const wrong of ['ann', 'ann@', 'a b@example.com', 'ann@example', 7]) {
      expect(read(wrong)).toMatch(/cannot read/);
    }
  });

  it('email: what cannot be read is equal to nothing', () => {
    const { one } = field('email', 'F');
    expect([
      one.sameAs('ann', 'bob'),
      one.sameAs('Ann@b.example', 'ann@b.example'),
      one.sameAs('', null),
    ]).toEqual([false, true, true]);
  });

  it('phone: international, and notes as they were typed', () => {
    const { read, one } = field('phone', 'F');
    expect(read('(212) 555-0100')).toBe('+12125550100');
    expect(read('+49 30 901820')).toBe('+4930901820');
    expect(read('212-555-0100 ext. 12')).toBe('+12125550100x12');
    expect(read('+12125550100x12')).toBe('+12125550100x12');
    expect(read('ask for Ann')).toBe('ask for Ann');
    expect(one.sameAs('(212) 555-0100', '+12125550100')).toBe(true);
    expect(one.sameAs('(212) 555-0100', '+12125550101')).toBe(false);
    expect(one.sameAs('', null)).toBe(true);
    expect(one.sameAs('(212) 555-0100', null)).toBe(false);
  });

  it('phone: in the country that the field, the file or the hub says', () => {
    expect(field('phone', '{ field: F, as: { phone: { country: DE } } }').read('030 901820')).toBe(
      '+4930901820',
    );
    expect(field('phone', 'F', 'defaults: { country: JP }').read('03-1234-5678')).toBe('+81312345678');
  });

  it('money: minor units of the currency beside it, or of the default', () => {
    const { read, write } = field('amount', '{ field: F, as: { money: { currency: Currency } } }');
    expect(read(18400, { Currency: 'EUR' })).toEqual({ minor: 1_840_000, currency: 'EUR' });
    expect(read('1500', { Currency: 'JPY' })).toEqual({ minor: 1500, currency: 'JPY' });
    expect(read('7.5')).toEqual({ minor: 750, currency: 'USD' });
    expect(read(7.5, { Currency: null })).toEqual({ minor: 750, currency: 'USD' });
    expect(read('1,000')).toMatch(/^cannot/);
    expect(write({ minor: 1_840_050, currency: 'USD' })).toBe(18400.5);
    expect(write({ minor: 1500, currency: 'JPY' })).toBe(1500);
  });

  it('money: with a currency of its own', () => {
    expect(field('amount', '{ field: F, as: { money: { currency: KWD } } }').read('1.2')).toEqual({
      minor: 1200,
      currency: 'KWD',
    });
  });

  it('number, percent and their way back', () => {
    const { read, write, one } = field('probability', '{ field: F, as: percent }');
    expect([read(40), read('12.5')]).toEqual([0.4, 0.125]);
    expect(read('high')).toMatch(/^cannot/);
    expect([write(0.4), write(1 / 3), write(0)]).toEqual([40, 33.33, 0]);
    expect(one.sameAs('33.330', 33.33)).toBe(true);
    expect(field('score', 'F').read('0')).toBe(0);
  });

  it('boolean: in words, too', () => {
    const { read, write } = field('optedOut', 'F');
    expect([true, 'true', 'No', 1, 'off'].map((value) => read(value))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    expect(read('perhaps')).toMatch(/^cannot/);
    expect(write(false)).toBe(false);
  });

  it('time and date', () => {
    const time = field('createdAt', '{ field: F, as: { time: { zone: Europe/Berlin } } }');
    expect(time.read('2026-06-30T14:00:00')).toBe(Date.UTC(2026, 5, 30, 12));
    expect(time.read('2026-06-30T14:00:00Z')).toBe(Date.UTC(2026, 5, 30, 14));
    expect(time.read('soon')).toMatch(/^cannot/);
    expect(time.write(Date.UTC(2026, 5, 30, 12))).toBe('2026-06-30T12:00:00.000Z');
    expect([
      time.one.sameAs('2026-06-30T12:00:16.000+0000', '2026-06-30T12:00:16.201Z'),
      time.one.sameAs('2026-06-30T12:00:16.201Z', '2026-06-30T12:00:16.000Z'),
      time.one.sameAs('2026-06-30T12:00:16.000Z', '2026-06-30T12:00:17.000Z'),
      time.one.sameAs('2026-06-30T12:00:16.000Z', null),
    ]).toEqual([true, false, false, false]);
    const date = field('closeDate', 'F');
    expect(date.read('2026-06-30T23:59:00Z')).toBe('2026-06-30');
    expect(date.write('2026-06-30')).toBe('2026-06-30');
  });

  it('list: sorted, without repeats', () => {
    const { read, write, one } = field('custom.topics', '{ field: F, kind: list }');
    expect(read('b;a; b')).toEqual(['a', 'b']);
    expect(read(['x'])).toEqual(['x']);
    expect(read(';')).toBeNull();
    expect(write(['a', 'b'])).toBe('a;b');
    expect(one.sameAs('b;a', 'a;b')).toBe(true);
  });

  it('url: with its scheme', () => {
    const { read } = field('website', 'F');
    expect([read('www.acme.example'), read('http://acme.example'), read('none yet')]).toEqual([
      'https://www.acme.example',
      'http://acme.example',
      'none yet',
    ]);
  });
});

describe('transforms', () => {
  it.each([
    ['trim', ' x ', 'x'],
    ['lower', 'ABC', 'abc'],
    ['upper', 'abc', 'ABC'],
    ['[trim, upper]', ' abc ', 'ABC'],
    ['first-name', 'Anna Maria Lee', 'Anna Maria'],
    ['first-name', 'Cher', null],
    ['last-name', 'Anna Maria Lee', 'Lee'],
    ['last-name', '山田太郎', '山田太郎'],
    ['domain', 'https://shop.acme.co.uk/x?y=1', 'acme.co.uk'],
    ['domain', 'Ann@mail.acme.com', 'acme.com'],
    ['domain', 'https://facebook.com/acme', null],
    ['domain', 'nowhere', null],
    ['{ utm: campaign }', 'https://a.example/?utm_campaign=x', 'x'],
    ['{ utm: campaign }', 'https://a.example/', null],
    ['id18', '0034S000005YJVl', '0034S000005YJVlQAO'],
    ['id18', '0034S000005YJVlQAO', '0034S000005YJVlQAO'],
    ['id18', '0034S000005YJVLQAO', '0034S000005YJVlQAO'],
    ['id18', '0034s000005yjvlqao', '0034S000005YJVlQAO'],
  ])('%s of %s', (as, value, expected) => {
    expect(field('title', `{ field: F, as: ${as} }`).read(value)).toBe(expected);
  });

  it('status of the flags beside the stage', () => {
    const { read } = field('status', '{ field: F, as: { status: { closed: C, won: W } } }');
    expect(read('any', { C: true, W: true })).toBe('won');
    expect(read('any', { C: 'true', W: 'false' })).toBe('lost');
    expect(read('any', { C: false, W: false })).toBe('open');
    expect(read('any')).toBeNull();
  });

  it('cuts only what is sent', () => {
    const { read, write } = field('title', '{ field: F, as: { cut: 4 }, rule: push only }');
    expect([write('abcd'), write('abcde'), write('ab👍cd')]).toEqual(['abcd', 'abc…', 'ab…']);
    expect(read('abcdefg')).toBeUndefined();
  });

  it('has no way back from a part of a name', () => {
    expect(field('title', '{ field: F, as: first-name }').write('Ann')).toMatch(/no form in F/);
  });
});

describe('tables', () => {
  const table = '{ field: F, table: { New: open, Open: open, Done: closed } }';

  it('map both ways, many to one', () => {
    const { read, write, one } = field('status', table);
    expect([read('New'), read('done')]).toEqual(['open', 'closed']);
    expect([write('open'), write('closed')]).toEqual(['New', 'Done']);
    expect(one.sameAs('Open', 'New')).toBe(true);
    expect(one.sameAs('Open', 'Done')).toBe(false);
  });

  it('keep a value that they do not know, and say so', () => {
    const { read, write } = field('status', table);
    expect(read('Frozen')).toMatch(/no line for "Frozen"; it is kept/);
    expect(write('Frozen')).toMatch(/no line in the table of F\. Add one\./);
  });

  it('go by name, and give values of any kind', () => {
    const { read, write } = field('optedOut', '{ field: F, table: yes }');
    expect([read('Ja'), read('Nein')]).toEqual([true, false]);
    expect(write(false)).toBe('Nein');
  });
});

describe('blanks, conditions and fallbacks', () => {
  it('counts the words that the file calls blank as blank', () => {
    const { read } = field('title', 'F', 'defaults: { blank: [N/A, "-"] }');
    expect([read('n/a'), read(' - '), read('n/a yet')]).toEqual([null, null, 'n/a yet']);
  });

  it('reads a field only when its condition holds', () => {
    const { read } = field('title', '{ field: F, when: { Type: [A, B], Gone: { not: true } } }');
    expect(read('x', { Type: 'A' })).toBe('x');
    expect(read('x', { Type: 'C' })).toBeUndefined();
    expect(read('x', { Type: 'B', Gone: 'true' })).toBeUndefined();
  });

  it('knows present, blank, and one of several conditions', () => {
    const { read } = field('title', '{ field: F, when: [{ A: present }, { B: blank, C: 1 }] }');
    expect(read('x', { A: 'a', B: 'b' })).toBe('x');
    expect(read('x', { C: '1' })).toBe('x');
    expect(read('x', { A: '', B: 'b', C: 1 })).toBeUndefined();
  });

  it('falls back to another field where the first is blank', () => {
    const { read } = field('firstName', '{ field: F, or: { field: Name, as: first-name } }');
    expect(read('Ann', { Name: 'Zoe Lee' })).toBe('Ann');
    expect(read('', { Name: 'Zoe Lee' })).toBe('Zoe');
    expect(read('', {})).toBeNull();
  });

  it('says nothing of a field that the record does not have', () => {
    const object = objectOf(
      mapping('system: crm\nobjects: { Thing: { entity: Person, fields: { title: F } } }'),
      'Thing',
    );
    expect(valuesOf(object.normalize(record('Thing', '1', {})))).toEqual({});
  });
});

describe('systems that hold everything as text', () => {
  it('are told everything as text', () => {
    const head = 'values: text';
    expect(field('optedOut', 'F', head).write(true)).toBe('true');
    expect(field('probability', '{ field: F, as: percent }', head).write(0.4)).toBe('40');
    expect(field('amount', 'F', head).write({ minor: 1_840_000, currency: 'USD' })).toBe('18400.00');
    expect(field('title', 'F', head).write(null)).toBeNull();
    expect(field('amount', 'F', head).one.sameAs('18400', '18400.00')).toBe(true);
  });
});
