/** Covariates on their way: what a fit learns of people is what a deal is credited by. */
import { expect, it } from 'vitest';
import { creditDeals } from '../../src/sync/attribute/credits.ts';
import { touchRules } from '../../src/sync/attribute/touch-rules.ts';
import { collectProspects } from '../../src/sync/fit/collect.ts';
import { refit } from '../../src/sync/fit/refit.ts';
import { onEachDatabase, outcomeOf } from './fit-hub.ts';
import { makeWorld } from './fit-world.ts';
import { found } from './hub.ts';

const names = ['Person.country', 'log(Person.daysKnown)', 'log(Person.earlierMails)'];

onEachDatabase('covariates', ({ open }) => {
  it('are of a deal what they are of its prospect', async () => {
    const { hub } = await open({ covariates: names });
    const { won } = await makeWorld(hub.store, { known: true });
    const { attribution } = hub.settings;
    const prospects = await collectProspects(
      hub.store,
      attribution,
      touchRules(hub.settings),
      hub.clock.now(),
    );
    const { covariates, converted, starts } = prospects.observations();
    const touched = (prospect: number) => (starts[prospect + 1] ?? 0) > (starts[prospect] ?? 0);
    const learnt = [...converted.keys()]
      .filter((prospect) => converted[prospect] === 1 && touched(prospect))
      .map((prospect) => covariates.map(({ values }) => values[prospect]?.toFixed(9)).join(' '));
    const credited = await creditDeals(hub, await hub.models.current(), won);
    const known = credited.flatMap(({ facts }) => {
      const { touches = [], covariates: own = {} } = facts?.journey.journey ?? {};
      const cells = covariates.map(({ name }) => (own[name] ?? 0).toFixed(9));
      return touches.length > 0 ? [cells.join(' ')] : [];
    });
    expect(covariates.map(({ name }) => name)).toEqual([
      'Person.country = DE',
      'Person.country = NL',
      'log(Person.daysKnown)',
      'log(Person.earlierMails)',
    ]);
    expect(known.length).toBeGreaterThan(20);
    expect(known.sort()).toEqual(learnt.sort());
  });

  it('are in a fit as far as they differ, with what each changed', async () => {
    const { hub } = await open({ covariates: names });
    await makeWorld(hub.store, { known: true });
    const { version } = outcomeOf(await refit(hub), 'hazard');
    const fit = found((await hub.store.fits.get(version ?? '')) ?? undefined, 'the fit');
    expect(fit.snapshot.variants).toMatchObject([
      { what: 'without Person.country' },
      { what: 'without log(Person.daysKnown)' },
      { what: 'without intent' },
    ]);
  });
});
