import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Claim, forLife, type WorkSet } from '../../src/store/contract/work.ts';
import { onEachDatabase, start } from './databases.ts';

const lease = 60_000;
const reason = {
  code: 'REQUIRED_FIELD_MISSING',
  message: 'Last name: enter a value',
  field: 'LastName',
  record: 'sf|Lead|1',
};

function keysOf(claims: readonly Claim[]): string[] {
  return claims.map(({ key }) => key);
}

onEachDatabase('work', (databases) => {
  it('is a set: marked twice is done once', async () => {
    const { work } = await databases.store();
    await work.mark('normalize', ['a', 'b', 'a']);
    await work.mark('normalize', ['b']);
    await work.mark('push', []);
    expect(await work.counts()).toEqual({
      inbox: 0,
      fetch: 0,
      normalize: 2,
      resolve: 0,
      attribute: 0,
      push: 0,
    });
    const claims = await work.claim('normalize', 10, lease);
    expect(claims).toMatchObject([
      { stage: 'normalize', key: 'a', attempts: 0 },
      { key: 'b', attempts: 0 },
    ]);
    await work.done(claims);
    expect(await work.nextDueAt()).toBeNull();
  });

  it('hands out the oldest mark first, each key to one taker', async () => {
    const { work } = await databases.store();
    for (const key of ['z', 'm', 'a']) {
      await work.mark('push', [key]);
      databases.clock.advance(10);
    }
    await work.mark('push', ['z']);
    expect(keysOf(await work.claim('push', 2, lease))).toEqual(['z', 'm']);
    expect(keysOf(await work.claim('push', 2, lease))).toEqual(['a']);
    expect(await work.claim('push', 2, lease)).toEqual([]);
    expect(await work.claim('fetch', 2, lease)).toEqual([]);
  });

  it('narrows to a prefix, whatever characters it ends in', async () => {
    const { work } = await databases.store();
    await work.mark('push', [
      'sf|Lead|1',
      'sf|Lead|2',
      'sf2|Lead|1',
      'sf_|x',
      'hs|a',
      '\u{1F600}a',
      '\u{1F601}',
    ]);
    expect(keysOf(await work.claim('push', 9, lease, { prefix: 'sf|' }))).toEqual(['sf|Lead|1', 'sf|Lead|2']);
    expect(await work.count('push', 'sf')).toBe(4);
    expect(await work.count('push', '\u{1F600}')).toBe(1);
    expect(await work.count('push', '')).toBe(7);
  });

  it('says which keys are dirty, and whether somebody is at work on them', async () => {
    const { work } = await databases.store();
    await work.mark('resolve', ['a', 'b', 'c', 'd']);
    await work.mark('push', ['e']);
    const [a, b] = await work.claim('resolve', 2, lease);
    if (a) await work.park(a, reason);
    const states = await work.dirty('resolve', ['a', 'b', 'c', 'e', 'never']);
    expect([...states].sort()).toEqual([
      ['b', 'claimed'],
      ['c', 'free'],
    ]);
    if (b) await work.done([b]);
    expect(await work.dirty('resolve', ['b'])).toEqual(new Map());
    expect(await work.dirty('resolve', [])).toEqual(new Map());
  });

  it('keeps a key dirty that was marked while it was held', async () => {
    const { work } = await databases.store();
    await work.mark('resolve', ['a', 'b']);
    const held = await work.claim('resolve', 5, lease);
    await work.mark('resolve', ['a']);
    expect(await work.claim('resolve', 5, lease)).toEqual([]);
    await work.done(held);
    const again = await work.claim('resolve', 5, lease);
    expect(keysOf(again)).toEqual(['a']);
    await work.done(again);
    expect(await work.counts()).toMatchObject({ resolve: 0 });
  });

  it('ends only the claim when a key was marked meanwhile: an old failure parks or delays nothing', async () => {
    const { work } = await databases.store();
    await work.mark('push', ['a', 'b']);
    const [a, b] = await work.claim('push', 5, lease);
    await work.mark('push', ['a', 'b']);
    if (a) await work.retry([a], start + 999_999);
    if (b) await work.park(b, reason);
    expect(await work.claim('push', 5, lease)).toMatchObject([
      { key: 'a', attempts: 0 },
      { key: 'b', attempts: 0 },
    ]);
    expect(await work.parked()).toEqual([]);
  });

  it('leaves a claim for life to its process, however long it takes', async () => {
    const place = await databases.place();
    const [busy, other] = [await databases.store(place), await databases.store(place)];
    await busy.work.mark('push', ['a']);
    const claims = await busy.work.claim('push', 5, forLife);
    databases.clock.advance(365 * 86_400_000);
    expect(await other.work.claim('push', 5, lease)).toEqual([]);
    expect(await other.work.heldByOthers()).toMatchObject([{ keys: 1, until: null }]);
    await busy.work.done(claims);
    expect(await other.work.counts()).toMatchObject({ push: 0 });
  });

  it('takes a claim back when its lease has run out, and the late holder changes nothing', async () => {
    const place = await databases.place();
    const [slow, quick] = [await databases.store(place), await databases.store(place)];
    await slow.work.mark('push', ['a']);
    const late = await slow.work.claim('push', 5, lease);
    databases.clock.advance(lease - 1);
    expect(await quick.work.claim('push', 5, lease)).toEqual([]);
    databases.clock.advance(1);
    const taken = await quick.work.claim('push', 5, lease);
    expect(keysOf(taken)).toEqual(['a']);
    await slow.work.done(late);
    await slow.work.release(late);
    expect(await quick.work.counts()).toMatchObject({ push: 1 });
    expect(await slow.work.claim('push', 5, lease)).toEqual([]);
    await quick.work.done(taken);
    expect(await slow.work.counts()).toMatchObject({ push: 0 });
  });

  it('does not mistake a new mark for one of the same key that is long done', async () => {
    const place = await databases.place();
    const [slow, quick] = [await databases.store(place), await databases.store(place)];
    await slow.work.mark('push', ['a']);
    const late = await slow.work.claim('push', 5, 0);
    await quick.work.done(await quick.work.claim('push', 5, lease));
    await slow.work.mark('push', ['a']);
    await slow.work.done(late);
    expect(keysOf(await slow.work.claim('push', 5, lease))).toEqual(['a']);
  });

  it('tries again when due, and counts the attempts', async () => {
    const { work } = await databases.store();
    await work.mark('push', ['a']);
    const dueAt = databases.clock.now() + 500;
    await work.retry(await work.claim('push', 5, lease), dueAt);
    expect(await work.nextDueAt()).toBe(dueAt);
    expect(await work.claim('push', 5, lease)).toEqual([]);
    databases.clock.advance(500);
    const again = await work.claim('push', 5, lease);
    expect(again).toMatchObject([{ key: 'a', attempts: 1 }]);
    await work.release(again);
    expect(await work.claim('push', 5, lease)).toMatchObject([{ key: 'a', attempts: 1 }]);
  });

  it('makes a waiting key due at once when it is marked', async () => {
    const { work } = await databases.store();
    await work.mark('push', ['a']);
    await work.retry(await work.claim('push', 5, lease), databases.clock.now() + 1e9);
    await work.mark('push', ['a']);
    expect(await work.claim('push', 5, lease)).toMatchObject([{ key: 'a', attempts: 1 }]);
  });

  it('makes a key due later when it is marked for later, and no later when it is due before', async () => {
    const { work } = await databases.store();
    const now = databases.clock.now();
    await work.mark('fetch', ['a', 'b', 'c']);
    const claims = await work.claim('fetch', 5, lease);
    await work.mark('fetch', ['a', 'new'], now + 1e6);
    await work.done(claims);
    await work.mark('fetch', ['c']);
    await work.mark('fetch', ['c'], now + 1e6);
    const due = await work.claim('fetch', 5, lease);
    expect(due).toMatchObject([{ key: 'c' }]);
    await work.done(due);
    databases.clock.advance(1e6);
    expect(await work.claim('fetch', 5, lease)).toMatchObject([{ key: 'a' }, { key: 'new' }]);
  });

  it('is not put off by a clock that was ahead', async () => {
    const place = await databases.place();
    const { work } = await databases.store(place);
    const days = 30 * 86_400_000;
    databases.clock.advance(days);
    await work.mark('push', ['marked', 'retried', 'parked', 'held']);
    await work.mark('resolve', ['marked']);
    const [held, marked, parked, retried] = await work.claim('push', 5, forLife);
    if (!held || !marked || !parked || !retried) throw new Error('four were marked');
    await work.release([marked]);
    await work.retry([retried], databases.clock.now() + 60_000);
    await work.park(parked, reason);
    databases.clock.advance(-days);
    // The hub was started again, with the right clock.
    const again = await databases.store(place);
    expect(keysOf(await again.work.claim('push', 5, lease))).toEqual(['marked', 'retried']);
    expect(keysOf(await again.work.claim('resolve', 5, lease))).toEqual(['marked']);
  });

  it('waits for as long as a vendor may ask', async () => {
    const place = await databases.place();
    const { work } = await databases.store(place);
    await work.mark('push', ['a']);
    const claims = await work.claim('push', 5, lease);
    await work.retry(claims, databases.clock.now() + 86_400_000);
    const again = await databases.store(place);
    expect(await again.work.claim('push', 5, lease)).toEqual([]);
    databases.clock.advance(86_400_000);
    expect(keysOf(await again.work.claim('push', 5, lease))).toEqual(['a']);
  });

  it('parks with the reason, and a mark brings the key back', async () => {
    const { work } = await databases.store();
    await work.mark('push', ['a', 'b']);
    for (const claim of await work.claim('push', 5, lease)) await work.park(claim, reason);
    expect(await work.counts()).toMatchObject({ push: 0 });
    expect(await work.nextDueAt()).toBeNull();
    expect(await work.parked()).toEqual(
      ['a', 'b'].map((key) => ({ stage: 'push', key, at: databases.clock.now(), reason })),
    );
    await work.mark('push', ['a']);
    expect((await work.parked()).map(({ key }) => key)).toEqual(['b']);
    expect(keysOf(await work.claim('push', 5, lease))).toEqual(['a']);
    expect(await work.parked({ stage: 'push', prefix: 'b' })).toHaveLength(1);
    expect(await work.parked({ stage: 'fetch' })).toEqual([]);
  });

  it('brings parked work back or drops it, and leaves the rest alone', async () => {
    const { work } = await databases.store();
    await work.mark('push', ['sf|1', 'sf|2', 'hs|1']);
    for (const claim of await work.claim('push', 5, lease)) await work.park(claim, reason);
    await work.mark('fetch', ['sf|1']);
    expect(await work.drop({ stage: 'push', key: 'sf|2' })).toBe(1);
    expect(await work.unpark({ prefix: 'sf|' })).toBe(1);
    expect(await work.unpark({ stage: 'fetch' })).toBe(0);
    expect(await work.claim('push', 5, lease)).toMatchObject([{ key: 'sf|1', attempts: 0 }]);
    expect((await work.parked()).map(({ key }) => key)).toEqual(['hs|1']);
    expect(await work.counts()).toMatchObject({ fetch: 1, push: 1 });
  });

  it('shares work among many takers without giving any key twice', async () => {
    const place = await databases.place();
    const stores = [await databases.store(place), await databases.store(place), await databases.store(place)];
    const keys = Array.from({ length: 300 }, (_, n) => `k${n}`);
    await stores[0]?.work.mark('normalize', keys);
    const taken = await Promise.all(stores.flatMap(({ work }) => [drain(work), drain(work)]));
    expect(taken.flat().sort()).toEqual([...keys].sort());
    expect(await stores[0]?.work.counts()).toMatchObject({ normalize: 0 });

    async function drain(work: WorkSet): Promise<string[]> {
      const mine: string[] = [];
      for (;;) {
        const claims = await work.claim('normalize', 7, lease);
        if (claims.length === 0) return mine;
        mine.push(...keysOf(claims));
        await work.done(claims);
      }
    }
  });

  it('rings when this or another process marks work, and not for what was rolled back', async () => {
    const place = await databases.place();
    const [here, there] = [await databases.store(place), await databases.store(place)];
    let rings = 0;
    const stop = here.work.onMark(() => {
      rings += 1;
    });
    await expect.poll(() => rings >= (here.dialect === 'postgres' ? 1 : 0), { timeout: 60_000 }).toBe(true);
    const before = rings;
    await expect(
      here.transaction(async ({ work }) => {
        await work.mark('push', ['x']);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(rings).toBe(before);
    await here.work.mark('push', ['a']);
    await expect.poll(() => rings, { interval: 5, timeout: 60_000 }).toBeGreaterThan(before);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const own = rings;
    await there.work.mark('push', ['b']);
    await expect.poll(() => rings, { interval: 10, timeout: 60_000 }).toBeGreaterThan(own);
    stop();
  });
});

/** The same set, as simple as it can be said. */
class Model {
  readonly dirty = new Set<string>();
  readonly held = new Map<string, boolean>();
}

type Step = { readonly op: 'mark' | 'claim' | 'done' | 'release'; readonly key: string };
const someSteps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ op: fc.constantFrom('mark', 'claim', 'done', 'release'), key: fc.constantFrom('a', 'b', 'c') }),
  { maxLength: 25 },
);

