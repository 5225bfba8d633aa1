/** A plan of many reads the store as often as a plan of few, and nothing of it twice. */
import { expect, it } from 'vitest';
import type { Contribution, Entity } from '../../src/canonical/model.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { planWrites } from '../../src/sync/push/plan/reconcile.ts';
import { Told } from '../../src/sync/push/plan/told.ts';
import { openTestHub } from './hub.ts';

it('asks as often for two hundred new people as for two', async () => {
  const hub = await openTestHub({ systems: ['hubspot', 'chatbot'] });
  const calls = async (number: number) => {
    const { store, count } = counting(hub.hub.store);
    const people = Array.from({ length: number }, (_, index) => newcomer(index));
    const { writes } = await planWrites(hub.hub, hub.system('hubspot'), people, store);
    return { writes: writes.length, calls: count() };
  };
  const [few, many] = [await calls(2), await calls(200)];
  await hub.close();
  expect([few.writes, many.writes]).toEqual([2, 200]);
  expect(many.calls).toBe(few.calls);
});

it('reads no contribution and no memory twice, and asks nothing for what it has', async () => {
  const asked: string[][] = [];
  const read = (names: readonly string[]) => {
    asked.push([...names]);
    return Promise.resolve(names.filter((name) => name !== 'Person|sf|Lead|none').map(said));
  };
  const told = new Told({ facts: { contributions: read } } as unknown as Store);
  const first = await told.contributions(['Person|sf|Lead|1', 'Person|sf|Lead|none', 'Person|sf|Lead|1']);
  const second = await told.contributions(['Person|sf|Lead|2', 'Person|sf|Lead|none', 'Person|sf|Lead|1']);
  expect(asked).toEqual([['Person|sf|Lead|1', 'Person|sf|Lead|none'], ['Person|sf|Lead|2']]);
  expect([first, second].map((found) => found.map(({ ref }) => ref.id))).toEqual([['1'], ['2', '1']]);
});

function said(name: string): Contribution {
  const [, connection = '', object = '', id = ''] = name.split('|');
  const ref = { connection, object, id };
  return { ref, kind: 'Person', keys: [], values: {}, createdAt: 0, withdrawn: false };
}

function newcomer(index: number): Entity {
  const fields = {
    email: `p${index}@acme.example`,
    firstName: 'Nora',
    lastName: `Name ${index}`,
    chatLeadAt: 1,
  };
  return { id: `p${index}`, kind: 'Person', fields, provenance: {}, members: [], withdrawn: false };
}

/** Counts calls of everything that the parts of the store are asked. */
function counting(store: Store): { store: Store; count: () => number } {
  let calls = 0;
  const counted = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          calls += 1;
          return member.apply(target, given);
        };
      },
    });
  const parts = new Map<string | symbol, object>();
  const proxy = new Proxy(store, {
    get: (target, name) => {
      const part = Reflect.get(target, name);
      if (typeof part !== 'object' || part === null) return part;
      const known = parts.get(name) ?? counted(part);
      parts.set(name, known);
      return known;
    },
  });
  return { store: proxy, count: () => calls };
}
