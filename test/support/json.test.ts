import { expect, test } from 'vitest';
import { parseJson } from '../../src/support/json.ts';

test('whole numbers that a double would round come as the text that was sent, all others as numbers', () => {
  const text =
    '{"a":1234567890123456789,"b":[9007199254740993,-9007199254740993],"c":9007199254740991,"d":0.1234567890123456789,"e":"1234567890123456789"}';
  expect(parseJson(text)).toEqual({
    a: '1234567890123456789',
    b: ['9007199254740993', '-9007199254740993'],
    c: 9007199254740991,
    d: 0.12345678901234568,
    e: '1234567890123456789',
  });
});