onEachDatabase('work in any order', (databases) => {
  it('never loses a mark and never hands out a held key', async () => {
    const { work, dialect } = await databases.store();
    await fc.assert(
      fc.asyncProperty(someSteps, async (steps) => {
        const model = new Model();
        const claims = new Map<string, Claim>();
        for (const step of steps) await apply(work, step, model, claims);
        await work.release([...claims.values()]);
        const left = await work.claim('attribute', 9, lease);
        expect(keysOf(left).sort()).toEqual([...model.dirty].sort());
        await work.done(left);
      }),
      { numRuns: dialect === 'sqlite' ? 60 : 25 },
    );
  });
  it('lets keys rest without forgetting attempts, and wakes those that nobody holds', async () => {
    const { work } = await databases.store();
    await work.mark('push', ['a', 'b']);
    await work.retry(await work.claim('push', 9, 1_000), databases.clock.now());
    const [a, b] = await work.claim('push', 9, 1_000);
    if (!a || !b) throw new Error('both were due');
    await work.rest([a], databases.clock.now() + 3_600_000);
    expect(await work.claim('push', 9, 1_000)).toEqual([]);
    await work.wake('push', ['a', 'b']);
    expect(await work.claim('push', 9, 1_000)).toMatchObject([{ key: 'a', attempts: 1, version: a.version }]);
  });
});

async function apply(
  work: WorkSet,
  { op, key }: Step,
  model: Model,
  claims: Map<string, Claim>,
): Promise<void> {
  if (op === 'mark') {
    await work.mark('attribute', [key]);
    model.dirty.add(key);
    if (model.held.has(key)) model.held.set(key, true);
  } else if (op === 'claim') {
    const got = await work.claim('attribute', 9, lease);
    expect(keysOf(got).sort()).toEqual([...model.dirty].filter((dirty) => !model.held.has(dirty)).sort());
    for (const claim of got) {
      claims.set(claim.key, claim);
      model.held.set(claim.key, false);
    }
  } else {
    const claim = claims.get(key);
    if (!claim) return;
    await (op === 'done' ? work.done([claim]) : work.release([claim]));
    if (op === 'done' && !model.held.get(key)) model.dirty.delete(key);
    model.held.delete(key);
    claims.delete(key);
  }
}
