/** Credit that comes from data is written with interval, n and version, or the hub does not start. */
import { afterEach, expect, it } from 'vitest';
import { mappingsWith, openTestHub, type TestHub } from './hub.ts';

const leftovers: (() => unknown)[] = [];
afterEach(async () => {
  for (const clear of leftovers.splice(0).reverse()) await clear();
});

async function open(creditModel: string, replaced: readonly (readonly [string, string])[]): Promise<TestHub> {
  let base: string | undefined;
  for (const [from, to] of replaced) {
    const folder = mappingsWith('salesforce', from, to, base);
    leftovers.push(() => folder.remove());
    base = folder.path;
  }
  const attribution = { models: ['position', 'hazard', 'markov:1'], creditModel };
  const options = { systems: ['salesforce'], settings: { attribution }, ...(base ? { mappings: base } : {}) };
  const hub = await openTestHub(options);
  leftovers.push(() => hub.close());
  return hub;
}

const off = (text: string) => [text, text.replace('push only', "don't sync")] as const;
const noReason = off('field: Chat_Credit_Reason__c\n        as: { cut: 255 }\n        rule: push only');
const noNumber = off('field: Chat_Credit_N__c\n        rule: push only');
const noTouchReason = off('reason: { field: Reason__c, as: { cut: 255 }, rule: push only');

it('is enough to have it in words, or in fields', async () => {
  await open('hazard', []);
  await open('hazard', [noReason]);
  await open('hazard', [noNumber]);
});

it.each(['hazard', 'markov:1'])('stops a mapping that leaves it out, for %s', async (model) => {
  await expect(open(model, [noReason, noNumber])).rejects.toMatchObject({
    kind: 'configuration',
    message: expect.stringMatching(/Opportunity gets credit of .* without its interval, n and version/),
    where: expect.stringMatching(/salesforce\.yaml:\d+/),
  });
  await expect(open(model, [noTouchReason])).rejects.toThrow(/Chat_Touch__c gets credit/);
});

it('asks nothing of rules', async () => {
  await open('position', [noReason, noNumber, noTouchReason]);
});
