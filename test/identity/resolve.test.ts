import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contribution, IdentityKey } from '../../src/canonical/model.ts';
import { contributionName } from '../../src/canonical/names.ts';
import { resolve } from '../../src/identity/resolve.ts';

let made = 0;

function person(keys: Partial<Record<IdentityKey['kind'], string>>, createdAt = 1_000): Contribution {
  made += 1;
  return {
    ref: { connection: 'crm', object: 'Contact', id: String(made) },
    kind: 'Person',
    keys: Object.entries(keys).map(([kind, value]) => ({ kind: kind as IdentityKey['kind'], value })),
    values: {},
    createdAt,
    withdrawn: false,
  };
}

function groups(contributions: readonly Contribution[]): string[][] {
  return resolve(contributions)
    .clusters.map((cluster) => cluster.contributions.map(contributionName).sort())
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

describe('resolve', () => {
  it('joins through a chain of strong keys', () => {
    const chain = [
      person({ email: 'a@x.example' }),
      person({ email: 'a@x.example', chatUser: 'u' }),
      person({ chatUser: 'u' }),
    ];
    expect(groups(chain)).toHaveLength(1);
  });

  it('joins an anonymous visitor to the one person that the visitor turned out to be', () => {
    const anonymous = person({ visitor: 'v', external: 'session-1' });
    const named = person({ visitor: 'v', external: 'session-2', email: 'a@x.example' });
    expect(groups([anonymous, named])).toHaveLength(1);
  });

  it('joins nobody by a browser that two people share, and says so', () => {
    const ann = person({ visitor: 'v', email: 'ann@x.example' });
    const bob = person({ visitor: 'v', email: 'bob@x.example' });
    const unknown = person({ visitor: 'v', external: 'session' });
    const { clusters, ambiguities } = resolve([ann, bob, unknown]);
    expect(clusters).toHaveLength(3);
    expect(ambiguities).toHaveLength(1);
    expect(ambiguities[0]?.key).toBe('visitor:v');
    expect(clusters.some((cluster) => cluster.keys.includes('visitor:v'))).toBe(false);
  });

  it('does not chain two people together through two weak keys', () => {
    const ann = person({ email: 'ann@x.example', phone: '+15550100' });
    const between = person({ phone: '+15550100', visitor: 'v' });
    const bob = person({ email: 'bob@x.example', visitor: 'v' });
    expect(resolve([ann, between, bob]).clusters).toHaveLength(2);
  });

  it('undoes a join when the key that caused it goes away', () => {
    const joined = [person({ email: 'a@x.example' }), person({ email: 'a@x.example' })];
    expect(groups(joined)).toHaveLength(1);
    const [first, second] = joined;
    if (!first || !second) throw new Error('two were made');
    expect(groups([first, { ...second, keys: [{ kind: 'email', value: 'b@x.example' }] }])).toHaveLength(2);
  });

  it('names an entity after its eldest contribution, so that a newcomer does not rename it', () => {
    const elder = person({ email: 'a@x.example' }, 1);
    const before = resolve([elder]).clusters[0]?.entityId;
    const after = resolve([person({ email: 'a@x.example' }, 2), elder]).clusters[0]?.entityId;
    expect(after).toBe(before);
  });

  it('finds of one alone what it finds of the same one beside a stranger', () => {
    const key = fc.constantFrom<IdentityKey['kind']>(
      'email',
      'phone',
      'visitor',
      'chatUser',
      'session',
      'external',
    );
    const said = fc.record({
      kinds: fc.uniqueArray(key, { maxLength: 4 }),
      kind: fc.constantFrom<Contribution['kind']>('Person', 'Deal', 'Conversation'),
      name: fc.constantFrom(undefined, 'Ann', 'Ann Lee'),
      isStatement: fc.boolean(),
      withdrawn: fc.boolean(),
    });
    fc.assert(
      fc.property(said, ({ kinds, kind, name, isStatement, withdrawn }) => {
        const of = (who: string): Contribution => ({
          ...person({}),
          ref: { connection: 'crm', object: 'Contact', id: who },
          kind,
          keys: kinds.map((one) => ({ kind: one, value: `${one}-${who}@${who}.example` })),
          values: name === undefined ? {} : { lastName: { value: name, at: 1, exact: true } },
          withdrawn,
          ...(isStatement ? { statement: true as const } : {}),
        });
        const one = of('a');
        const { clusters, ...rest } = resolve([one]);
        const beside = resolve([one, of('b')]);
        expect(clusters).toEqual(beside.clusters.filter(({ contributions }) => contributions.includes(one)));
        expect(rest).toEqual({ ambiguities: [], pairings: [], ended: [] });
      }),
    );
  });

  it('does not depend on the order of arrival', () => {
    const key = (kind: IdentityKey['kind'], size: number) =>
      fc.option(
        fc.integer({ min: 0, max: size }).map((n) => ({ kind, value: String(n) })),
        { nil: undefined },
      );
    const keys = fc
      .tuple(key('email', 4), key('visitor', 4), key('phone', 3), key('external', 6))
      .map((all) => all.filter((one) => one !== undefined));
    const many = fc.array(fc.record({ keys, createdAt: fc.integer({ min: 0, max: 3 }) }), { maxLength: 14 });
    fc.assert(
      fc.property(many, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (given, random) => {
        const contributions = given.map((one, index) => ({
          ...person({}),
          ...one,
          ref: { connection: 'crm', object: 'Contact', id: String(index) },
        }));
        const shuffled = contributions
          .map((one) => ({ one, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const plain = resolve(contributions);
        const other = resolve(shuffled);
        const tell = (resolution: typeof plain) =>
          resolution.clusters
            .map(({ entityId, keys: own, contributions: members }) => ({
              entityId,
              own,
              members: members.map(contributionName),
            }))
            .sort((a, b) => (a.entityId < b.entityId ? -1 : 1));
        expect(tell(other)).toEqual(tell(plain));
        expect(other.ambiguities.map((one) => one.key).sort()).toEqual(
          plain.ambiguities.map((one) => one.key).sort(),
        );
      }),
    );
  });
});
