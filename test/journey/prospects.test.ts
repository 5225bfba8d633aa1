import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entity } from '../../src/canonical/model.ts';
import { covariatesOf, parseCovariate } from '../../src/journey/covariates.ts';
import { type Member, Prospects } from '../../src/journey/prospects.ts';
import { stretchesOf } from '../../src/journey/stretches.ts';
import type { WindowSettings } from '../../src/journey/window.ts';

const day = 86_400_000;
const window = { from: 0, to: 1_000 * day };
/** So long that it reaches back to every beginning. */
const settings = { lookbackDays: 3_000, window: 'opened', touches: 'once' } as const;

function entity(kind: Entity['kind'], id: string, fields: Entity['fields']): Entity {
  return { id, kind, fields, provenance: {}, members: [], withdrawn: false };
}

function deal(id: string, status: 'won' | 'lost' | 'open', closedDay?: number, createdDay?: number): Entity {
  const closed = closedDay === undefined ? {} : { closedAt: closedDay * day };
  const created = createdDay === undefined ? {} : { createdAt: createdDay * day };
  return entity('Deal', id, { status, ...closed, ...created });
}

function member(days: readonly number[], deals: readonly Entity[] = [], more: Partial<Member> = {}): Member {
  const touches = days.map((one) => ({ time: one * day, channel: one % 2 === 0 ? 'Chat' : 'Email' }));
  return { deals, touches, covariates: {}, ...more };
}

function observe(members: readonly Member[], covariates: readonly string[] = []) {
  const prospects = new Prospects(window, covariates, settings);
  for (const one of members) prospects.add(one);
  return { ...prospects.observations(), counts: prospects.counts() };
}

describe('a person’s time', () => {
  const cuts = (deals: Entity[], from = 0, of: WindowSettings = settings) =>
    stretchesOf({ from, to: 100 * day }, deals, of).map((one) => [
      one.deal?.id ?? null,
      one.from / day,
      one.to / day,
    ]);

  it('is their own without a deal, and an open deal’s with one', () => {
    expect(cuts([])).toEqual([[null, 0, 100]]);
    expect(cuts([deal('a', 'open')])).toEqual([['a', 0, 100]]);
  });

  it('is cut by each close, whatever the order in which deals are told', () => {
    const deals = [deal('open', 'open'), deal('b', 'lost', 50), deal('a', 'lost', 20)];
    expect(cuts(deals)).toEqual([
      ['a', 0, 20],
      ['b', 20, 50],
      ['open', 50, 100],
    ]);
  });

  it('is nobody’s after a won deal, until the window of the next one begins', () => {
    const won = deal('a', 'won', 20);
    const short: WindowSettings = { ...settings, lookbackDays: 10 };
    expect(cuts([won])).toEqual([['a', 0, 20]]);
    expect(cuts([won, deal('b', 'won', 50, 40)])).toEqual([
      ['a', 0, 20],
      ['b', 20, 50],
    ]);
    expect(cuts([won, deal('b', 'won', 50, 40)], 0, short)).toEqual([
      [null, 0, 10],
      ['a', 10, 20],
      ['b', 30, 50],
    ]);
    expect(cuts([won, deal('b', 'open', undefined, 70)], 15 * day, short)).toEqual([
      ['a', 15, 20],
      ['b', 60, 100],
    ]);
    expect(cuts([won, deal('b', 'lost', 50, 10)])).toEqual([
      ['a', 0, 20],
      ['b', 20, 50],
      [null, 50, 100],
    ]);
  });

  it('goes back to a deal around another that was opened later and closed earlier', () => {
    const short: WindowSettings = { ...settings, lookbackDays: 5 };
    expect(cuts([deal('long', 'won', 90, 10), deal('brief', 'lost', 60, 50)], 0, short)).toEqual([
      [null, 0, 5],
      ['long', 5, 45],
      ['brief', 45, 60],
      ['long', 60, 90],
    ]);
  });

  it('is cut at the look-back before the end where the setting says so', () => {
    const old: WindowSettings = { ...settings, lookbackDays: 15, window: 'end' };
    expect(cuts([deal('a', 'lost', 50, 20)], 0, old)).toEqual([
      [null, 0, 35],
      ['a', 35, 50],
      [null, 50, 100],
    ]);
  });

  it('goes on after a lost deal', () => {
    expect(cuts([deal('a', 'lost', 20)])).toEqual([
      ['a', 0, 20],
      [null, 20, 100],
    ]);
  });

  it('has nothing of a deal that closed before they were met', () => {
    expect(cuts([deal('a', 'won', 20)], 30 * day)).toEqual([[null, 30, 100]]);
    expect(cuts([deal('a', 'won', 30)], 30 * day)).toEqual([[null, 30, 100]]);
  });

  it('ends now for a deal that is to close later', () => {
    expect(cuts([deal('a', 'won', 200)])).toEqual([['a', 0, 100]]);
  });
});

