/** What is remembered of who is who, and the keys that identify nobody. */
import { expect, it } from 'vitest';
import { defaultLimits, inOrder, type Limits } from '../../src/canonical/pairs.ts';
import type { ResolvedEntity } from '../../src/store/contract/entities.ts';
import type { NormalizedRecord } from '../../src/store/contract/facts.ts';
import type { NewDoubt } from '../../src/store/contract/identity.ts';
import { onEachDatabase } from './databases.ts';
import { contribution, key, nameOf, said } from './facts.ts';

const shared = key('chatUser', 'web');

function visitors(count: number, web = shared): NormalizedRecord[] {
  return Array.from({ length: count }, (_, n) =>
    said(`${n}`.padStart(6, '0'), { keys: [key('email', `p${n}@x.example`), web] }),
  );
}

function person(id: string, ...members: string[]): ResolvedEntity {
  return { entity: { id, kind: 'Person', fields: {}, provenance: {}, members, withdrawn: false }, keys: [] };
}

onEachDatabase('identity', (databases) => {
  it('ties remembered pairs and decisions together, and hands them over', async () => {
    const { facts, identity } = await databases.store();
    await facts.replace([said('1', {}), said('2', {}), said('3', {})]);
    const pairing = { ...inOrder(nameOf('2'), nameOf('1')), key: 'email:a@x.example', at: 5 };
    const decision = { ...inOrder(nameOf('2'), nameOf('3')), verdict: 'different' as const, at: 6 };
    await identity.remember([pairing]);
    await identity.remember([{ ...pairing, at: 9 }]);
    await identity.decide({ ...decision, verdict: 'same' });
    await identity.decide(decision);
    const [component, ...others] = await facts.components([nameOf('3')], 9);
    expect(component?.contributions.map(({ ref }) => ref.id)).toEqual(['1', '2', '3']);
    expect([component?.pairings, component?.decisions, others]).toEqual([[pairing], [decision], []]);
    expect(await identity.pairings([nameOf('1')])).toEqual([pairing]);
    await identity.forget([pairing]);
    expect([await identity.takeBack(decision), await identity.takeBack(decision)]).toEqual([true, false]);
    expect(await identity.decisions()).toEqual([]);
    expect(await facts.components([nameOf('3')], 9)).toMatchObject([
      { contributions: [contribution('3', {})] },
    ]);
  });

  it('replaces the doubts about an entity, and says who is held', async () => {
    const { identity, facts, entities } = await databases.store();
    const doubt: NewDoubt = {
      ...{ key: 'email:info@x.example', kind: 'Person', reason: 'other names', holders: 3 },
      entityIds: ['A', 'B', 'C'],
      held: ['C'],
      names: [nameOf('1'), nameOf('2')],
    };
    const told = { ...doubt, entities: 3 };
    const shared: NewDoubt = { ...doubt, key: 'chatUser:web', reason: 'too many', entityIds: [], held: [] };
    await identity.doubt([], [doubt, shared]);
    // Nobody holds it yet.
    expect(await identity.doubts()).toEqual([told]);
    await facts.replace(visitors(2));
    const [one = '', other = ''] = visitors(2).map(({ ref }) => nameOf(ref.id));
    await entities.replace([person('Y', one), person('X', other)], [], 1);
    const crowd = { ...shared, entityIds: ['X', 'Y'], names: [one, other], holders: 2, entities: 2 };
    expect(await identity.doubts()).toEqual([crowd, told]);
    const apart: NewDoubt = { ...doubt, key: 'chatUser:web', entityIds: ['X', 'Y'], held: ['Y'] };
    await identity.doubt([], [apart]);
    expect(await identity.doubts()).toEqual([{ ...apart, entities: 2 }, told]);
    await identity.doubt([], [shared]);
    expect(await identity.doubts()).toEqual([crowd, told]);
    expect(await identity.held(['X', 'Y'])).toEqual(new Map());
    expect(await identity.held(['A', 'C', 'X'])).toEqual(new Map([['C', 'email:info@x.example']]));
    await identity.doubt(['A', 'B', 'C'], []);
    expect(await identity.doubts()).toEqual([crowd]);
    await identity.doubt([], [], [{ kind: 'Organization', key: 'chatUser:web' }]);
    expect(await identity.doubts()).toEqual([crowd]);
    await identity.doubt([], [], [{ kind: 'Person', key: 'chatUser:web' }]);
    expect(await identity.doubts()).toEqual([]);
  });

  it('does not walk along a key that more people share than may', async () => {
    const { facts } = await databases.store();
    await facts.replace(visitors(4));
    expect(await facts.components([nameOf('000000')], 99)).toMatchObject([
      { contributions: [{ ref: { id: '000000' } }], crowds: ['chatUser:web'] },
    ]);
    const [together] = await facts.components([nameOf('000000')], 99, { chatUser: 4 });
    expect([together?.contributions.length, together?.crowds]).toEqual([4, []]);
  });

  it.each([
    'chatUser',
    'session',
    'visitor',
    'phone',
    'external',
  ] as const)('may be told how many may share a key of kind %s', async (kind) => {
    const { facts } = await databases.store();
    const limit = defaultLimits[kind] ?? 0;
    await facts.replace(visitors(limit + 1, key(kind, 'web')));
    const crowds = async (limits?: Limits) =>
      (await facts.components([nameOf('000000')], 99, limits))[0]?.crowds;
    expect(await crowds()).toEqual([`${kind}:web`]);
    expect(await crowds({ [kind]: limit + 1 })).toEqual([]);
    expect(await crowds({ [kind]: limit })).toEqual([`${kind}:web`]);
  });

  it('does so however many hold it: each of them is looked at alone, at once', async () => {
    const { facts } = await databases.store();
    const all = visitors(20_000);
    for (let start = 0; start < all.length; start += 5_000)
      await facts.replace(all.slice(start, start + 5_000));
    const components = await facts.components([nameOf('000007'), nameOf('019999')], 1_000);
    expect(components.map(({ contributions, overLimit }) => [contributions.length, overLimit])).toEqual([
      [1, false],
      [1, false],
    ]);
  }, 60_000);

  it('brings all of an entity along whose key has come to identify nobody', async () => {
    const { facts, entities } = await databases.store();
    await facts.replace(visitors(3));
    const members = ['000000', '000001', '000002'].map((id) => nameOf(id));
    const entity = {
      id: 'E',
      kind: 'Person' as const,
      fields: {},
      provenance: {},
      members,
      withdrawn: false,
    };
    await entities.replace([{ entity, keys: ['chatUser:web'] }], [], 1);
    await facts.replace(visitors(4));
    const [component] = await facts.components([nameOf('000003')], 99);
    expect(component?.contributions.map(({ ref }) => ref.id)).toEqual([
      '000000',
      '000001',
      '000002',
      '000003',
    ]);
    expect(component?.entities).toEqual(['E']);
  });

  it('finds the entity whose id a record carries, even after it was joined into another', async () => {
    const { facts, entities } = await databases.store();
    const id = 'e'.repeat(32);
    await facts.replace([said('1', {}), said('2', { keys: [key('external', id)] })]);
    const entity = {
      kind: 'Person' as const,
      fields: {},
      provenance: {},
      members: [nameOf('1')],
      withdrawn: false,
    };
    await entities.replace([{ entity: { ...entity, id }, keys: [] }], [], 1);
    const found = async () =>
      (await facts.components([nameOf('2')], 9)).map(({ contributions }) =>
        contributions.map(({ ref }) => ref.id),
      );
    expect(await found()).toEqual([['1', '2']]);
    await entities.replace([{ entity: { ...entity, id: 'elder' }, keys: [] }], [id], 2);
    expect(await found()).toEqual([['1', '2']]);
  });

  it('asks for those again who still hold a key that another has given up', async () => {
    const { facts } = await databases.store();
    const info = key('email', 'info@x.example');
    await facts.replace([said('1', { keys: [info] }), said('2', { keys: [info] })]);
    const own = said('1', { keys: [key('email', 'ada@x.example')] });
    expect(await facts.replace([own])).toEqual({
      resolve: [nameOf('1'), nameOf('2')],
      pointed: [],
      events: [],
    });
  });
});
