import { expect, it } from 'vitest';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { Link, RecordRef } from '../../src/canonical/model.ts';
import type { NormalizedRecord } from '../../src/store/contract/facts.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { onEachDatabase } from './databases.ts';
import { contribution, key, nameOf, said, touch } from './facts.ts';

const nothing = { resolve: [], pointed: [], events: [] };

onEachDatabase('facts', (databases) => {
  it('asks for resolving once, and for nothing when nothing changed', async () => {
    const { facts } = await databases.store();
    const record = said('1', { keys: [key('email', 'ada@example.com')] });
    expect(await facts.replace([record, said('2', {})])).toEqual({
      resolve: [nameOf('1'), nameOf('2')],
      pointed: [],
      events: [],
    });
    expect(await facts.replace([record, said('2', {})])).toEqual(nothing);
    expect(
      await facts.replace([
        said('1', { keys: [key('email', 'ada@example.com')], phone: '2' }),
        said('2', {}),
      ]),
    ).toEqual({
      resolve: [nameOf('1')],
      pointed: [],
      events: [],
    });
  });

  it('leaves no trace of a record that says nothing', async () => {
    const { facts } = await databases.store();
    const silent: NormalizedRecord = { ref: said('1', {}).ref, contributions: [], links: [], events: [] };
    expect(await facts.replace([silent])).toEqual(nothing);
    await facts.replace([said('1', {})]);
    expect(await facts.replace([silent])).toEqual({ resolve: [nameOf('1')], pointed: [], events: [] });
    expect(await facts.components([nameOf('1')], 9)).toEqual([
      { contributions: [], entities: [], pairings: [], decisions: [], crowds: [], overLimit: false },
    ]);
  });

  it('finds whole components by shared keys of one kind', async () => {
    const { facts } = await databases.store();
    const email = key('email', 'ada@example.com');
    const phone = key('phone', '+47 1');
    await facts.replace([
      said('1', { keys: [email] }),
      said('2', { keys: [email, phone] }),
      said('3', { keys: [phone] }),
      said('4', { keys: [key('email', 'eve@example.com')] }),
      { ...said('5', {}), contributions: [contribution('5', { kind: 'Organization', keys: [email] })] },
    ]);
    const components = await facts.components([nameOf('4'), nameOf('3'), nameOf('1')], 99);
    expect(components.map(({ contributions }) => contributions.map(({ ref }) => ref.id))).toEqual([
      ['1', '2', '3'],
      ['4'],
    ]);
    expect(components[0]?.contributions[1]).toEqual(contribution('2', { keys: [email, phone] }));
  });

  it('lets go of a key that a record no longer has', async () => {
    const { facts } = await databases.store();
    const email = key('email', 'ada@example.com');
    await facts.replace([said('1', { keys: [email] }), said('2', { keys: [email] })]);
    await facts.replace([said('1', { keys: [key('email', 'eve@example.com')] })]);
    const [component] = await facts.components([nameOf('1')], 9);
    expect(component?.contributions.map(({ ref }) => ref.id)).toEqual(['1']);
  });

  it('leads who only looks along keys that were held before, and tells who held them', async () => {
    const store = await databases.store();
    const [old, now] = [key('email', 'old@example.com'), key('email', 'new@example.com')];
    const former = [{ until: 5, keys: [old], values: {} }];
    await store.facts.replace([said('1', { keys: [now], former }), said('2', { keys: [old] })]);
    const sizes = (found: readonly { contributions: readonly unknown[] }[]) =>
      found.map(({ contributions }) => contributions.length);
    expect(sizes(await store.facts.connected([nameOf('2')], 10))).toEqual([2]);
    expect(sizes(await store.facts.connected([nameOf('1')], 10))).toEqual([2]);
    expect(sizes(await store.facts.components([nameOf('2')], 10))).toEqual([1]);
    const holders = await store.facts.formerHolders('Person', [
      'email:old@example.com',
      'email:new@example.com',
    ]);
    expect(holders).toEqual(new Map([['email:old@example.com', [nameOf('1')]]]));
    // What is new at the key is news to who held it before.
    expect((await store.facts.replace([said('3', { keys: [old] })])).resolve).toContain(nameOf('1'));
    await store.facts.replace([said('1', { keys: [now] })]);
    expect(await store.facts.formerHolders('Person', ['email:old@example.com'])).toEqual(new Map());
  });

  it('follows long chains of keys to their end', async () => {
    const { facts } = await databases.store();
    const chain = Array.from({ length: 40 }, (_, n) =>
      said(`${n}`.padStart(2, '0'), { keys: [key('visitor', `${n}`), key('visitor', `${n + 1}`)] }),
    );
    await facts.replace(chain);
    const [component, ...others] = await facts.components([nameOf('20')], 99);
    expect(component?.contributions).toHaveLength(40);
    expect(others).toEqual([]);
  });

  it('cuts a component off at the limit, keeps what was asked for, and says so', async () => {
    const { facts } = await databases.store();
    const shared = key('email', 'info@example.com');
    await facts.replace(
      Array.from({ length: 30 }, (_, n) => said(`${n}`.padStart(2, '0'), { keys: [shared] })),
    );
    const [component] = await facts.components([nameOf('29')], 10);
    expect(component?.overLimit).toBe(true);
    expect(component?.contributions).toHaveLength(10);
    expect(component?.contributions.map(({ ref }) => ref.id)).toContain('29');
    expect(await facts.components([nameOf('00')], 10)).toMatchObject([{ overLimit: true }]);
    const [whole] = await facts.components([nameOf('29')], 30);
    expect(whole).toMatchObject({ overLimit: false });
  });

  it('brings along all that formed one entity until now, so that none is left behind when it falls apart', async () => {
    const { facts, entities } = await databases.store();
    const email = key('email', 'ada@example.com');
    await facts.replace([said('1', { keys: [email] }), said('2', { keys: [email] })]);
    const members = [nameOf('1'), nameOf('2')];
    const entity = {
      id: 'E',
      kind: 'Person' as const,
      fields: {},
      provenance: {},
      members,
      withdrawn: false,
    };
    await entities.replace([{ entity, keys: ['email:ada@example.com'] }], [], 1);
    await facts.replace([said('1', { keys: [key('email', 'eve@example.com')] })]);
    const [component, ...others] = await facts.components([nameOf('1')], 99);
    expect(component?.contributions.map(({ ref }) => ref.id)).toEqual(['1', '2']);
    expect(component?.entities).toEqual(['E']);
    expect(others).toEqual([]);
    await facts.replace([{ ref: said('1', {}).ref, contributions: [], links: [], events: [] }]);
    const [rest] = await facts.components([nameOf('1')], 99);
    expect(rest?.contributions.map(({ ref }) => ref.id)).toEqual(['2']);
    expect(rest?.entities).toEqual(['E']);
  });

  it('lets one at a time look at components in order to replace entities', async () => {
    const place = await databases.place();
    const stores = [await databases.store(place), await databases.store(place)];
    const story: string[] = [];
    const resolve = ({ transaction }: Store) =>
      transaction(async ({ facts }) => {
        await facts.components([nameOf('1')], 9);
        story.push('in');
        await new Promise((done) => setTimeout(done, 30));
        story.push('out');
      });
    await Promise.all(stores.map(resolve));
    expect(story).toEqual(['in', 'out', 'in', 'out']);
  });

  it('asks for those again to whom a new, changed or vanished link or event points', async () => {
    const { facts } = await databases.store();
    const [ada, deal] = [key('email', 'ada@example.com'), key('id', 'sf:Opportunity:006')];
    await facts.replace([
      said('1', { keys: [ada] }),
      { ...said('2', {}), contributions: [contribution('2', { kind: 'Deal', keys: [deal] })] },
      { ...said('3', {}), contributions: [contribution('3', { kind: 'Organization', keys: [ada] })] },
    ]);
    const owner: RecordRef = { connection: 'sf', object: 'Role', id: '9' };
    const link: Link = { ref: owner, relation: 'deal-person', from: deal, to: ada, role: 'Decision Maker' };
    const points = (links: Link[], events: CanonicalEvent[] = []) =>
      facts.replace([{ ref: owner, contributions: [], links, events }]);
    const at = (since: number, ...names: string[]) => ({
      resolve: [],
      pointed: names.map((name) => ({ name, since })),
    });
    const both = at(Number.NEGATIVE_INFINITY, nameOf('2', 'Deal'), nameOf('1'));
    expect(await points([link])).toMatchObject(both);
    expect(await points([link])).toEqual(nothing);
    expect(await points([{ ...link, role: 'Other' }])).toMatchObject(both);
    expect(await points([])).toMatchObject(both);
    expect(await points([], [touch('t1', 5, ada, owner)])).toMatchObject(at(5, nameOf('1')));
    expect(await points([], [touch('t1', 6, ada, owner)])).toMatchObject(at(5, nameOf('1')));
    expect(await points([])).toMatchObject(at(6, nameOf('1')));
  });

  it('names events that are new, whenever they took place; what is said anew of a known one makes it no new one', async () => {
    const { facts } = await databases.store();
    const ada = key('email', 'ada@example.com');
    const news = async (...events: CanonicalEvent[]) =>
      (await facts.replace([{ ...said('1', {}), events }])).events.map(({ id }) => id);
    expect(await news(touch('b', 5, ada), touch('c', 9, ada))).toEqual(['b', 'c']);
    expect(await news(touch('b', 6, ada), touch('c', 9, ada), touch('a', 1, ada))).toEqual(['a']);
    expect(await news(touch('b', 6, ada))).toEqual([]);
  });

  it('streams events by family and subject, oldest first, from a position on', async () => {
    const { facts } = await databases.store();
    const [ada, eve] = [key('email', 'ada@example.com'), key('email', 'eve@example.com')];
    const chat = (id: string, time: number): CanonicalEvent => ({
      ...touch(id, time, eve, said('2', {}).ref),
      type: 'chat.message',
    });
    await facts.replace([
      { ...said('1', {}), events: [touch('b', 5, ada), touch('a', 5, ada), touch('c', 9, ada)] },
      { ...said('2', {}), events: [chat('d', 7)] },
    ]);
    const ids = (events: readonly CanonicalEvent[]) => events.map(({ id }) => id).join('');
    const first = await facts.events({}, 2);
    expect(ids(first)).toBe('ab');
    expect(first[0]).toEqual(touch('a', 5, ada));
    expect(ids(await facts.events({ after: { time: 5, id: 'b' } }, 9))).toBe('dc');
    expect(ids(await facts.events({ types: ['touch.'] }, 9))).toBe('abc');
    expect(ids(await facts.events({ types: ['chat.', 'touch.meeting'] }, 9))).toBe('d');
    expect(ids(await facts.events({ subjects: ['email:eve@example.com'] }, 9))).toBe('d');
    await facts.replace([{ ...said('1', {}), events: [touch('c', 9, ada)] }]);
    expect(ids(await facts.events({}, 9))).toBe('dc');
  });
});
