/** Chat withheld from a part of the visitors: what the experiment measures beside what the model claims. */
import { expect, it } from 'vitest';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { Entity } from '../../src/canonical/model.ts';
import type { NormalizedRecord } from '../../src/store/contract/facts.ts';
import { storedFit } from '../../src/sync/fit/compare.ts';
import { chatExperiment } from '../../src/sync/fit/experiment.ts';
import { refit } from '../../src/sync/fit/refit.ts';
import { type FitHubs, onEachDatabase } from './fit-hub.ts';
import { dayMs, dealKey, dealLink, entity, makeWorld, save, touchEvent, worldStart } from './fit-world.ts';
import { found, type TestHub } from './hub.ts';

async function fittedOn({ open }: FitHubs): Promise<TestHub> {
  const opened = await open({ models: ['position', 'hazard'], minConversions: 20 });
  await makeWorld(opened.hub.store);
  await refit(opened.hub);
  return opened;
}

/** Visitors of whom some are held out; `buys` says who wins a deal later. */
async function visits(
  { hub: { store } }: TestHub,
  count: number,
  withheld: (visitor: number) => boolean,
  buys: (visitor: number) => boolean,
  named: (visitor: number) => boolean = () => true,
): Promise<void> {
  const entities: [Entity, string][] = [];
  const records: NormalizedRecord[] = [];
  for (let visitor = 0; visitor < count; visitor += 1) {
    const id = `v${visitor}`;
    const ref = { connection: 'made', object: 'Visit', id };
    const at = worldStart + dayMs + visitor * 1_000;
    const subject = `email:${id}@example.com`;
    const session: CanonicalEvent = {
      ...{ id: `s-${id}`, type: 'chat.session_started', time: at, source: ref, subject },
      data: { holdout: withheld(visitor) },
    };
    entities.push([entity('Person', id, named(visitor) ? { email: `${id}@example.com` } : {}), subject]);
    const links = buys(visitor) ? [dealLink(ref, `deal-${id}`, id)] : [];
    if (links.length > 0) {
      const fields = { status: 'won', closedAt: at + 5 * dayMs };
      entities.push([entity('Deal', `deal-${id}`, fields), dealKey(`deal-${id}`)]);
    }
    const chat = withheld(visitor) ? [] : [touchEvent(ref, at, 'Chat', visitor)];
    records.push({ ref, contributions: [], links, events: [session, ...chat] });
  }
  await save(store, entities, records);
}

async function measured(opened: TestHub) {
  const version = found((await opened.hub.store.fits.promoted('hazard')) ?? undefined, 'promoted fit');
  return chatExperiment(opened.hub, await storedFit(opened.hub, version));
}

onEachDatabase('a hold-out experiment', (hubs) => {
  const fitted = () => fittedOn(hubs);

  it('measures the lift, and says by which factor the claim is off', async () => {
    const opened = await fitted();
    await visits(
      opened,
      2_000,
      (visitor) => visitor % 2 === 1,
      (visitor) => visitor % 10 === 0 || visitor % 20 === 1,
    );
    const experiment = found((await measured(opened)) ?? undefined, 'experiment');
    expect(experiment.treated).toEqual({ people: 999, conversions: 199 });
    expect(experiment.withheld).toEqual({ people: 1_000, conversions: 100 });
    const { lift, factor, words } = experiment.result;
    expect(lift.value).toBeCloseTo(199 / 999 - 0.1, 9);
    expect(lift.interval.low).toBeGreaterThan(0);
    expect(lift.interval.high).toBeGreaterThan(lift.value);
    expect(factor?.value).toBeGreaterThan(0);
    expect(words).toMatch(/The experiment measured 99 \(/);
    expect(experiment.known).toEqual({ treated: 999, withheld: 1_000 });
    expect(experiment.doubt).toBeNull();
  });

  it('says when fewer of one part are known: nobody can see an unknown visitor buy', async () => {
    const opened = await fitted();
    const odd = (visitor: number) => visitor % 2 === 1;
    await visits(
      opened,
      400,
      odd,
      (visitor) => visitor % 10 === 0,
      (visitor) => !odd(visitor) || visitor < 40,
    );
    const { known, doubt } = found((await measured(opened)) ?? undefined, 'experiment');
    expect(known).toEqual({ treated: 199, withheld: 20 });
    expect(doubt).toMatch(/with chat 100 % are known by name, of those without 10 %/);
  });

  it('keeps a visitor in the part that the first visit fell into', async () => {
    const opened = await fitted();
    await visits(
      opened,
      40,
      (visitor) => visitor % 2 === 0,
      () => false,
    );
    const ref = { connection: 'made', object: 'Visit', id: 'again' };
    const again = {
      id: 's-again',
      type: 'chat.session_started' as const,
      source: ref,
      data: { holdout: false },
    };
    const event = { ...again, time: worldStart + dayMs + 30_500, subject: 'email:v0@example.com' };
    await save(opened.hub.store, [], [{ ref, contributions: [], links: [], events: [event] }]);
    const experiment = found((await measured(opened)) ?? undefined, 'experiment');
    expect([experiment.treated.people, experiment.withheld.people]).toEqual([19, 20]);
  });

  it('is none where nobody was held out', async () => {
    const opened = await fitted();
    await visits(
      opened,
      20,
      () => false,
      () => false,
    );
    expect(await measured(opened)).toBeNull();
  });
});
