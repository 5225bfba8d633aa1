import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idOfContent, recordId, senderId } from '../../../connectors/chatbot/wire/ids.ts';
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

test('an id that is cut within a character is one that a store keeps as it is', () => {
  const kept = recordId(`${'a'.repeat(63)}😀${'b'.repeat(300)}`);
  expect(kept.isWellFormed()).toBe(true);
  expect(kept.startsWith('a'.repeat(63))).toBe(true);
});

test('an event without an id that is nested too deeply is refused, not broken off at', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(() => idOfContent({ type: 'message', deep })).toThrow(/nested too deeply/);
});

test('plain ids stay as they are, and no two become one', () => {
  for (const id of ['ev_8c1f', 'e@x', '4711', '会话-1']) expect(recordId(id)).toBe(id);
  fc.assert(fc.property(anyId, anyId, (a, b) => (recordId(a) === recordId(b)) === (a === b)));
  expect(new Set(strangeIds.map(recordId)).size).toBe(strangeIds.length);
});
