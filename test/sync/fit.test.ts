import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refit } from '../../src/sync/fit/refit.ts';
import { walk } from '../../src/sync/road.ts';
import { briskClock } from './clock.ts';
import { makeWorld, worldNow } from './fitWorld.ts';
import { openTestHub, type TestHub } from './hub.ts';

describe('x', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await openTestHub({
      systems: ['chatbot'],
      clock: briskClock(worldNow),
      settings: { attribution: { creditModel: 'hazard', minConversions: 100, resamples: 20, models: ['position','hazard','markov:1'] } },
    });
    let t = performance.now();
    const world = await makeWorld(hub.hub.store);
    console.log('made', performance.now() - t, world.won.length); t = performance.now();
    await hub.hub.store.work.mark('attribute', world.won);
    await walk(hub.hub, { push: false });
    console.log('walk', performance.now() - t); t = performance.now();
    console.log(JSON.stringify(await refit(hub.hub), null, 1));
    console.log('fit', performance.now() - t); t = performance.now();
    await walk(hub.hub, { push: false });
    console.log('walk', performance.now() - t);
    const deals = await hub.hub.store.entities.get(world.won);
    for (const one of deals.filter((d) => d.fields['chatCredit.share']).slice(0, 4)) console.log(one.fields);
    for (const one of deals.slice(0,2)) console.log(await hub.hub.store.credits.ofDeal(one.id));
  });
  afterAll(() => hub.close());
  it('works', () => expect(1).toBe(1));
});
