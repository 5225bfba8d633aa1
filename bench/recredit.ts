/**
 * 50,000 deals credited by all models: at first, after a fit has been promoted, and with nothing changed. Crediting for
 * the first time takes the longest: it stores a line for each touch and model, 3.6 million of them.
 */

import { scenarios } from '../src/attribution/simulate/scenarios.ts';
import { simulate } from '../src/attribution/simulate/world.ts';
import type { CanonicalEvent } from '../src/canonical/events.ts';
import type { Entity } from '../src/canonical/model.ts';
import type { NormalizedRecord } from '../src/store/contract/facts.ts';
import type { Store } from '../src/store/contract/store.ts';
import { attributeMarked } from '../src/sync/attribute/attribute.ts';
import { hazardKind } from '../src/sync/attribute/kinds/hazard.ts';
import { promote } from '../src/sync/fit/promotion.ts';
import type { Hub } from '../src/sync/hub.ts';
import { openBenchHub } from './hub.ts';
import { say, seconds } from './measure.ts';

const deals = 50_000;
/** People that the fit is made of, so that it is soon there: what a fit costs is not asked here. */
const fitted = 5_000;
const batch = 2_000;
const dayMs = 86_400_000;
const start = Date.now() - 60 * dayMs;

export async function bench(): Promise<void> {
  const app = await openBenchHub({ systems: ['chatbot'] });
  const { hub } = app;
  const touches = await fill(hub.store);
  const ids = Array.from({ length: deals }, (_, index) => `d${index}`);
  await hub.store.work.mark('attribute', ids);
  say(`${deals} deals with ${touches} touches`);
  tell('credited for the first time, by rules', await credit(hub));

  await promoteFit(hub);
  await hub.store.work.mark('attribute', ids);
  tell('credited again after the new fit', await credit(hub));

  await hub.store.work.mark('attribute', ids);
  tell('credited again with nothing changed', await credit(hub));
  await app.close();
}

async function promoteFit(hub: Hub): Promise<void> {
  const { resamples, seed, lookbackDays } = hub.settings.attribution;
  const window = { from: start, to: start + 60 * dayMs };
  const { checks: _, ...fit } = hazardKind.train(simulate(scenarios.A, fitted, 1).observations, {
    ...{ window, resamples, seed, lookbackDays },
    ...{ minConversions: hazardKind.leastConversions, promoted: null },
  });
  await hub.store.fits.save({ ...fit, model: hazardKind.id, fittedAt: hub.clock.now(), window });
  await promote(hub, fit.version);
}

interface Credited {
  readonly deals: number;
  readonly models: number;
  readonly seconds: number;
  /** Of this process, all threads. */
  readonly cpu: number;
}

async function credit(hub: Hub): Promise<Credited> {
  const before = process.cpuUsage();
  let done = 0;
  const taken = await seconds(async () => {
    for (let count = await attributeMarked(hub); count > 0; count = await attributeMarked(hub)) done += count;
  });
  const { user, system } = process.cpuUsage(before);
  const { models } = await hub.models.current();
  return { deals: done, models: models.length, seconds: taken, cpu: (user + system) / 1e6 };
}

function tell(what: string, { deals: count, models, seconds: taken, cpu }: Credited): void {
  const rate = `${Math.round(count / taken)} deals/s, ${Math.round(count / cpu)} per CPU second`;
  say(`${what}: ${count} deals by ${models} models, ${rate}`);
}

/** One deal per simulated person; those who did not convert have theirs open. Returns the number of touches. */
async function fill(store: Store): Promise<number> {
  const { observations } = simulate(scenarios.A, deals, 1);
  for (let from = 0; from < deals; from += batch) {
    const people = Array.from({ length: Math.min(batch, deals - from) }, (_, index) => from + index);
    const all = people.flatMap((person) => entitiesOf(person, observations));
    await store.transaction(async (one) => {
      await one.entities.replace(
        all.map(([entity, key]) => ({ entity, keys: [key] })),
        [],
        start,
      );
      await one.facts.replace(people.map((person) => recordOf(person, observations)));
    });
  }
  return observations.time.length;
}

type Observed = ReturnType<typeof simulate>['observations'];

function entitiesOf(person: number, { converted, end }: Observed): [Entity, string][] {
  const blank = { provenance: {}, members: [], withdrawn: false };
  const won = converted[person] === 1;
  const closed = won ? { closedAt: start + Math.round((end[person] ?? 0) * dayMs) } : {};
  const amount = { minor: 100_000 + person, currency: 'USD' };
  return [
    [{ id: `p${person}`, kind: 'Person', fields: {}, ...blank }, `email:p${person}@example.com`],
    [
      {
        id: `d${person}`,
        kind: 'Deal',
        fields: { status: won ? 'won' : 'open', amount, ...closed },
        ...blank,
      },
      `id:made:Deal:d${person}`,
    ],
  ];
}

function recordOf(person: number, { channels, channel, starts, time }: Observed): NormalizedRecord {
  const ref = { connection: 'made', object: 'Person', id: `p${person}` };
  const events: CanonicalEvent[] = [];
  for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1) {
    const name = channels[channel[touch] ?? 0] ?? '';
    const chat = name === 'chat';
    events.push({
      ...{ id: `t${touch}`, type: chat ? 'touch.chat' : 'touch.ad_click', source: ref },
      time: start + Math.round((time[touch] ?? 0) * dayMs),
      subject: `email:p${person}@example.com`,
      data: { channel: name },
    });
  }
  const link = {
    ref,
    relation: 'deal-person' as const,
    from: { kind: 'id' as const, value: `made:Deal:d${person}` },
    to: { kind: 'email' as const, value: `p${person}@example.com` },
  };
  return { ref, contributions: [], links: [link], events };
}
