import { expect, it } from 'vitest';
import { namedWork } from '../../src/reports/named-work.ts';
import { openTestHub } from './hub.ts';

it('names parked work by what it is about, and where that can be looked at', async () => {
  const test = await openTestHub({ systems: ['salesforce'] });
  const { records } = test.emulator('salesforce');
  const at = test.hub.clock.now() - 86_400_000;
  const id = records.create(
    'Contact',
    { FirstName: 'Ada', LastName: 'Winter', Email: 'ada@a.example' },
    { at },
  );
  await test.quiet();
  const [ada] = await test.hub.store.entities.scan('Person', null, 1);
  const ref = `salesforce|Contact|${id}`;
  const reason = { code: 'X', message: 'x' };
  const at0 = { at: 0, reason };
  const named = await namedWork(test.hub, [
    { stage: 'push', key: `salesforce|Person|${ada?.id}`, ...at0 },
    { stage: 'normalize', key: ref, ...at0 },
    { stage: 'resolve', key: `Person|${ref}`, ...at0 },
    { stage: 'fetch', key: 'salesforce|Contact|gone', ...at0 },
    { stage: 'push', key: 'salesforce|Person|gone', ...at0 },
  ]);
  await test.close();
  const page = expect.stringMatching(new RegExp(`^http.*/${id}$`));
  expect(named.map(({ name, address }) => [name, address])).toEqual([
    ['Ada Winter', page],
    ['Ada Winter', page],
    ['Ada Winter', page],
    [null, expect.stringMatching(/\/gone$/)],
    [null, null],
  ]);
});
