import { expect, it } from 'vitest';
import { abandonEvaluations, evaluateApart } from '../../src/mapping/language/jsonata/process.ts';

const endless = { text: '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+b/)', input: {} };

it('expressions that nobody waits for any more are given up, and the next one waits for none of them', async () => {
  const endings = Promise.allSettled(Array.from({ length: 100 }, () => evaluateApart(endless)));
  abandonEvaluations();
  expect(new Set((await endings).map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(await evaluateApart({ text: '1 + 1', input: {} })).toMatchObject({ value: 2 });
  abandonEvaluations();
});

it.each([
  ['steps', '$eval("$sum([1..90000].($ * 2 + 1 - 3))")'],
  ['steps', '$eval("$eval(\\"$sum([1..90000].($ * 2 + 1 - 3))\\")")'],
  ['depth', '$eval("($f := function($n) { 1 + $f($n + 1) }; $f(0))")'],
  ['items', '$eval("[1..1000000]")'],
  ['length', '$eval("$pad(\\"x\\", 2000000)")'],
])('an expression that an expression makes has the same limits: %s', async (exceeded, text) => {
  expect(await evaluateApart({ text, input: {} })).toEqual({ exceeded });
  abandonEvaluations();
});

it('an error in an expression that an expression makes is an error, not a limit', async () => {
  expect(await evaluateApart({ text: '$eval("1 + \\"a\\"")', input: {} })).toHaveProperty('error');
  abandonEvaluations();
});
