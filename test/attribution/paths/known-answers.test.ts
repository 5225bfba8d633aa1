/** Small cases that can be worked out by hand. */
import { describe, expect, it } from 'vitest';
import { conversions, rows } from './journeys.ts';

const cases: readonly (readonly [string, string, readonly string[], Record<string, number>])[] = [
  ['markov:1', 'one path of three', ['C1>C2>C3 1 0', 'C1 0 1', 'C2>C3 0 1'], { C1: 0.2, C2: 0.4, C3: 0.4 }],
  ['markov:1', 'a pair', ['google 2 1', 'mailing 1 0', 'google>mailing 1 0'], { google: 2.4, mailing: 1.6 }],
  ['markov:1', 'an assist', ['a 4 0', 'a>b 6 0'], { a: 6.25, b: 3.75 }],
  ['markov:1', 'a fork', ['a>b 3 1', 'a>c 1 1'], { a: 2, b: 1.5, c: 0.5 }],
  ['shapley', 'an assist', ['a 4 0', 'a>b 6 0'], { a: 7, b: 3 }],
  ['first', 'three touches', ['a>b>c 10 0'], { a: 10, b: 0, c: 0 }],
  ['last', 'three touches', ['a>b>c 10 0'], { a: 0, b: 0, c: 10 }],
  ['linear', 'a repeat', ['a>b>a 9 0'], { a: 6, b: 3 }],
  ['position', 'four touches', ['a>b>c>d 10 0'], { a: 4, b: 1, c: 1, d: 4 }],
  ['position', 'two touches', ['a>b 10 0'], { a: 5, b: 5 }],
  ['position', 'one touch', ['a 10 0'], { a: 10 }],
];

describe('known answers', () => {
  it.each(cases)('%s: %s', (model, _, given, expected) => {
    const found = conversions(model, rows(...given));
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [channel, credit] of Object.entries(expected)) expect(found[channel]).toBeCloseTo(credit, 12);
  });
});
