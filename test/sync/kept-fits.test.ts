/** Fits that are in the store already: of an earlier version of the hub, or such that nothing should rest on them. */
import { expect, it } from 'vitest';
import { parseSnapshot } from '../../src/attribution/fit/schema.ts';
import { versionOf } from '../../src/attribution/fit/snapshot.ts';
import type { Fit } from '../../src/store/contract/fits.ts';
import { isJsonObject } from '../../src/support/json.ts';
import { promote } from '../../src/sync/fit/promotion.ts';
import { refit } from '../../src/sync/fit/refit.ts';
import { walk } from '../../src/sync/road.ts';
import { fieldsOf, linesOf, onEachDatabase, outcomeOf } from './fit-hub.ts';
import { found, type TestHub } from './hub.ts';

async function newest({ hub }: TestHub, model: string): Promise<Fit> {
  const version = found(outcomeOf(await refit(hub), model).version ?? undefined, 'version');
  return found((await hub.store.fits.get(version)) ?? undefined, 'fit');
}

onEachDatabase('a fit in the store', ({ started }) => {
  it('that has not converged is refused, and what credits deals goes on', async () => {
    const { hub, world } = await started();
    const good = await newest(hub, 'hazard');
    await walk(hub.hub, { push: false });
    const before = await linesOf(hub, world);
    const { fit } = good.snapshot;
    const made = isJsonObject(fit) ? fit : {};
    const diagnostics = { rHat: 1.8, ess: 7, converged: false, why: 'the chains disagree', sweeps: 100 };
    const broken = {
      ...good,
      version: 'ffff',
      snapshot: { ...good.snapshot, fit: { ...made, diagnostics } },
    };
    await hub.hub.store.fits.save(broken);

    await expect(promote(hub.hub, 'ffff')).rejects.toThrow(
      'Fit ffff credits nothing: The data-driven model did not converge in its last fit.',
    );
    expect(await hub.hub.store.fits.promoted('hazard')).toBe(good.version);
    await walk(hub.hub, { push: false });
    expect(await linesOf(hub, world)).toEqual(before);
  });

  it('from before there were posteriors credits deals under its old name', async () => {
    const { hub, world } = await started({ models: ['position', 'hazard', 'hazard:map'] });
    const point = await newest(hub, 'hazard:map');
    const snapshot = { ...point.snapshot, model: 'hazard' };
    const version = versionOf(parseSnapshot(snapshot, 'the old fit'));
    await hub.hub.store.fits.save({ ...point, version, model: 'hazard', snapshot });
    await promote(hub.hub, version);
    await walk(hub.hub, { push: false });

    const lines = (await linesOf(hub, world)).filter(({ model }) => model === 'hazard');
    expect(new Set(lines.map(({ version }) => version))).toEqual(new Set([version]));
    expect(new Set(lines.map(({ dealId }) => dealId)).size).toBe(world.won.length);
    const [told] = await fieldsOf(hub, world);
    expect(told).toMatchObject({ 'chatCredit.version': version, 'chatCredit.n': point.counts.conversions });
    expect(told?.['chatCredit.interval.low']).toBeLessThanOrEqual(Number(told?.['chatCredit.share']));
  });
});
