/** What deals are told while a model that comes from data has no fit in use, and how that changes. */
import { expect, it } from 'vitest';
import { refit } from '../../src/sync/fit/refit.ts';
import { walk } from '../../src/sync/road.ts';
import { fieldsOf, onEachDatabase, outcomeOf } from './fit-hub.ts';
import { makeWorld } from './fit-world.ts';

onEachDatabase('a deal without a fit in use', ({ started }) => {
  it('is told what its model lacks, anew only when that changes, and the same as of then', async () => {
    const { hub, world } = await started({
      models: ['linear', 'markov:1'],
      creditModel: 'markov:1',
      minConversions: 10_000,
    });
    const reason = async () => (await fieldsOf(hub, world))[0]?.['chatCredit.reason'];
    const walked = async () => (await walk(hub.hub, { push: false })).attributed;
    expect(await reason()).toContain('the Markov chain of order 1 has no fit yet');

    await refit(hub.hub);
    expect(await walked()).toBe(world.won.length);
    expect(await reason()).toContain('needs 10000 won deals with touches, and there are fewer');

    const more = await makeWorld(hub.hub.store, { name: 'x', seed: 9, people: 300 });
    expect(outcomeOf(await refit(hub.hub), 'markov:1')).toMatchObject({ promoted: false });
    expect(more.won.length).toBeGreaterThan(5);
    expect(await walked()).toBe(0);
  });

  it('says the same when it is computed again from what was kept', async () => {
    const { hub } = await started({
      models: ['linear', 'markov:1'],
      creditModel: 'markov:1',
      minConversions: 10_000,
    });
    await refit(hub.hub);
    const { standing, instead } = await hub.hub.models.current();
    expect(instead).toContain('and there are fewer');
    expect((await hub.hub.models.again(standing)).instead).toBe(instead);
  });
});
