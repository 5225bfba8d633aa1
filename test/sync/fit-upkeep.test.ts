/** Fits over time: made on schedule, once for all processes, looked at before they are promoted, not piled up. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/support/clock.ts';
import { outlookOf } from '../../src/sync/fit/outlook.ts';
import { promote } from '../../src/sync/fit/promotion.ts';
import { logLossOf, qualityOf } from '../../src/sync/fit/quality.ts';
import { refit } from '../../src/sync/fit/refit.ts';
import { walk } from '../../src/sync/road.ts';
import { startSchedule } from '../../src/sync/schedule.ts';
import { fieldsOf, linesOf, onEachDatabase, outcomeOf } from './fit-hub.ts';
import { dayMs, makeWorld, worldNow } from './fit-world.ts';
import { found, type TestHub } from './hub.ts';

/** Real time, in the days of the made world. */
function slowClock(): Clock {
  const ahead = worldNow - Date.now();
  return { now: () => Date.now() + ahead, sleep: systemClock.sleep };
}

const fitRuns = async ({ hub }: TestHub) =>
  (await hub.store.runs.recent(100)).filter(({ kind }) => kind === 'fit');

onEachDatabase('a scheduled fit', ({ open, place, started }) => {
  it('is made by one of several processes, promoted, and credits deals', async () => {
    const shared = { ...(await place()), clock: slowClock() };
    const settings = { refit: '* * * * * *' };
    const { hub: first, world } = await started(settings, shared);
    const second = await open(settings, shared);
    const schedulers = [first, second].map(({ hub }) => startSchedule(hub));
    const ended = async () => (await fitRuns(first)).map(({ status }) => status);
    await expect.poll(ended, { timeout: 150_000 }).toContain('done');
    // Both are due several times over.
    await pause(3_500);
    expect(await ended()).toEqual(['done']);
    const [version] = [(await second.hub.models.current()).credit.version];
    const shown = async () =>
      new Set((await fieldsOf(first, world)).map((fields) => fields['chatCredit.version']));
    await expect.poll(shown, { timeout: 150_000 }).toEqual(new Set([version]));
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
    expect(await first.hub.store.fits.list({ model: 'hazard' })).toHaveLength(1);
  }, 300_000);

  it('is not made where the configuration says off', async () => {
    const { hub } = await started({ refit: 'off' }, { ...(await place()), clock: slowClock() });
    const scheduler = startSchedule(hub.hub);
    await pause(1_500);
    await scheduler.stop();
    expect(await fitRuns(hub)).toEqual([]);
  });
});

onEachDatabase('fits of one hour', ({ started }) => {
  it('to the same data are the same fit, to the last bit', async () => {
    const { hub } = await started({});
    const first = outcomeOf(await refit(hub.hub), 'hazard').version;
    await hub.hub.clock.sleep(20 * 60_000);
    expect(outcomeOf(await refit(hub.hub), 'hazard').version).toBe(first);
    await hub.hub.clock.sleep(60 * 60_000);
    expect(outcomeOf(await refit(hub.hub), 'hazard').version).not.toBe(first);
  });
});

onEachDatabase('fits that no deal rests on', ({ started }) => {
  it('go when there are too many of them; those that ever credited deals stay', async () => {
    const { hub } = await started({ keepFits: 2, leastNews: 1 });
    const first = outcomeOf(await refit(hub.hub), 'hazard').version;
    const later: (string | null)[] = [];
    for (let round = 0; round < 4; round += 1) {
      await hub.hub.clock.sleep(dayMs);
      later.push(outcomeOf(await refit(hub.hub), 'hazard').version);
    }
    const kept = await hub.hub.store.fits.list({ model: 'hazard' });
    expect(kept.map(({ version }) => version)).toEqual([later[3], later[2], first]);
    expect(kept.map(({ status }) => status)).toEqual(['candidate', 'candidate', 'promoted']);
    expect(await hub.hub.store.fits.list({ model: 'markov:1' })).toHaveLength(3);
  });
});

onEachDatabase('the outlook of a promotion', ({ started }) => {
  it('tells how many deals will show another credit, and changes none', async () => {
    const { hub, world } = await started({ minConversions: 1, leastNews: 1 });
    await refit(hub.hub);
    await walk(hub.hub, { push: false });
    await makeWorld(hub.hub.store, { name: 'x', seed: 9, chatEffect: 0.4 });
    const version = found(outcomeOf(await refit(hub.hub), 'hazard').version ?? undefined, 'fit');
    const before = await linesOf(hub, world);
    const shares = new Map((await fieldsOf(hub, world)).map((fields) => [fields.name, fields]));
    const outlook = await outlookOf(hub.hub, version);
    expect(await linesOf(hub, world)).toEqual(before);
    await promote(hub.hub, version);
    await walk(hub.hub, { push: false });
    const after = await fieldsOf(hub, world);
    const moved = after.filter((fields) => {
      const old = shares.get(fields.name)?.['chatCredit.share'];
      return Math.abs(Number(fields['chatCredit.share']) - Number(old)) >= 0.01;
    });
    expect(outlook.deals).toBe(await hub.hub.store.entities.count('Deal'));
    // The deals of the second world have never been credited: they are among those that change.
    const others = outlook.deals - world.won.length;
    expect(outlook.changed).toBeGreaterThanOrEqual(after.length);
    expect(outlook.changed).toBeLessThanOrEqual(after.length + others);
    expect(outlook.moved).toBeGreaterThanOrEqual(moved.length);
    expect(outlook.pushes).toEqual([]);
    await expect(outlookOf(hub.hub, 'nothing')).rejects.toThrow(/There is no fit "nothing"/);
  });
});

onEachDatabase('what is kept of a fit', ({ started }) => {
  it('is window, counts, seed, parameters, and quality on data that it has not seen', async () => {
    const { hub } = await started({
      models: ['hazard', 'markov:1', 'markov:2', 'position'],
      seed: 7,
      covariates: ['Person.score', 'log(Organization.employees)'],
    });
    await refit(hub.hub);
    for (const { version, model, window, counts } of await hub.hub.store.fits.list()) {
      const fit = found((await hub.hub.store.fits.get(version)) ?? undefined, version);
      expect([model, window.to - window.from]).toEqual([model, 730 * dayMs]);
      expect(counts.conversions).toBeGreaterThan(20);
      expect(fit.snapshot.seed).toBe(7);
      if (model === 'hazard') {
        expect(qualityOf(fit).figures.predicted).toHaveLength(3);
        expect(fit.snapshot.variants).toMatchObject([
          { what: 'without Person.score', shares: expect.any(Array), moved: expect.any(Number) },
          { what: 'without intent' },
        ]);
      }
      if (model !== 'hazard')
        expect(found(logLossOf(qualityOf(fit)) ?? undefined, 'log-loss')).toBeGreaterThan(0);
    }
    const [chain] = await hub.hub.store.fits.list({ model: 'markov:2' });
    expect(qualityOf(found(chain, 'chain')).figures.order).toMatch(/order/);
  });
});
