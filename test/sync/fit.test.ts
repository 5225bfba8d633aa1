/** Fitted models on the road: fitted from the store, promoted, applied, rolled back. */
import { expect, it } from 'vitest';
import type { CreditLine } from '../../src/store/contract/credits.ts';
import { compareFits } from '../../src/sync/fit/compare.ts';
import { drifts } from '../../src/sync/fit/drift.ts';
import { promote, rollBack } from '../../src/sync/fit/promotion.ts';
import { refit } from '../../src/sync/fit/refit.ts';
import { markAdminChanges, walk } from '../../src/sync/road.ts';
import { easilyPromoted, fieldsOf, linesOf, onEachDatabase, outcomeOf, warnings } from './fit-hub.ts';
import { makeWorld, save } from './fit-world.ts';
import { found } from './hub.ts';

onEachDatabase('a fit', ({ open, started }) => {
  it('is promoted when it passes its checks, and credits every deal again, to the cent', async () => {
    const { hub, world } = await started();
    const before = await fieldsOf(hub, world);
    expect(before[0]?.['chatCredit.reason']).toMatch(/used because the data-driven model has no fit yet/);
    const outcomes = await refit(hub.hub);
    expect(outcomeOf(outcomes, 'hazard')).toMatchObject({ promoted: true });
    expect((await walk(hub.hub, { push: false })).attributed).toBeGreaterThanOrEqual(world.won.length);

    const lines = (await linesOf(hub, world)).filter(({ model }) => model === 'hazard');
    const version = outcomeOf(outcomes, 'hazard').version;
    expect(new Set(lines.map((line) => line.version))).toEqual(new Set([version]));
    const deals = new Map(
      (await hub.hub.store.entities.get(world.won)).map((deal) => [deal.id, deal.fields]),
    );
    const byDeal = Map.groupBy(lines, ({ dealId }) => dealId);
    expect(byDeal.size).toBe(world.won.length);
    for (const [id, own] of byDeal) {
      expect(own.some(({ touch }) => touch === 'baseline')).toBe(true);
      expect({ minor: own.reduce((sum, line) => sum + line.amountMinor, 0), currency: 'USD' }).toEqual(
        deals.get(id)?.amount,
      );
      expect(own.reduce((sum, line) => sum + line.share, 0)).toBeCloseTo(1, 12);
    }
  });

  it('is never written without n, interval and version', async () => {
    const { hub, world } = await started();
    const outcomes = await refit(hub.hub);
    await walk(hub.hub, { push: false });
    const written = await fieldsOf(hub, world);
    expect(written.length).toBeGreaterThan(15);
    for (const fields of written) {
      const [low, share, high] = ['interval.low', 'share', 'interval.high'].map((name) =>
        Number(fields[`chatCredit.${name}`]),
      );
      expect(low).toBeLessThanOrEqual(high ?? 0);
      expect(share).toBeGreaterThan((low ?? 0) - 0.2);
      const { version } = outcomeOf(outcomes, 'hazard');
      expect(fields['chatCredit.version']).toBe(version);
      expect(fields['chatCredit.n']).toBeGreaterThanOrEqual(20);
      const reason = String(fields['chatCredit.reason']);
      expect(reason).toMatch(/\d %, from \d+ won deals\)/);
      expect(reason).toContain(`from ${String(fields['chatCredit.n'])} won deals`);
      expect(fields['chatCredit.details']).toContain(`Fit: ${version}`);
      expect(reason.length).toBeLessThanOrEqual(255);
    }
  });

  it('to too few won deals credits nothing at a CRM: the rule does, and says so', async () => {
    const { hub, world } = await started({ minConversions: 10_000 });
    const outcome = outcomeOf(await refit(hub.hub), 'hazard');
    expect(outcome).toMatchObject({ promoted: false, why: expect.stringMatching(/10000 are needed/) });
    await promote(hub.hub, found(outcome.version ?? undefined, 'fit'));
    await walk(hub.hub, { push: false });
    const [fields] = await fieldsOf(hub, world);
    expect(fields).toMatchObject({ 'chatCredit.version': 'rule', 'chatCredit.n': null });
    expect(fields?.['chatCredit.reason']).toMatch(/rests on \d+ won deals, fewer than the 10000 it needs/);
  });

  it('is not tried on next to nothing', async () => {
    const hub = await open();
    await makeWorld(hub.hub.store, { people: 20 });
    const outcome = outcomeOf(await refit(hub.hub), 'hazard');
    expect(outcome).toMatchObject({ version: null, promoted: false });
    expect(await hub.hub.store.fits.list()).toEqual([]);
  });

  it('shares the baseline out among the touches where that is asked for', async () => {
    const { hub, world } = await started({ baseline: 'without' });
    await refit(hub.hub);
    await walk(hub.hub, { push: false });
    const deals = await hub.hub.store.entities.get(world.won);
    for (const { id, fields } of deals) {
      if (typeof fields['chatCredit.share'] !== 'number') continue;
      const lines = (await hub.hub.store.credits.ofDeal(id)).filter(({ model }) => model === 'hazard');
      const share = (wanted: (line: CreditLine) => boolean) =>
        lines.filter(wanted).reduce((sum, line) => sum + line.share, 0);
      const touches = share(({ touch }) => touch !== 'baseline');
      expect(fields['chatCredit.share']).toBeCloseTo(share(({ channel }) => channel === 'Chat') / touches, 9);
    }
  });

  it('is made of other data when an event has been erased', async () => {
    const { hub, world } = await started();
    const first = outcomeOf(await refit(hub.hub), 'hazard');
    const ref = { connection: 'made', object: 'Person', id: world.people[0] ?? '' };
    const [facts] = await hub.hub.store.entities.personFacts([ref.id]);
    expect(facts?.events.length).toBeGreaterThan(0);
    await save(hub.hub.store, [], [{ ref, contributions: [], links: [], events: [] }]);
    const second = outcomeOf(await refit(hub.hub), 'hazard');
    const touches = async ({ version }: typeof first) =>
      (await hub.hub.store.fits.get(version ?? ''))?.counts.touches ?? 0;
    expect(await touches(second)).toBe((await touches(first)) - (facts?.events.length ?? 0));
  });
});

