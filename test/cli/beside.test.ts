/** A command that ends, beside a hub that runs: what the other is at is not left undone. */
import { afterEach, expect, it } from 'vitest';
import { isLeft, walkOut } from '../../src/cli/commands/walk.ts';
import { systemClock } from '../../src/support/clock.ts';
import { attached, dataDirectory, openTestHub } from '../sync/hub.ts';

const leftovers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const clear of leftovers.splice(0).reverse()) await clear();
});

async function twoOnOneStore() {
  const data = dataDirectory();
  leftovers.push(data.remove);
  const one = await openTestHub({ world: 'empty', clock: systemClock, data: data.path });
  leftovers.push(() => one.close());
  await one.sync();
  const other = await openTestHub({ clock: systemClock, data: data.path, attach: attached(one) });
  leftovers.push(() => other.close());
  return [one.hub, other.hub] as const;
}

it('waits for the other a little, and takes up what it leaves', async () => {
  const [hub, other] = await twoOnOneStore();
  const { work } = other.store;
  await work.mark('resolve', ['Person|nobody|x|1']);
  const claims = await work.claim('resolve', 9, 60_000);
  expect(claims).toHaveLength(1);
  const walking = walkOut(hub);
  await systemClock.sleep(300);
  await work.mark('resolve', ['Person|nobody|x|2']);
  await work.done(claims);
  const walked = await walking;
  expect([isLeft(walked), walked.waiting, walked.held]).toEqual([false, 0, []]);
  expect((await hub.store.work.counts()).resolve).toBe(0);
});

it('counts as left what nobody is at', async () => {
  const [hub] = await twoOnOneStore();
  const walked = await walkOut(hub);
  const held = [{ by: 'process 7', keys: 3, until: null }];
  expect(isLeft({ ...walked, waiting: 3, held })).toBe(false);
  expect(isLeft({ ...walked, waiting: 4, held })).toBe(true);
});
