import { describe, expect, it } from 'vitest';
import type { Fit, Promotion } from '../../src/store/contract/fits.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { careerOf, standing, versionAt } from '../../src/store/credits/promotions.ts';
import { onEachDatabase, start } from './databases.ts';

function fitted(version: string, more: Partial<Fit> = {}): Fit {
  return {
    version,
    model: 'hazard',
    fittedAt: start,
    window: { from: start - 1_000, to: start },
    counts: { people: 900, conversions: 120 },
    quality: { logLoss: 0.1 + 0.2, passed: true },
    snapshot: { baseline: 1 / 3, channels: ['Chat', 'é'] },
    ...more,
  };
}

async function twoFits(store: Store): Promise<void> {
  await store.fits.save(fitted('v1'));
  await store.fits.save(fitted('v2', { fittedAt: start + 5 }));
}

onEachDatabase('fits', (databases) => {
  it('keeps what was fitted, number for number', async () => {
    const { fits } = await databases.store();
    expect(await fits.save(fitted('v1'))).toBe(true);
    expect(await fits.get('v1')).toEqual({
      ...fitted('v1'),
      status: 'candidate',
      promotedAt: null,
      retiredAt: null,
    });
    expect(await fits.get('v2')).toBeNull();
  });

  it('leaves a version as it was saved first', async () => {
    const { fits } = await databases.store();
    await fits.save(fitted('v1'));
    expect(await fits.save(fitted('v1', { fittedAt: start + 9 }))).toBe(false);
    expect((await fits.get('v1'))?.fittedAt).toBe(start);
  });

  it('lists the newest first, without the parameters, of one model or of all', async () => {
    const store = await databases.store();
    await twoFits(store);
    await store.fits.save(fitted('m1', { model: 'markov:2', fittedAt: start + 3 }));
    const all = await store.fits.list();
    expect(all.map(({ version }) => version)).toEqual(['v2', 'm1', 'v1']);
    expect(all[0]).not.toHaveProperty('snapshot');
    expect((await store.fits.list({ model: 'hazard' })).map(({ version }) => version)).toEqual(['v2', 'v1']);
    expect((await store.fits.list({ model: 'hazard', limit: 1 })).map(({ version }) => version)).toEqual([
      'v2',
    ]);
  });

  it('promotes one version of a model at a time, and remembers the others', async () => {
    const store = await databases.store();
    await twoFits(store);
    await store.fits.save(fitted('m1', { model: 'markov:2' }));
    expect(await store.fits.promoted('hazard')).toBeNull();
    expect(await store.fits.promote('v1', start + 10)).toBe(true);
    expect(await store.fits.promote('m1', start + 11)).toBe(true);
    expect(await store.fits.promote('v2', start + 20)).toBe(true);
    expect(await store.fits.promoted('hazard')).toBe('v2');
    expect(await store.fits.promoted('markov:2')).toBe('m1');
    const [v2, v1] = await store.fits.list({ model: 'hazard' });
    expect(v2).toMatchObject({ status: 'promoted', promotedAt: start + 20, retiredAt: null });
    expect(v1).toMatchObject({ status: 'retired', promotedAt: start + 10, retiredAt: start + 20 });
  });

  it('keeps the newest, and whatever ever credited deals', async () => {
    const store = await databases.store();
    for (let number = 0; number < 9; number += 1)
      await store.fits.save(fitted(`v${number}`, { fittedAt: start + number }));
    await store.fits.save(fitted('m0', { model: 'markov:2' }));
    await store.fits.promote('v1', start + 10);
    await store.fits.promote('v3', start + 20);
    await store.fits.rollback('hazard', start + 30);
    expect(await store.fits.prune('hazard', 2)).toBe(5);
    const kept = async () => (await store.fits.list()).map(({ version }) => version).sort();
    expect(await kept()).toEqual(['m0', 'v1', 'v3', 'v7', 'v8']);
    expect(await store.fits.prune('hazard', 2)).toBe(0);
    expect(await kept()).toHaveLength(5);
  });

  it('promotes nothing that is unknown or promoted already', async () => {
    const store = await databases.store();
    await twoFits(store);
    await store.fits.promote('v1', start);
    expect(await store.fits.promote('v1', start + 1)).toBe(false);
    expect(await store.fits.promote('v9', start + 1)).toBe(false);
    expect(await store.fits.promotions()).toHaveLength(1);
  });

  it('rolls back step by step, to none in the end', async () => {
    const store = await databases.store();
    await twoFits(store);
    await store.fits.promote('v1', start + 10);
    await store.fits.promote('v2', start + 20);
    expect(await store.fits.rollback('hazard', start + 30)).toEqual({
      model: 'hazard',
      version: 'v1',
      at: start + 30,
      what: 'rolled back',
    });
    expect(await store.fits.promoted('hazard')).toBe('v1');
    expect((await store.fits.rollback('hazard', start + 40))?.version).toBeNull();
    expect(await store.fits.promoted('hazard')).toBeNull();
    expect(await store.fits.rollback('hazard', start + 50)).toBeNull();
  });

  it('knows what was promoted at any time', async () => {
    const store = await databases.store();
    await twoFits(store);
    await store.fits.promote('v1', start + 10);
    await store.fits.promote('v2', start + 20);
    await store.fits.rollback('hazard', start + 30);
    const at = (time: number) => store.fits.promoted('hazard', start + time);
    expect(await Promise.all([9, 10, 19, 20, 29, 30, 99].map(at))).toEqual([
      null,
      'v1',
      'v1',
      'v2',
      'v2',
      'v1',
      'v1',
    ]);
  });

  it('tells other processes that something changed, and keeps the log in order of time', async () => {
    const place = await databases.place();
    const [here, there] = [await databases.store(place), await databases.store(place)];
    await twoFits(here);
    const before = await there.fits.turn();
    await here.fits.promote('v1', start + 50);
    expect(await there.fits.turn()).not.toBe(before);
    await there.fits.promote('v2', start + 40);
    expect((await here.fits.promotions()).map(({ at }) => at - start)).toEqual([50, 50]);
    expect(await here.fits.promoted('hazard', start + 50)).toBe('v2');
  });

  it('takes promotions by several processes one after the other', async () => {
    const place = await databases.place();
    const stores = [await databases.store(place), await databases.store(place)];
    const versions = Array.from({ length: 6 }, (_, index) => `v${index}`);
    for (const version of versions) await stores[0]?.fits.save(fitted(version));
    const promoting = versions.map((version, index) => stores[index % 2]?.fits.promote(version, start));
    expect(await Promise.all(promoting)).toEqual(versions.map(() => true));
    expect(await stores[0]?.fits.promotions()).toHaveLength(6);
  });
});

describe('the log of promotions', () => {
  const line = (version: string | null, at: number, what: Promotion['what'] = 'promoted'): Promotion => ({
    model: 'hazard',
    version,
    at,
    what,
  });

  it('goes on from where a rollback led', () => {
    const log = [line('a', 1), line('b', 2), line('a', 3, 'rolled back'), line('c', 4)];
    expect(standing(log)).toEqual({ version: 'c', before: ['a'] });
    expect(versionAt(log, 3)).toBe('a');
    expect(careerOf('a', log)).toEqual({ status: 'retired', promotedAt: 3, retiredAt: 4 });
    expect(careerOf('b', log)).toEqual({ status: 'retired', promotedAt: 2, retiredAt: 3 });
  });

  it('is empty before the first promotion', () => {
    expect(standing([])).toEqual({ version: null, before: [] });
    expect(versionAt([], 9)).toBeNull();
  });
});
