/** The canonical state is a function of what landed: no order, no duplication, no batch size matters. */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entityKinds } from '../../src/canonical/model.ts';
import type { VendorRecord } from '../../src/connector/contract/reading.ts';
import type { Hub } from '../../src/sync/hub.ts';
import { pulledObjects } from '../../src/sync/hub.ts';
import { land, pullOptions } from '../../src/sync/pull/landing.ts';
import { walk } from '../../src/sync/road.ts';
import { pullWhole } from '../../src/testing/parts.ts';
import { openTestHub, type TestHub } from './hub.ts';

interface Landed {
  readonly connection: string;
  readonly record: VendorRecord;
}

/** A deterministic shuffle with repeats, from fast-check's numbers. */
function arrange(all: readonly Landed[], seed: number, repeat: number): Landed[] {
  const next = random(seed);
  const repeated = all.flatMap((one) => (next() < repeat ? [one, one] : [one]));
  return repeated
    .map((one) => ({ one, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

function random(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function readAll(hub: TestHub): Promise<Landed[]> {
  const all: Landed[] = [];
  for (const system of hub.hub.systems.values()) {
    for (const object of pulledObjects(system)) {
      const stream = system.connector.streams?.[object];
      for await (const page of stream
        ? pullWhole(stream, system.context, null, pullOptions(system, object))
        : []) {
        all.push(...page.records.map((record) => ({ connection: system.name, record })));
      }
    }
  }
  return all;
}

/** Everything canonical, without the times at which the hub itself computed something. */
async function state(hub: Hub): Promise<unknown> {
  const entities = await Promise.all(entityKinds.map((kind) => hub.store.entities.scan(kind, null, 100_000)));
  return entities
    .flat()
    .map(({ fields, ...entity }) => ({ ...entity, fields: { ...fields, 'chatCredit.computedAt': null } }));
}

async function stateAfter(pages: readonly (readonly Landed[])[], walkBetween: boolean): Promise<unknown> {
  const fresh = await openTestHub({ clock });
  try {
    for (const page of pages) {
      for (const [connection, group] of Map.groupBy(page, (one) => one.connection)) {
        await land(
          fresh.hub,
          connection,
          group.map(({ record }) => record),
        );
      }
      if (walkBetween) await walk(fresh.hub, { push: false });
    }
    await walk(fresh.hub, { push: false });
    return await state(fresh.hub);
  } finally {
    await fresh.close();
  }
}

const now = Date.parse('2026-06-30T12:00:00Z');
const clock = { now: () => now, sleep: () => Promise.resolve() };

describe('the canonical state', () => {
  let all: Landed[] = [];
  let expected: unknown;

  beforeAll(async () => {
    const source = await openTestHub({ world: 'demo' });
    all = await readAll(source);
    await source.close();
    expected = await stateAfter([all], false);
  });
  afterAll(() => {
    all = [];
  });

  it('is worth comparing', () => {
    expect(all.length).toBeGreaterThan(5_000);
    expect((expected as unknown[]).length).toBeGreaterThan(1_000);
  });

  it('is the same for any order, any duplication, any pages, walked between them or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        async (seed, repeat, count) => {
          const shuffled = arrange(all, seed, repeat);
          const size = Math.ceil(shuffled.length / count);
          const pages = Array.from({ length: count }, (_, index) =>
            shuffled.slice(index * size, (index + 1) * size),
          );
          expect(await stateAfter(pages, seed % 2 === 0)).toEqual(expected);
        },
      ),
      { numRuns: 5 },
    );
  });
});
