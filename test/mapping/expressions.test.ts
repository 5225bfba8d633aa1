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