describe('prospects', () => {
  it('watch a person from the first touch to now', () => {
    const { end, converted, channels, starts, time, counts } = observe([member([10, 15])]);
    expect(Array.from(end, Math.round)).toEqual([990]);
    expect([...converted]).toEqual([0]);
    expect(channels).toEqual(['Chat', 'Email']);
    expect([...starts]).toEqual([0, 2]);
    expect(Array.from(time, Math.round)).toEqual([0, 5]);
    expect(counts).toEqual({ people: 1, prospects: 1, touches: 2, conversions: 0 });
  });

  it('count a deal with several people as one conversion, with the touches of all', () => {
    const won = deal('a', 'won', 30);
    const { end, converted, channel, starts } = observe([
      member([10, 20], [won]),
      member([13, 24, 40], [won]),
    ]);
    expect([...converted]).toEqual([1]);
    expect([...starts]).toEqual([0, 4]);
    expect([...channel]).toEqual([0, 1, 0, 0]);
    expect(Array.from(end, Math.round)).toEqual([20]);
  });

  it('leave out people who were never touched, and what lies outside the window', () => {
    const prospects = new Prospects({ from: 10 * day, to: 30 * day }, [], settings);
    prospects.add(member([]));
    prospects.add(member([40]));
    prospects.add(member([4, 12, 50]));
    const { starts, end, time } = prospects.observations();
    expect([...starts]).toEqual([0, 1]);
    expect([...end]).toEqual([20]);
    expect([...time]).toEqual([2]);
  });

  it('know of a deal the mean of what is known of its people, and of the others the typical', () => {
    const won = deal('a', 'won', 30);
    const members = [
      member([1], [won], { covariates: { score: 10 } }),
      member([2], [won], { covariates: { score: 30 } }),
      member([3], [deal('b', 'open')], { covariates: { score: 80 } }),
      member([4], [deal('c', 'open')]),
    ];
    const { covariates, converted } = observe(members, ['score']);
    const scores = covariates[0]?.values ?? new Float64Array();
    expect(scores[0]).toBe(20);
    expect(converted[0]).toBe(1);
    expect([...scores].filter((one) => one === 80)).toHaveLength(1);
    const told = [20, 80];
    expect(scores.at(-1)).toBeCloseTo(told.reduce((a, b) => a + b, 0) / told.length, 12);
  });

  it('count no touch twice, and each only while its prospect is watched', () => {
    const someDeal = fc.record({
      status: fc.constantFrom('won', 'lost', 'open'),
      at: fc.integer({ min: 1, max: 999 }),
    });
    const someone = fc.record({
      days: fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 8 }),
      deals: fc.uniqueArray(fc.integer({ min: 0, max: 3 })),
    });
    fc.assert(
      fc.property(fc.array(someDeal, { minLength: 4, maxLength: 4 }), fc.array(someone), (some, people) => {
        const deals = some.map(({ status, at }, index) =>
          deal(`d${index}`, status, status === 'open' ? undefined : at),
        );
        const members = people.map(({ days, deals: own }) =>
          member(
            days.toSorted((a, b) => a - b),
            own.flatMap((index) => deals[index] ?? []),
          ),
        );
        const { starts, end, time, converted, counts } = observe(members);
        const told = people.reduce((sum, { days }) => sum + days.length, 0);
        const bought = deals.some(({ fields }) => fields.status === 'won');
        if (bought) expect(counts.touches).toBeLessThanOrEqual(told);
        else expect(counts.touches).toBe(told);
        expect(starts.at(-1)).toBe(counts.touches);
        for (let one = 0; one < end.length; one += 1)
          for (let touch = starts[one] ?? 0; touch < (starts[one + 1] ?? 0); touch += 1) {
            expect(time[touch]).toBeGreaterThan(0);
            expect(time[touch]).toBeLessThanOrEqual(end[one] ?? 0);
          }
        const won = deals.filter(({ fields }) => fields.status === 'won').length;
        expect([...converted].filter((one) => one === 1).length).toBeLessThanOrEqual(won);
      }),
    );
  });
});

