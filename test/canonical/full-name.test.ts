import { expect, it } from 'vitest';
import { fullName } from '../../src/canonical/full-name.ts';

it.each([
  ['Ines', 'Quill', 'Ines Quill'],
  ['太郎', '山田', '山田 太郎'],
  ['ひかり', '山田', '山田 ひかり'],
  ['지민', '김', '김 지민'],
  ['Юлія', 'Степовійко', 'Юлія Степовійко'],
  // Written in two scripts: nobody knows.
  ['Taro', '山田', 'Taro 山田'],
  [null, 'Quill', 'Quill'],
  ['', '', ''],
])('%s, %s is called %s', (first, last, name) => {
  expect(fullName(first, last)).toBe(name);
});
