import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlaceholder, placeholderWords } from '../../src/canonical/placeholders.ts';
import { endsSoon } from '../no-blowup.ts';

const none = placeholderWords([]);

describe('a placeholder', () => {
  it.each([
    ...[
      'undefined',
      'null',
      'NULL',
      ' "null" ',
      "'undefined'",
      'Anonymous',
      'anonymous_user',
      'none',
      'Guest',
    ],
    ...[
      'unknown',
      'N/A',
      'n.a.',
      'test',
      '[object Object]',
      '[object Undefined]',
      '{}',
      '[]',
      '""',
      '{ }',
      'NaN',
    ],
    ...[
      '0',
      '000',
      '0.0',
      '-1',
      '-',
      '--',
      '???',
      '(not set)',
      '<null>',
      'not_set',
      'user_id',
      '\u200bundefined',
    ],
    ...[
      '00000000-0000-0000-0000-000000000000',
      '{00000000-0000-0000-0000-000000000000}',
      '000000000000000AAA',
    ],
    ...[
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '{{user.id}}',
      '${userId}',
      '%EMAIL%',
      '*|UNIQID|*',
      '＂null＂',
    ],
    ...['d41d8cd98f00b204e9800998ecf8427e', 'function () { return id }'],
    ...[
      '{!Contact.Id}',
      '%7B%7Buser.id%7D%7D',
      'YOUR_USER_ID',
      'REPLACE_ME',
      'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
    ],
    ...['11111111-1111-1111-1111-111111111111', '00000000-0000-4000-8000-000000000000'],
    ...['[object Object],[object Object]', '[object Null] '],
    ...['user_undefined', 'undefined,undefined', 'nullundefined', 'GA1.2.undefined', 'visitor:null'],
    ...['{"id":null}', '["undefined"]', 'undefined\0', '$user.id', 'not signed in', 'Gast', 'invité', '匿名'],
  ])('is %j, whatever the kind of key', (text) => {
    for (const kind of ['id', 'session', 'chatUser', 'visitor', 'external'] as const)
      expect(isPlaceholder(kind, text, none), kind).toBe(true);
  });

  it.each([
    ...[
      '1',
      '10',
      '00420',
      '-12',
      'u1',
      'v-20aa',
      'testament',
      'nullarbor',
      'guesthouse',
      'one',
      'two',
      'NA-1',
      'chris.null',
      'user-7',
      'GA1.2.3.4',
      'yours',
      'object-7',
      '11111111-1111-1111-1111-111111111112',
      '%7B',
    ],
    ...['001D000000ABCDEAAA', '0034S000005YJVlQAO', '00000000-0000-0000-0000-000000000001', 'Ünal', '用户'],
    ...['a'.repeat(1_000), '-'.repeat(1_000)],
  ])('is not %j', (text) => {
    expect(isPlaceholder('chatUser', text, none)).toBe(false);
  });

  it.each([
    ...[
      'noreply@acme.com',
      'no-reply@acme.com',
      'DoNotReply@acme.com',
      'none@acme.com',
      'undefined@acme.com',
      'noreply+7@acme.com',
    ],
    ...['none@none.com', 'test@example.com', 'test@test.com', 'anonymous@example.org', 'n.a.@na.com'],
  ])('address is %s', (address) => {
    expect(isPlaceholder('email', address, none)).toBe(true);
  });

  it.each([
    ...[
      'test@acme.com',
      'info@acme.com',
      'guest@hotel.com',
      'ann@example.com',
      'ann@test.com',
      'nonella@acme.com',
    ],
  ])('address is not %s', (address) => {
    expect(isPlaceholder('email', address, none)).toBe(false);
  });

  it('is the same with a character in it that nobody sees', () => {
    const part = fc.constantFrom(
      'undefined',
      'null',
      'user',
      'test',
      '7',
      'x',
      '_',
      ':',
      ' ',
      '"',
      '{',
      '}',
      '.',
    );
    const text = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (seen) => {
        expect(isPlaceholder('chatUser', `\u200b${seen}`, none)).toBe(isPlaceholder('chatUser', seen, none));
      }),
    );
  });

  it('is what hub.yaml adds, in any case and spelling', () => {
    const more = placeholderWords(['Kiosk 1']);
    expect(isPlaceholder('visitor', 'kiosk-1', more)).toBe(true);
    expect(isPlaceholder('visitor', 'kiosk-2', more)).toBe(false);
  });

  it('is a phone number that nobody has', () => {
    expect(isPlaceholder('phone', '+10000000000', none)).toBe(true);
    expect(isPlaceholder('phone', '+12125550100', none)).toBe(false);
  });

  it('takes no time to tell from a long text', () => {
    endsSoon(() => {
      isPlaceholder('external', `0${'-'.repeat(199)}a`, none);
      isPlaceholder('external', '0-'.repeat(1_000_000), none);
    });
  });
});
