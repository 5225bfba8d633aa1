/** A hub's first fit: once everything has been read, before anything is written, once for all processes. */
import { afterEach, describe, expect, it } from 'vitest';
import { firstFit } from '../../src/sync/fit/first-fit.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { walk } from '../../src/sync/road.ts';
import { openTestHub, type TestHub } from './hub.ts';

let hub: TestHub;
afterEach(() => hub.close());

const nightly = '23 3 * * *';
const open = async (attribution: object) => {
  hub = await openTestHub({ settings: { attribution } });
};
const fits = async () => (await hub.hub.store.runs.recent(100)).filter(({ kind }) => kind === 'fit').length;

describe('the first fit', () => {
  it('waits until everything has been read, and is made once', async () => {
    await open({ refit: nightly });
    await walk(hub.hub);
    expect(await fits()).toBe(0);
    await hub.sync();
    expect(await fits()).toBe(1);
    await hub.sync();
    expect(await fits()).toBe(1);
  });

  it('comes before a plan is shown, too: what is asked is what is written', async () => {
    await open({ refit: nightly });
    for (const system of hub.hub.systems.values()) await pullSystem(hub.hub, system);
    await walk(hub.hub, { push: false });
    expect(await fits()).toBe(1);
  });

  it.each([
    ['nothing is to be fitted', { refit: 'off' }],
    ['a rule credits deals', { refit: nightly, creditModel: 'position' }],
  ])('is not made where %s', async (_, attribution) => {
    await open(attribution);
    await hub.sync();
    expect(await fits()).toBe(0);
  });

  it('of another process is waited for', async () => {
    await open({ refit: nightly });
    const { connections } = hub.hub.store;
    await connections.leased('refit', 60_000, async () => {
      await hub.sync();
      expect(await firstFit(hub.hub)).toBe('elsewhere');
    });
    expect(await firstFit(hub.hub)).toBe('done');
  });
});
