/** Credit as of any date: what the hub held then, computed again byte for byte. */

import { expect, it } from 'vitest';
import { refText } from '../../src/canonical/names.ts';
import type { VendorRecord } from '../../src/connector/contract/reading.ts';
import { creditAsOf } from '../../src/reports/as-of.ts';
import { explainDeal } from '../../src/reports/explain.ts';
import type { CreditLine } from '../../src/store/contract/credits.ts';
import { promote } from '../../src/sync/fit/promotion.ts';
import { refit } from '../../src/sync/fit/refit.ts';
import type { Hub } from '../../src/sync/hub.ts';
import { walk } from '../../src/sync/road.ts';
import { byModel } from '../store/credit-lines.ts';
import { easilyPromoted, onEachDatabase, outcomeOf } from './fit-hub.ts';
import {
  dayMs,
  dealKey,
  dealLink,
  entity,
  makeWorld,
  save,
  touchEvent,
  worldNow,
  worldStart,
} from './fit-world.ts';
import { found, type TestHub } from './hub.ts';

const dealId = 'deal-1';
const ref = { connection: 'made', object: 'Visit', id: 'ann' };

/** An open or won deal of one person with chats and advertisements. */
async function tell({ hub: { store } }: TestHub, fields: object, touches = 3): Promise<void> {
  const deal = entity('Deal', dealId, { name: 'Big', stage: 'Talks', ...fields });
  const events = Array.from({ length: touches }, (_, index) =>
    touchEvent(ref, worldStart + index * 9 * dayMs, index % 2 === 0 ? 'Chat' : 'Email', index),
  );
  const person = entity('Person', 'ann', {});
  await save(
    store,
    [
      [deal, dealKey(dealId)],
      [person, 'email:ann@example.com'],
    ],
    [{ ref, contributions: [], links: [dealLink(ref, dealId, 'ann')], events }],
  );
  await store.work.mark('attribute', [dealId]);
}

/** All that is stored and would be written of the deal, as text. */
async function held({ store }: Hub): Promise<string> {
  const [deal] = await store.entities.get([dealId]);
  const credit = Object.entries(deal?.fields ?? {}).filter(([name]) => name.startsWith('chatCredit.'));
  return text(await store.credits.ofDeal(dealId), credit);
}

function text(lines: readonly CreditLine[], fields: readonly (readonly [string, unknown])[]): string {
  const rows = lines.map((line) => Object.entries(line).sort());
  return JSON.stringify([rows, Object.fromEntries([...fields].sort())]);
}

async function computedAgain(hub: Hub, at: number): Promise<string> {
  const { credited, asOf } = await creditAsOf(hub, dealId, at);
  expect(asOf.same).toBe(true);
  const lines = credited.models
    .flatMap((model) => model.lines())
    .toSorted(
      (a, b) =>
        (a.model < b.model ? -1 : a.model > b.model ? 1 : 0) ||
        a.time - b.time ||
        (a.touch < b.touch ? -1 : 1),
    );
  return text(lines, Object.entries(credited.fields));
}

const won = { status: 'won', closedAt: worldStart + 40 * dayMs, amount: { minor: 900_000, currency: 'USD' } };

