/** Intervals in the words that stand on a deal. */
import { expect, it } from 'vitest';
import { evidenceWords, intervalWords } from '../../src/attribution/evidence-words.ts';

it.each([
  [0.0963, 0.3512, '10 to 35 %'],
  [0.1199, 0.1201, '12 %'],
  [0.001, 0.06, '0 to 6 %'],
  [0, 0.003, 'under 1 %'],
  [0, 0, '0 %'],
  [0.4, 1, '40 to 100 %'],
])('an interval from %d to %d is "%s"', (low, high, words) => {
  expect(intervalWords({ low, high })).toBe(words);
});

it('comes with the won deals that it rests on', () => {
  expect(evidenceWords({ conversions: 42 }, { low: 0.1, high: 0.35 })).toBe(
    'likely 10 to 35 %, from 42 won deals',
  );
  expect(evidenceWords({ conversions: 1 }, { low: 0.1, high: 0.35 })).toBe(
    'likely 10 to 35 %, from 1 won deal',
  );
});
