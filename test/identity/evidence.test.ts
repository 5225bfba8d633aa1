/** Strong keys do not join against evidence. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contribution, IdentityKey } from '../../src/canonical/model.ts';
import { contributionName } from '../../src/canonical/names.ts';
import { defaultLimits, inOrder } from '../../src/canonical/pairs.ts';
import { type Memory, noMemory } from '../../src/identity/memory.ts';
import { resolve } from '../../src/identity/resolve.ts';
import { deal, grouped, groups, paired, person, refusals } from './people.ts';

const anna = { name: 'Anna Berg', email: 'anna@a.example' };
const ben = { name: 'Ben Kahn', email: 'ben@b.example' };
const inBoth = [person('sf:1', anna), person('hs:1', anna), person('sf:2', ben), person('hs:2', ben)];
const apart = [
  ['hs:1', 'sf:1'],
  ['hs:2', 'sf:2'],
];

describe('people whom the systems keep as separate records with different addresses', () => {
  it.each(['chatUser', 'visitor'] as const)('are not joined by one %s', (kind) => {
    const said = [person('chat:1', { ...anna, [kind]: 'x7' }), person('chat:2', { ...ben, [kind]: 'x7' })];
    expect(grouped([...inBoth, ...said])).toEqual([
      ['chat:1', 'hs:1', 'sf:1'],
      ['chat:2', 'hs:2', 'sf:2'],
    ]);
    const reason = kind === 'visitor' ? 'several people' : 'other names';
    expect(refusals([...inBoth, ...said])).toEqual({ [`${kind}:x7`]: reason });
  });

  it.each([
    ['chatUser', 'Anna Berg'],
    ['chatUser', 'Anna'],
    ['visitor', 'Anna Berg'],
    ['visitor', 'Anna'],
  ] as const)('are not joined by one %s, however like Anna Berg the other is called: %s', (kind, name) => {
    const [one, other] = [anna, { name, email: 'anna@b.example' }];
    const records = [person('sf:1', one), person('hs:2', other)];
    const said = [person('chat:1', { ...one, [kind]: 'x7' }), person('chat:2', { ...other, [kind]: 'x7' })];
    expect(grouped([...records, ...said])).toEqual([
      ['chat:1', 'sf:1'],
      ['chat:2', 'hs:2'],
    ]);
  });

  it.each([
    ['a reference', { id: 'sf:Contact:1' }],
    ['the id that the hub gave to another', { external: 'E' }],
  ])('are not joined by %s', (_, key) => {
    const [sf, hs, ...others] = inBoth;
    if (!sf || !hs) throw new Error('they were made');
    const marked = 'external' in key ? person('sf:1', { ...anna, ...key }) : sf;
    expect(
      grouped([marked, hs, person('hs:3', { name: 'Eve', email: 'eve@e.example', ...key }), ...others]),
    ).toEqual([...apart, ['hs:3']]);
  });

  it('are joined by a reference where the full names are the same', () => {
    const again = person('hs:9', { name: 'Anna Berg', email: 'anna.private@c.example', id: 'sf:Contact:1' });
    expect(grouped([person('sf:1', anna), again])).toEqual([['hs:9', 'sf:1']]);
    const short = person('hs:9', { name: 'Anna', email: 'anna.private@c.example', id: 'sf:Contact:1' });
    expect(grouped([person('sf:1', { ...anna, name: 'Anna' }), short])).toEqual([['hs:9'], ['sf:1']]);
  });

  it('are joined by what their own system says, and by an admin', () => {
    const converted = person('sf:3', { name: 'Anna B.', email: 'old@a.example', id: 'sf:Contact:1' });
    expect(grouped([person('sf:1', anna), converted])).toEqual([['sf:1', 'sf:3']]);
    const decision = { ...inOrder('Person|hs|contacts|2', 'Person|sf|Contact|1'), at: 1 };
    expect(grouped(inBoth, { decisions: [{ ...decision, verdict: 'same' }] })).toEqual([
      ['hs:1'],
      ['hs:2', 'sf:1'],
      ['sf:2'],
    ]);
  });
});

describe('an admin', () => {
  const say = (verdict: 'same' | 'different', a: string, b: string) => [{ ...inOrder(a, b), verdict, at: 1 }];

  it('says that two records of one system are one', () => {
    const decisions = say('same', 'Person|sf|Contact|1', 'Person|sf|Contact|2');
    expect(grouped([person('sf:1', anna), person('sf:2', ben)], { decisions })).toEqual([['sf:1', 'sf:2']]);
  });

  it('says that two are two, whatever they share', () => {
    const decisions = say('different', 'Person|hs|contacts|1', 'Person|sf|Contact|1');
    const records = [person('sf:1', anna), person('hs:1', { ...anna, id: 'sf:Contact:1' })];
    expect(grouped(records, { decisions })).toEqual([['hs:1'], ['sf:1']]);
    const pairings = [paired(...(records as [Contribution, Contribution]), 'email:anna@a.example')];
    expect(grouped(records, { decisions, pairings })).toEqual([['hs:1'], ['sf:1']]);
  });
});

describe('a chat user', () => {
  it('with a corrected address is one person', () => {
    const said = [
      person('chat:1', { chatUser: 'u', email: 'ana@a.example' }),
      person('chat:2', { chatUser: 'u', ...anna }),
    ];
    expect(grouped([person('sf:1', anna), ...said])).toEqual([['chat:1', 'chat:2', 'sf:1']]);
    expect(grouped(said)).toHaveLength(1);
  });

  it('with contradicting names and different addresses is several', () => {
    const said = [person('chat:1', { chatUser: 'u', ...anna }), person('chat:2', { chatUser: 'u', ...ben })];
    expect(grouped(said)).toHaveLength(2);
    expect(refusals(said)).toEqual({ 'chatUser:u': 'other names' });
  });

  it('with more addresses than the limit is nobody, whatever it is called', () => {
    const said = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        person(`chat:${n}`, { chatUser: 'web', email: `p${n}@x.example` }),
      );
    expect(grouped(said(3))).toHaveLength(1);
    expect(grouped(said(4))).toHaveLength(4);
    expect(refusals(said(4))).toEqual({ 'chatUser:web': 'too many' });
    expect(grouped(said(4), { limits: { chatUser: 9 } })).toHaveLength(1);
    expect(grouped(said(3), { crowds: new Set(['chatUser:web']) })).toHaveLength(3);
  });

  it.each(Object.entries(defaultLimits))('of kind %s is nobody’s above %i', (kind, limit) => {
    const byName = kind === 'email' || kind === 'domain';
    const said = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        person(`chat:${n}`, {
          [kind]: 'web',
          ...(byName ? { name: `Given${n} Name${n}` } : { email: `p${n}@x.example` }),
        }),
      );
    const isTooMany = (count: number, limits: Memory['limits']) =>
      Object.values(refusals(said(count), { limits })).includes('too many');
    expect(isTooMany(limit, defaultLimits)).toBe(false);
    expect(isTooMany(limit + 1, defaultLimits)).toBe(true);
    expect(isTooMany(limit + 1, { ...defaultLimits, [kind]: limit + 1 })).toBe(false);
    expect(isTooMany(2, { ...defaultLimits, [kind]: 1 })).toBe(true);
  });

  it('is one person however often they say who they are', () => {
    const said = Array.from({ length: 50 }, (_, n) => person(`chat:${n}`, { chatUser: 'u', ...anna }));
    expect(grouped(said)).toHaveLength(1);
  });
});

it('a phone joins records of several systems only where the names agree', () => {
  const office = { phone: '+12125550100' };
  const lonely = person('sf:1', { ...office, name: 'Anna Berg' });
  expect(grouped([lonely, person('hs:1', { ...office, ...ben })])).toHaveLength(2);
  expect(grouped([lonely, person('hs:1', { ...office, ...anna })])).toHaveLength(1);
  expect(grouped([lonely, person('sf:2', { ...office, name: 'Bert Kahn' })])).toHaveLength(2);
});

describe('a reference that two records of one system claim', () => {
  const original = deal('hs:1', { names: '6', at: 2 });
  const clone = deal('hs:2', { names: '6', at: 3 });
  const opportunity = deal('sf:6', { at: 9 });

  it('is the elder one’s, and is reported', () => {
    expect(grouped([clone, opportunity, original])).toEqual([['hs:1', 'sf:6'], ['hs:2']]);
    expect(refusals([clone, opportunity, original])).toEqual({ 'id:sf:Opportunity:6': 'claimed twice' });
  });

  it('is that of the pair that was there before', () => {
    const pairings = [paired(clone, opportunity, 'id:sf:Opportunity:6')];
    expect(grouped([clone, opportunity, original], { pairings })).toEqual([['hs:1'], ['hs:2', 'sf:6']]);
  });

  it('passes on when the first one is gone or names another', () => {
    const gone = deal('hs:1', { names: '6', at: 2, withdrawn: true });
    expect(grouped([clone, opportunity, gone])).toEqual([['hs:1', 'hs:2', 'sf:6']]);
    const pairing = paired(original, opportunity, 'id:sf:Opportunity:6');
    const elsewhere = deal('hs:1', { names: '7', at: 2 });
    const after = resolve([clone, opportunity, elsewhere], { ...noMemory, pairings: [pairing] });
    expect(groups(after)).toEqual([['hs:1'], ['hs:2', 'sf:6']]);
    expect(after.ended).toEqual([pairing]);
  });

  it('leads to the record that it names, and keeps what a vendor merged together', () => {
    const { clusters } = resolve([clone, opportunity, original]);
    const home = clusters.find(({ keys }) => keys.includes('id:sf:Opportunity:6'));
    expect(home?.contributions.map(({ ref }) => ref.id)).toEqual(['1', '6']);
    const merged: Contribution = {
      ...deal('hs:3', { withdrawn: true }),
      keys: [
        { kind: 'id', value: 'hs:deals:3' },
        { kind: 'id', value: 'hs:deals:1' },
      ],
    };
    expect(grouped([original, merged, opportunity])).toEqual([['hs:1', 'hs:3', 'sf:6']]);
  });
});

describe('the id that the hub gives', () => {
  it('leads to the eldest contribution of the entity that it names', () => {
    const said = person('chat:1', { email: 'cher@a.example' });
    const [cluster] = resolve([said]).clusters;
    const lead = person('sf:1', { external: cluster?.entityId ?? '', at: 2_000 });
    expect(grouped([said, lead])).toEqual([['chat:1', 'sf:1']]);
  });
});

describe('any people', () => {
  const one = <T>(...values: T[]) => fc.constantFrom(...values);
  const optional = (kind: IdentityKey['kind'], ...values: string[]) =>
    fc.option(one(...values), { nil: undefined, freq: 2 }).map((value) => (value ? { [kind]: value } : {}));
  const someone = fc
    .tuple(
      one('sf', 'hs', 'chat'),
      optional('email', 'a', 'b', 'c'),
      optional('chatUser', 'u', 'v'),
      optional('visitor', 'x', 'y'),
      optional('session', 's', 't'),
      optional('phone', '1', '2'),
      optional('id', 'sf:Contact:0', 'sf:Contact:1', 'hs:contacts:2'),
      one('', 'Anna Berg', 'Bert Kahn', 'Berg'),
      fc.record({ at: fc.integer({ min: 0, max: 3 }), withdrawn: one(false, false, false, true) }),
    )
    .map(
      ([connection, email, user, visitor, session, phone, id, name, rest]) =>
        (index: number) =>
          person(`${connection}:${index}`, {
            ...email,
            ...user,
            ...visitor,
            ...session,
            ...phone,
            ...id,
            name,
            ...rest,
          }),
    );
  const people = fc.array(someone, { maxLength: 12 }).map((all) => all.map((make, index) => make(index)));

  it('are resolved alike in any order', () => {
    fc.assert(
      fc.property(people, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (given, random) => {
        const shuffled = given
          .map((contribution) => ({ contribution, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ contribution }) => contribution);
        expect(sorted(resolve(shuffled))).toEqual(sorted(resolve(given)));
      }),
    );
  });

  it('never hold two live records of one system with contradicting names or addresses unless that system says so', () => {
    fc.assert(
      fc.property(people, (given) => {
        const unsaid = given.map((contribution) => withoutOwnReferences(contribution));
        for (const { contributions } of resolve(unsaid).clusters) {
          const records = contributions.filter(({ withdrawn, statement }) => !withdrawn && !statement);
          for (const [, some] of Map.groupBy(records, ({ ref }) => ref.connection)) {
            const names = new Set(some.map(nameOf).filter((name) => name.includes(' ')));
            const addresses = new Set(
              some
                .flatMap(({ keys }) => keys.filter(({ kind }) => kind === 'email'))
                .map(({ value }) => value),
            );
            expect([names.size < 2, addresses.size < 2]).toEqual([true, true]);
          }
        }
      }),
    );
  });

  it('stay as they are when what was found is remembered', () => {
    fc.assert(
      fc.property(people, (all) => {
        const given = all.map(withoutReferences);
        const first = resolve(given);
        const pairings = first.pairings.map((pair) => ({ ...pair, at: 1 }));
        const again = resolve(given, { ...noMemory, pairings });
        expect(sorted(again)[0]).toEqual(sorted(first)[0]);
        expect(again.pairings).toEqual([]);
      }),
    );
  });

  function sorted({ clusters, ambiguities }: ReturnType<typeof resolve>) {
    const told = clusters.map(({ entityId, keys, held, contributions }) => ({
      entityId,
      keys,
      held,
      names: contributions.map(contributionName),
    }));
    return [told.sort((a, b) => (a.entityId < b.entityId ? -1 : 1)), ambiguities];
  }

  function withoutReferences(contribution: Contribution): Contribution {
    const { connection, object, id } = contribution.ref;
    const own = `${connection}:${object}:${id}`;
    return {
      ...contribution,
      keys: contribution.keys.filter(({ kind, value }) => kind !== 'id' || value === own),
    };
  }

  function withoutOwnReferences(contribution: Contribution): Contribution {
    const { connection, object, id } = contribution.ref;
    const own = `${connection}:${object}:${id}`;
    return {
      ...contribution,
      keys: contribution.keys.filter(
        ({ kind, value }) => kind !== 'id' || value === own || !value.startsWith(connection),
      ),
    };
  }

  function nameOf({ values }: Contribution): string {
    return [values.firstName?.value, values.lastName?.value].filter(Boolean).join(' ');
  }
});
