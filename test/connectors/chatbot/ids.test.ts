import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordId, senderId } from '../../../connectors/chatbot/wire/ids.ts';
import { strangeIds } from './chat.ts';

const anyId = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('%', '~', ';', '2', '5', 'e', ' ', '\u0000', '\ud800'), minLength: 1 }),
  fc.constantFrom(...strangeIds.map(String)),
);

test('an id is kept in a form that can be read back, searched and stored', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      const kept = recordId(id);
      expect(kept).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]|^\s|\s$/u);
      expect(kept.length).toBeLessThanOrEqual(256);
      if (kept.includes('~')) expect(senderId(kept)).toBeNull();
      else expect(senderId(kept)).toBe(id);
    }),
    { numRuns: 500 },
  );
});

test('plain ids stay as they are, and no two become one', () => {
  for (const id of ['ev_8c1f', 'e@x', '4711', '会话-1']) expect(recordId(id)).toBe(id);
  fc.assert(fc.property(anyId, anyId, (a, b) => (recordId(a) === recordId(b)) === (a === b)));
  expect(new Set(strangeIds.map(recordId)).size).toBe(strangeIds.length);
});
