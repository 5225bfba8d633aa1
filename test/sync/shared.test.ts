/** Several `hub work` processes on one PostgreSQL: together they do what one does, and nothing twice. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/support/clock.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { changes } from './changes.ts';
import { attached, dataDirectory, openTestHub, pacingOff, type TestHub } from './hub.ts';
import { hasPostgres, postgresSchema, whyNot } from './postgres.ts';
import { startWalkerProcess, type Walker } from './process.ts';
import { canonicalState, crmCounts, crmState } from './state.ts';
import { tellStory } from './story.ts';

const patience = { timeout: 150_000, interval: 50 };

describe.skipIf(!hasPostgres)(`two workers on one PostgreSQL${whyNot}`, () => {
  const leftovers: (() => Promise<unknown> | unknown)[] = [];
  let together: TestHub;
  let alone: TestHub;
  let workers: Walker[];

  beforeEach(async () => {
    const schema = await postgresSchema();
    leftovers.push(schema.drop);
    const data = dataDirectory();
    leftovers.push(data.remove);
    // The key that seals tokens rests in the data directory, which all share.
    const shared = { data: data.path, settings: { database: schema.url } };
    together = await openTestHub({ clock: systemClock, ...pacingOff, ...shared });
    leftovers.push(() => together.close());
    alone = await openTestHub({ clock: systemClock, ...pacingOff });
    leftovers.push(() => alone.close());
    workers = [startWalkerProcess(), startWalkerProcess()];
    leftovers.push(() => Promise.all(workers.map((worker) => worker.kill())));
    for (const worker of workers) {
      await worker.says('ready');
      worker.order({ task: 'work', hub: { ...shared, attach: attached(together) } });
      await worker.says('working');
    }
  });
  afterEach(async () => {
    for (const clear of leftovers.splice(0).reverse()) await clear();
  });

  /** This process only pulls; the workers do the rest. */
  async function pullUntilQuiet(): Promise<void> {
    for (let round = 0; round < 10; round += 1) {
      let news = 0;
      for (const system of together.hub.systems.values())
        news += (await pullSystem(together.hub, system)).changed;
      const waiting = async () =>
        Object.values(await together.hub.store.work.counts()).reduce((sum, count) => sum + count, 0);
      await expect.poll(waiting, patience).toBe(0);
      if (news === 0) return;
    }
    throw new Error('never quiet');
  }

  it('end where one worker ends, with nothing doubled', async () => {
    const now = Math.floor(Date.now() / 1_000) * 1_000;
    const stories = [together, alone].map(({ emulator }) => tellStory(emulator, now));
    await pullUntilQuiet();
    await alone.quiet();
    for (let turn = 0; turn < 2; turn += 1) {
      const at = Date.now();
      for (const change of changes) {
        for (const [index, { emulator }] of [together, alone].entries()) {
          const story = stories[index];
          if (story) change.make(emulator, story, turn * 100 + changes.indexOf(change), at);
        }
      }
      await pullUntilQuiet();
      await alone.quiet();
    }
    for (const worker of workers) worker.dismiss();
    await Promise.all(workers.map(({ ended }) => ended));

    expect(crmCounts(together.emulator)).toEqual(crmCounts(alone.emulator));
    expect(crmState(together.emulator, now)).toEqual(crmState(alone.emulator, now));
    expect(await canonicalState(together.hub, together.emulator, now)).toEqual(
      await canonicalState(alone.hub, alone.emulator, now),
    );
    expect(await together.hub.store.work.parked()).toEqual([]);
    const created = (await together.hub.store.outbox.writes({}, 10_000)).filter(({ op }) => op === 'upsert');
    const leads = created.filter(({ object }) => object === 'Lead' || object === 'contacts');
    expect(new Set(leads.map(({ object, entityId }) => `${object} ${entityId}`)).size).toBe(leads.length);
  }, 120_000);
});