onEachDatabase('promotion', ({ started }) => {
  it('rolls back to the credit before, byte for byte', async () => {
    const { hub, world } = await started(easilyPromoted);
    await refit(hub.hub);
    await walk(hub.hub, { push: false });
    const before = await linesOf(hub, world);
    await makeWorld(hub.hub.store, { name: 'x', seed: 9, chatEffect: 0.4 });
    const later = outcomeOf(await refit(hub.hub), 'hazard');
    if (!later.promoted) await promote(hub.hub, later.version ?? '');
    await walk(hub.hub, { push: false });
    expect(await linesOf(hub, world)).not.toEqual(before);
    for (const model of ['hazard', 'markov:1']) await rollBack(hub.hub, model);
    await walk(hub.hub, { push: false });
    expect(JSON.stringify(await linesOf(hub, world))).toBe(JSON.stringify(before));
    const held = outcomeOf(await refit(hub.hub), 'hazard');
    expect(held.promoted).toBe(false);
  });

  it('waits for a person when the world has changed, and status says so', async () => {
    const { log, lines } = warnings();
    const { hub } = await started({ drift: { share: 0.001, mix: 0.001, rate: 1.01 } }, undefined, log);
    const first = outcomeOf(await refit(hub.hub), 'hazard');
    await makeWorld(hub.hub.store, { name: 'x', seed: 9, chatEffect: 0.1 });
    const second = outcomeOf(await refit(hub.hub), 'hazard');
    expect(second.promoted).toBe(false);
    expect(await drifts(hub.hub)).toContainEqual(
      expect.objectContaining({ model: 'hazard', from: first.version, to: second.version, alarm: true }),
    );
    const compared = await compareFits(hub.hub, first.version ?? '', second.version ?? '');
    expect(compared.moved).toBeGreaterThan(0);
    expect(compared.drift.findings[0]?.words).toMatch(/\d/);
    const alarms = lines.filter((line) => line.includes('The data-driven model has drifted: '));
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toContain(compared.drift.findings[0]?.words);
  });

  it('does not replace a fit by one that says the same', async () => {
    const { hub } = await started();
    await refit(hub.hub);
    await hub.hub.clock.sleep(1_000);
    const again = outcomeOf(await refit(hub.hub), 'hazard');
    expect(again).toMatchObject({ promoted: false, why: expect.stringMatching(/are worth a change/) });
  });
});

onEachDatabase('several processes', ({ open, place, started }) => {
  it('fit once, and see each other’s promotions', async () => {
    const shared = await place();
    const { hub: first, world } = await started({}, shared);
    const second = await open({}, shared);
    expect((await second.hub.models.current()).instead).toBeDefined();
    const due = first.hub.clock.now() - 60_000;
    const outcomes = await Promise.all([refit(first.hub, { due }), refit(second.hub, { due })]);
    expect(outcomes.filter((one) => one !== null)).toHaveLength(1);
    expect(await refit(second.hub, { due })).toBeNull();
    expect(await first.hub.store.fits.list({ model: 'hazard' })).toHaveLength(1);
    const { credit, instead } = await second.hub.models.current();
    expect([credit.id, instead]).toEqual(['hazard', undefined]);
    await walk(second.hub, { push: false });
    expect((await fieldsOf(first, world))[0]?.['chatCredit.version']).toBe(credit.version);
  });

  it('catch up at the start with what another had promoted and not marked', async () => {
    const shared = await place();
    const { hub: first, world } = await started({}, shared);
    const version = outcomeOf(await refit(first.hub), 'hazard').version ?? '';
    await rollBack(first.hub, 'hazard');
    await walk(first.hub, { push: false });
    await first.hub.store.fits.promote(version, first.hub.clock.now());
    const second = await open({}, shared);
    expect(await markAdminChanges(second.hub)).toContainEqual(
      expect.objectContaining({ why: 'models', marked: world.won.length }),
    );
  });
});
