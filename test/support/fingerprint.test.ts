import { expect, it } from 'vitest';
import { canonicalJson } from '../../src/support/fingerprint.ts';

it('writes equal values alike, whatever the order of their keys, and changes no order of a list', () => {
  const row = ['b', 1, null, true, 'a"\n'];
  expect(canonicalJson({ z: row, a: { y: [row, { d: 1, c: [] }], x: 0.1 } })).toBe(
    '{"a":{"x":0.1,"y":[["b",1,null,true,"a\\"\\n"],{"c":[],"d":1}]},"z":["b",1,null,true,"a\\"\\n"]}',
  );
  expect([
    canonicalJson([]),
    canonicalJson({}),
    canonicalJson([{ b: 1, a: 2 }]),
    canonicalJson(null),
  ]).toEqual(['[]', '{}', '[{"a":2,"b":1}]', 'null']);
});