onEachDatabase('credit as of a date', ({ started }) => {
  it('is what the hub held then, whatever became of deal, touches, settings and fits', async () => {
    const { hub } = await started(easilyPromoted);
    const { hub: road } = hub;
    const moments: { at: number; was: string }[] = [];
    const remember = async () => {
      await walk(road, { push: false });
      moments.push({ at: road.clock.now(), was: await held(road) });
      await road.clock.sleep(dayMs);
    };
    await tell(hub, { status: 'open', amount: { minor: 500_000, currency: 'USD' } });
    await remember();
    await refit(road);
    await remember();
    await tell(hub, won);
    await remember();
    await makeWorld(road.store, { name: 'x', seed: 9, chatEffect: 0.4 });
    const later = outcomeOf(await refit(road), 'hazard');
    if (!later.promoted) await promote(road, later.version ?? '');
    await remember();
    await tell(hub, { ...won, amount: { minor: 1, currency: 'EUR' } }, 5);
    await remember();

    expect(new Set(moments.map(({ was }) => was)).size).toBe(5);
    for (const { at, was } of moments) {
      expect(await computedAgain(road, at)).toBe(was);
      expect(await computedAgain(road, at + dayMs / 2)).toBe(was);
    }
  });

  it('is explained with the deal as it was then', async () => {
    const { hub } = await started();
    await tell(hub, { status: 'open', amount: { minor: 500_000, currency: 'USD' } });
    await walk(hub.hub, { push: false });
    const then = hub.hub.clock.now();
    await hub.hub.clock.sleep(dayMs);
    await tell(hub, won, 4);
    await walk(hub.hub, { push: false });
    const explained = found((await explainDeal(hub.hub, dealId, then)) ?? undefined, dealId);
    expect(explained).toMatchObject({ status: 'open', amount: { minor: 500_000 }, name: 'Big' });
    expect(explained.touches).toHaveLength(3);
    expect(explained.asOf?.words).toMatch(/byte for byte the same/);
    expect(await explainDeal(hub.hub, dealId)).toMatchObject({ status: 'won', asOf: null });
  });

  it('says so where the hub had not credited the deal yet', async () => {
    const { hub } = await started();
    await tell(hub, won);
    await walk(hub.hub, { push: false });
    const explained = await explainDeal(hub.hub, dealId, worldNow - dayMs);
    expect(explained?.asOf).toMatchObject({ computedAt: null, same: null });
    expect(explained?.asOf?.words).toMatch(/keeps no credit of this deal from then/);
  });

  it('says so where it does not come out the same', async () => {
    const { hub } = await started();
    await tell(hub, won);
    await walk(hub.hub, { push: false });
    const kept = found(
      (await hub.hub.store.credits.computedBy(dealId, Number.MAX_SAFE_INTEGER)) ?? undefined,
      'credit',
    );
    const another = {
      ...kept,
      facts: { hash: 'changed', body: (kept.facts ?? '').replace('900000', '900001') },
    };
    const lines = await hub.hub.store.credits.ofDeal(dealId);
    await hub.hub.store.credits.keep([
      { ...another, models: byModel(lines), written: kept.digests.written ?? '' },
    ]);
    const explained = await explainDeal(hub.hub, dealId, hub.hub.clock.now());
    expect(explained?.asOf).toMatchObject({
      same: false,
      words: expect.stringMatching(/another version of the hub/),
    });
  });

  it('is forgotten with an erased person, of the deal that they belong to', async () => {
    const { hub } = await started();
    await tell(hub, won);
    await walk(hub.hub, { push: false });
    const forgotten = await hub.hub.store.credits.forget(['made|Visit|ann']);
    expect(forgotten).toEqual([dealId]);
    expect((await explainDeal(hub.hub, dealId, hub.hub.clock.now()))?.asOf?.same).toBeNull();
  });

  it('goes when a person has an event of theirs erased, by whatever way that is told', async () => {
    const { hub } = await started();
    const { store } = hub.hub;
    const told = { at: new Date(worldNow - dayMs).toISOString(), sessionId: 's1', visitorId: 'v1' };
    const land = async (record: Pick<VendorRecord, 'id' | 'body' | 'modifiedAt' | 'tombstone'>) => {
      const refs = await store.landing.put('chatbot', [{ object: 'event', createdAt: worldNow, ...record }]);
      await store.work.mark('normalize', refs.map(refText));
      await walk(hub.hub, { push: false });
    };
    const identified = { type: 'identified', email: 'ann@example.com' };
    await land({ id: 'e1', body: { id: 'e1', type: 'session.started', ...told }, modifiedAt: worldNow });
    await land({ id: 'e2', body: { id: 'e2', ...identified, ...told }, modifiedAt: worldNow });
    const link = dealLink(ref, dealId, 'ann');
    await save(
      store,
      [[entity('Deal', dealId, { ...won, closedAt: worldNow }), dealKey(dealId)]],
      [{ ref, contributions: [], links: [link], events: [] }],
    );
    await store.work.mark('attribute', [dealId]);
    await walk(hub.hub, { push: false });
    const then = hub.hub.clock.now();
    const before = found((await explainDeal(hub.hub, dealId, then)) ?? undefined, dealId);
    expect([before.touches.length, before.asOf?.same]).toEqual([1, true]);

    const tombstone = { kind: 'erased' as const };
    await land({ id: 'e1', body: { id: 'e1' }, modifiedAt: worldNow + 1, tombstone });
    const after = found((await explainDeal(hub.hub, dealId, then)) ?? undefined, dealId);
    expect([after.touches.length, after.asOf?.same]).toEqual([0, null]);
    const now = await explainDeal(hub.hub, dealId, hub.hub.clock.now());
    expect([now?.touches.length, now?.asOf?.same]).toEqual([0, true]);
  });
});