describe('covariates', () => {
  const score = parseCovariate('Person.score');
  const size = parseCovariate('log(Organization.employees)');

  it('are fields that are numbers or sort people, and what came before the first touch', () => {
    expect(score).toMatchObject({ kind: 'Person', field: 'score', logarithm: false });
    expect(size).toMatchObject({ kind: 'Organization', field: 'employees', logarithm: true });
    expect(parseCovariate('Person.custom.fit')).not.toBeNull();
    for (const name of [
      'Organization.industry',
      'Person.country',
      'log(Person.daysKnown)',
      'Person.earlierMails',
    ])
      expect(parseCovariate(name)).toMatchObject({ name });
    for (const name of [
      'log(Organization.industry)',
      'Organization.daysKnown',
      'Person.status',
      'Organization.name',
    ])
      expect(parseCovariate(name)).toBeNull();
    for (const name of ['score', 'Person.email', 'Deal.amount', 'log(Person.score', 'Person.nothing'])
      expect(parseCovariate(name)).toBeNull();
  });

  it('are the mean of what is known, sizes by their logarithm', () => {
    const covariates = [score, size].flatMap((one) => one ?? []);
    const people = [entity('Person', 'a', { score: 10 }), entity('Person', 'b', { score: 20, employees: 7 })];
    const firm = entity('Organization', 'o', { employees: 99 });
    expect(covariatesOf(covariates, [...people, firm])).toEqual({
      'Person.score': 15,
      'log(Organization.employees)': Math.log(100),
    });
    expect(covariatesOf(covariates, [entity('Person', 'c', { score: null })])).toEqual({});
    expect(covariatesOf(covariates, [{ ...firm, withdrawn: true }])).toEqual({});
  });

  it('have the part that is of each category, and that it is known', () => {
    const industry = [parseCovariate('Organization.industry')].flatMap((one) => one ?? []);
    const firms = ['Retail', ' Retail', 'Energy', 'Retail'].map((value, index) =>
      entity('Organization', `o${index}`, { industry: value }),
    );
    expect(covariatesOf(industry, firms)).toEqual({
      'Organization.industry': 1,
      'Organization.industry = Retail': 0.75,
      'Organization.industry = Energy': 0.25,
    });
    expect(covariatesOf(industry, [entity('Organization', 'o', { industry: ' ' })])).toEqual({});
  });
});

describe('categories among prospects', () => {
  const name = 'Organization.industry';
  const of = (industry: string | null): Partial<Member> =>
    industry === null ? {} : { covariates: { [name]: 1, [`${name} = ${industry}`]: 1 } };
  const winners = (count: number, industry: string | null) =>
    Array.from({ length: count }, (_, at) =>
      member([10], [deal(`${industry}${at}`, 'won', 20)], of(industry)),
    );
  const namesOf = (members: readonly Member[]) => observe(members, [name]).covariates.map((one) => one.name);

  it('are told apart where they are frequent, one for each 20 won deals', () => {
    const some = [...winners(20, 'Retail'), ...winners(15, 'Energy'), ...winners(1, 'Fishing')];
    expect(namesOf(some)).toEqual([`${name} = Retail`]);
    expect(namesOf([...some, ...winners(6, null)])).toEqual([`${name} = Retail`, `${name} = Energy`]);
    // One of 61 is rare, whatever room there is.
    expect(namesOf([...some, ...winners(25, null)])).toEqual([`${name} = Retail`, `${name} = Energy`]);
    expect(namesOf(winners(19, 'Retail'))).toEqual([]);
  });

  it('are as common as they are on average where nothing is known', () => {
    const [retail] = observe(
      [...winners(15, 'Retail'), ...winners(5, 'Energy'), ...winners(1, null)],
      [name],
    ).covariates;
    expect(retail?.values.at(-1)).toBeCloseTo(0.75, 12);
  });
});
