import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Growth } from '../../src/canonical/growth.ts';
import type { Contribution } from '../../src/canonical/model.ts';
import { contributionName, isLeading, keyText } from '../../src/canonical/names.ts';
import type { Pairing } from '../../src/canonical/pairs.ts';
import { type KeysFound, likeOneThere } from '../../src/identity/growth.ts';
import { noMemory } from '../../src/identity/memory.ts';
import type { Resolution } from '../../src/identity/resolution.ts';
import { resolve } from '../../src/identity/resolve.ts';
import { person } from './people.ts';

/** What is said, resolved again and again as it comes in, with what each time is remembered. */
function resolvedInTurns(turns: readonly (readonly Contribution[])[]): {
  said: Contribution[];
  pairings: Pairing[];
  last: Resolution;
} {
  const said: Contribution[] = [];
  let pairings: Pairing[] = [];
  let last = resolve([]);
  turns.forEach((turn, at) => {
    said.push(...turn);
    last = resolve(said, { ...noMemory, pairings });
    const ended = new Set(last.ended);
    pairings = [
      ...pairings.filter((pair) => !ended.has(pair)),
      ...last.pairings.map((pair) => ({ ...pair, at })),
    ];
  });
  return { said, pairings, last };
}

/** As the store looks them up. */
function keysAmong(said: readonly Contribution[], { keys }: Contribution, growth: Resolution['growth']) {
  const held = new Set(said.flatMap((one) => one.keys.map(keyText)));
  const likenesses = new Map<string, Set<string>>();
  for (const { likeness, key } of growth?.keys ?? [])
    likenesses.set(key, (likenesses.get(key) ?? new Set()).add(likeness));
  const found: KeysFound = { shared: new Set(keys.map(keyText).filter((key) => held.has(key))), likenesses };
  return found;
}

function joinsAlone(world: ReturnType<typeof resolvedInTurns>, one: Contribution) {
  const { growth } = world.last;
  if (!growth) return null;
  const whole: Growth = { ...growth, folded: [], rules: '' };
  return likeOneThere(one, whole, keysAmong(world.said, one, growth));
}

const maybe = <T>(values: readonly T[], weight = 3) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight, arbitrary: fc.constantFrom(...values) },
  );

const keysOf = {
  email: maybe(['a@x.example', 'a@x.example', 'b@x.example'], 8),
  chatUser: maybe(['u', 'u', 'w']),
  visitor: fc.oneof(maybe(['v', 'w']), fc.nat(1_000).map(String)),
  session: fc.oneof(maybe(['s', 't']), fc.nat(1_000).map(String)),
  phone: maybe(['+15550100', '+15550101'], 1),
  name: maybe(['Ada Byron', 'Ada', 'Ada Byron', 'Bob Smith'], 5),
  at: fc.nat(50),
};

const statements = fc.array(fc.record(keysOf), { minLength: 18, maxLength: 30 });
const records = fc.array(
  fc.record({ ...keysOf, system: fc.constantFrom('sf', 'hs', 'sf', 'hs'), withdrawn: fc.boolean() }),
  { maxLength: 3 },
);

type Told = Partial<Record<string, string | number | boolean | undefined>>;

function told(fields: Told): Parameters<typeof person>[1] {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

describe('an entity of many statements', () => {
  it('comes out the same, whether one more is added to it or all are resolved again', () => {
    let added = 0;
    fc.assert(
      fc.property(statements, records, fc.nat(20), fc.record(keysOf), (chats, crm, cut, next) => {
        const said = chats.map((one, index) => person(`chat:${index}`, told(one)));
        const known = crm.map(({ system, ...one }, index) => person(`${system}:${index}`, told(one)));
        const world = resolvedInTurns([said.slice(0, cut), [...known, ...said.slice(cut)], []]);
        const one = person('chat:next', told({ ...next, at: next.at + 10 }));
        const alike = joinsAlone(world, one);
        if (!alike) return;
        added += 1;
        const whole = resolve([...world.said, one], { ...noMemory, pairings: world.pairings });
        const before = world.last.clusters[0];
        expect(whole.clusters).toHaveLength(1);
        expect(whole.clusters[0]?.entityId).toBe(before?.entityId);
        expect(whole.clusters[0]?.held).toBeNull();
        expect(whole.ambiguities).toEqual([]);
        const leading = one.keys.map(keyText).filter((key) => isLeading('Person', key));
        const own = new Set([...(before?.keys ?? []), ...leading]);
        expect(whole.clusters[0]?.keys).toEqual([...own].sort());
        const partners = whole.pairings.map(({ one: a, other: b, key }) => ({
          name: a === contributionName(one) ? b : a,
          key,
        }));
        const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        expect(partners.sort(byName)).toEqual([...alike.partners].sort(byName));
        expect(whole.growth).toBeDefined();
      }),
      { numRuns: 150 },
    );
    expect(added).toBeGreaterThan(5);
  });

  /** Twenty chats of Ada, who is a contact, too. */
  const ada = Array.from({ length: 20 }, (_, n) =>
    person(`chat:${n}`, { email: 'a@x.example', chatUser: 'u', visitor: 'v', name: 'Ada Byron', at: 10 + n }),
  );
  const contact = person('sf:1', { email: 'a@x.example', name: 'Ada Byron', at: 5 });
  const same = { email: 'a@x.example', chatUser: 'u', visitor: 'v', name: 'Ada Byron', at: 99 };
  const next = (more: Told) => person('chat:next', told({ ...same, ...more }));
  const oneMore = (one: Contribution, others: readonly Contribution[] = []) =>
    joinsAlone(resolvedInTurns([[contact, ...ada, ...others], []]), one);

  it('takes one more of the same, from whatever browser nobody else has', () => {
    const pair = { name: contributionName(contact), key: 'email:a@x.example' };
    expect(oneMore(next({}))?.partners).toEqual([pair]);
    expect(oneMore(next({ visitor: 'fresh' }))).not.toBeNull();
    expect(oneMore(next({ visitor: undefined, chatUser: undefined }))).not.toBeNull();
  });

  it.each([
    ['older than all', next({ at: 1 })],
    ['of another name', next({ name: 'Bob Smith' })],
    ['of another address', next({ email: 'b@x.example' })],
    ['without an address', next({ email: undefined })],
    ['that names a record', next({ id: 'sf:Contact:1' })],
    ['from the phone of somebody else of the entity', next({ phone: '+15550100' })],
    ['that is a record', person('sf:2', told(same))],
    ['that is withdrawn', next({ withdrawn: true })],
  ])('looks at all of them for one %s', (_, one) => {
    const phone = person('sf:3', { email: 'a@x.example', name: 'Ada Byron', phone: '+15550100', at: 6 });
    expect(oneMore(one, [phone])).toBeNull();
  });

  it.each([
    ['several people', [person('chat:bob', { visitor: 'v', email: 'b@x.example', name: 'Bob Smith' })]],
    [
      'records that nothing but an address joins',
      [person('hs:1', { email: 'a@x.example', name: 'Ada Byron' })],
    ],
  ])('looks at all of them where there are %s', (_, others) => {
    const { last } = resolvedInTurns([[contact, ...ada, ...others]]);
    expect(last.growth).toBeUndefined();
  });
});
