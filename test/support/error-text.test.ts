import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/support/error-text.ts';

describe('what was thrown, in words', () => {
  it.each([
    ['an error', new TypeError('not a date'), 'not a date'],
    ['a plain object, as JSONata throws it', { code: 'S0201', message: 'Syntax error' }, 'Syntax error'],
    ['a text', 'stop', 'stop'],
    ['an error without words', new RangeError(), 'RangeError'],
    ['nothing', undefined, 'undefined'],
    [
      'a host that refuses at both of its addresses',
      new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]),
      'refused by ::1; refused by 127.0.0.1',
    ],
  ])('%s', (_, thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });
});
