import { expect, it } from 'vitest';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { EntityKind, Link, RecordRef } from '../../src/canonical/model.ts';
import { accountPeopleLimit } from '../../src/store/contract/entities.ts';
import type { NormalizedRecord } from '../../src/store/contract/facts.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { onEachDatabase } from './databases.ts';
import { key, touch } from './facts.ts';

const owner: RecordRef = { connection: 'sf', object: 'Role', id: '1' };
const other: RecordRef = { connection: 'hs', object: 'deals', id: '7' };
const [dealInSf, dealInHs] = [key('id', 'sf:Opportunity:006'), key('id', 'hs:deals:7')];
const [ada, adaInHs, eve] = [
  key('email', 'ada@example.com'),
  key('id', 'hs:contacts:1'),
  key('email', 'eve@example.com'),
];

function link(ref: RecordRef, from: Link['from'], to: Link['to'], more: Partial<Link> = {}): Link {
  return { ref, relation: 'deal-person', from, to, ...more };
}

function deal(id: string, time: number): CanonicalEvent {
  return { id, type: 'deal.won', time, source: owner, subject: 'id:sf:Opportunity:006', data: {} };
}

async function know(store: Store, kind: EntityKind, id: string, keys: string[]): Promise<void> {
  const entity = { id, kind, fields: {}, provenance: {}, members: [], withdrawn: false };
  await store.entities.replace([{ entity, keys }], [], 1);
}

async function twoSystems(store: Store): Promise<void> {
  await know(store, 'Deal', 'D', ['id:sf:Opportunity:006', 'id:hs:deals:7']);
  await know(store, 'Deal', 'empty', ['id:sf:Opportunity:007']);
  await know(store, 'Person', 'P2', ['email:ada@example.com', 'id:hs:contacts:1']);
  await know(store, 'Person', 'P1', ['email:eve@example.com']);
  await know(store, 'Person', 'P3', ['email:bob@example.com']);
  const inSf: NormalizedRecord = {
    ref: owner,
    contributions: [],
    links: [link(owner, dealInSf, eve), link(owner, dealInSf, ada, { role: 'User' })],
    events: [
      deal('won', 30),
      touch('t1', 10, ada, owner),
      touch('t3', 40, eve, owner),
      { ...touch('m', 5, ada, owner), type: 'chat.message' },
    ],
  };
  const inHs: NormalizedRecord = {
    ref: other,
    contributions: [],
    links: [
      link(other, dealInHs, adaInHs, { role: 'Buyer', primary: true }),
      link(other, dealInHs, key('id', 'hs:contacts:unknown')),
    ],
    events: [touch('t2', 20, adaInHs, other), touch('b', 1, key('email', 'bob@example.com'), other)],
  };
  await store.facts.replace([inSf, inHs]);
}

onEachDatabase('the raw material of journeys', (databases) => {
  it('takes the people of the account where a deal names none, up to a number', async () => {
    const store = await databases.store();
    const [small, large] = [key('id', 'sf:Account:1'), key('id', 'sf:Account:2')];
    await know(store, 'Organization', 'small', ['id:sf:Account:1']);
    await know(store, 'Organization', 'large', ['id:sf:Account:2']);
    for (const [id, record] of [
      ['D', '006'],
      ['E', '007'],
      ['F', '008'],
    ] as const)
      await know(store, 'Deal', id, [`id:sf:Opportunity:${record}`]);
    const staff = Array.from({ length: accountPeopleLimit + 1 }, (_, index) => `id:sf:Contact:${index}`);
    for (const [index, name] of staff.entries()) await know(store, 'Person', `P${index}`, [name]);
    const contact = (index: number) => key('id', `sf:Contact:${index}`);
    const lent = (opportunity: string, account: Link['to']) =>
      link(owner, key('id', `sf:Opportunity:${opportunity}`), account, { relation: 'deal-account' });
    const member = (index: number, account: Link['to']) =>
      link(owner, contact(index), account, { relation: 'person-organization' });
    const links = [
      ...[lent('006', small), lent('007', large), member(0, small)],
      ...staff.map((_, index) => member(index, large)),
    ];
    await store.facts.replace([{ ref: owner, contributions: [], links, events: [] }]);
    const facts = await store.entities.dealFacts(['D', 'E', 'F']);
    expect(facts.map(({ peopleFrom, people }) => [peopleFrom, people.map(({ id }) => id)])).toEqual([
      ['account', ['P0']],
      ['crowd', []],
      ['nobody', []],
    ]);
    expect(await store.entities.dealsOf(['P0'])).toEqual(['D', 'E']);
    expect(await store.entities.dealsOf([], ['small'])).toEqual(['D']);
    expect(await store.entities.dealsWithoutPeople()).toEqual({ deals: 2, ofLargeAccounts: 1 });
    // One more names somebody of whom nothing is known; and nothing is counted of a deal that is gone.
    await know(store, 'Deal', 'G', ['id:sf:Opportunity:009']);
    const unknown = link(other, key('id', 'sf:Opportunity:009'), key('id', 'sf:Contact:unknown'));
    await store.facts.replace([{ ref: other, contributions: [], links: [unknown], events: [] }]);
    expect((await store.entities.dealFacts(['G']))[0]?.peopleFrom).toBe('nobody');
    expect(await store.entities.dealsWithoutPeople()).toEqual({ deals: 3, ofLargeAccounts: 1 });
  });

  it('tells people, roles, touches and changes of each deal, across systems', async () => {
    const store = await databases.store();
    await twoSystems(store);
    const [facts, empty] = await store.entities.dealFacts(['D', 'empty']);
    expect(facts?.people).toEqual([
      { id: 'P1', role: null, primary: false },
      { id: 'P2', role: 'Buyer', primary: true },
    ]);
    expect(facts?.events.map(({ person, event }) => [person, event.id])).toEqual([
      ['P2', 't1'],
      ['P2', 't2'],
      [null, 'won'],
      ['P1', 't3'],
    ]);
    expect(facts?.events[1]?.event).toEqual(touch('t2', 20, adaInHs, other));
    expect(empty).toEqual({ dealId: 'empty', peopleFrom: 'nobody', people: [], events: [] });
    expect(await store.entities.dealFacts([])).toEqual([]);
  });

  it('finds the deals of people by any of their keys', async () => {
    const store = await databases.store();
    await twoSystems(store);
    expect(await store.entities.dealsOf(['P2'])).toEqual(['D']);
    expect(await store.entities.dealsOf(['P1', 'P2'])).toEqual(['D']);
    expect(await store.entities.dealsOf(['P3', 'none'])).toEqual([]);
  });

  it('tells the organizations and persons of each deal, each once', async () => {
    const store = await databases.store();
    await twoSystems(store);
    await know(store, 'Organization', 'O', ['id:hs:companies:3']);
    const account = link(other, dealInHs, key('id', 'hs:companies:3'), { relation: 'deal-organization' });
    await store.facts.replace([
      { ref: { ...other, id: '8' }, contributions: [], links: [account, account], events: [] },
    ]);
    expect(await store.entities.partiesOf(['D', 'empty'])).toEqual(new Map([['D', ['O', 'P1', 'P2']]]));
    expect(await store.entities.partiesOf([])).toEqual(new Map());
  });

  it('counts those who were a closed deal’s people at its close, and not who had left before', async () => {
    const store = await databases.store();
    await twoSystems(store);
    const closed = (id: string, closedAt: number) => ({
      entity: {
        ...{ id, kind: 'Deal' as const, provenance: {}, members: [], withdrawn: false },
        fields: { status: 'won', closedAt, createdAt: 1 },
      },
      keys: id === 'D' ? ['id:sf:Opportunity:006', 'id:hs:deals:7'] : ['id:sf:Opportunity:007'],
    });
    await store.entities.replace([closed('D', 50), closed('empty', 50)], ['D', 'empty'], 1);
    const bob = key('email', 'bob@example.com');
    const lost = (until: number) => ({
      ref: owner,
      contributions: [],
      links: [],
      formerLinks: [link(owner, key('id', 'sf:Opportunity:007'), bob, { until, role: 'User' })],
      events: [],
    });
    await store.facts.replace([lost(51)]);
    const then = async () => (await store.entities.dealFacts(['empty']))[0];
    expect(await then()).toMatchObject({
      people: [{ id: 'P3', role: 'User', primary: false }],
      events: [{ person: 'P3' }],
      peopleFrom: 'roles',
    });
    expect(await store.entities.dealsOf(['P3'])).toEqual(['empty']);
    expect(await store.entities.dealsOfPeople(['P3'])).toEqual(new Map([['P3', ['empty']]]));
    await store.facts.replace([lost(50)]);
    expect(await then()).toMatchObject({ people: [], peopleFrom: 'nobody' });
  });

  it('lets a closed deal keep the people of its account when a role is entered, or they leave, afterwards', async () => {
    const store = await databases.store();
    const account = key('id', 'sf:Account:1');
    const [opportunity, one, two] = [dealInSf, ...['1', '2'].map((id) => key('id', `sf:Contact:${id}`))];
    if (!one || !two) throw new Error('there are two');
    await know(store, 'Organization', 'O', ['id:sf:Account:1']);
    await know(store, 'Person', 'P1', ['id:sf:Contact:1']);
    await know(store, 'Person', 'P2', ['id:sf:Contact:2']);
    const fields = { status: 'won', closedAt: 50, createdAt: 1 };
    const entity = { id: 'D', kind: 'Deal' as const, fields, provenance: {}, members: [], withdrawn: false };
    await store.entities.replace([{ entity, keys: ['id:sf:Opportunity:006'] }], [], 1);
    const member = (person: Link['from'], more: Partial<Link> = {}) =>
      link(owner, person, account, { relation: 'person-organization', ...more });
    const tied = (since: number) => ({
      ref: owner,
      contributions: [],
      links: [
        link(owner, opportunity, account, { relation: 'deal-account' }),
        link(owner, opportunity, two, { since }),
        member(two),
      ],
      formerLinks: [member(one, { until: 60 })],
      events: [],
    });
    const peopleThen = async () =>
      (await store.entities.dealFacts(['D'])).flatMap(({ people }) => people.map(({ id }) => id)).sort();
    await store.facts.replace([tied(70)]);
    expect(await peopleThen()).toEqual(['P1', 'P2']);
    expect(await store.entities.dealsOf(['P1'])).toEqual(['D']);
    await store.facts.replace([tied(20)]);
    expect(await peopleThen()).toEqual(['P2']);
    expect(await store.entities.dealsOf(['P1'])).toEqual([]);
  });

  it('forgets a link with the record that said so', async () => {
    const store = await databases.store();
    await twoSystems(store);
    await store.facts.replace([{ ref: owner, contributions: [], links: [], events: [] }]);
    const [facts] = await store.entities.dealFacts(['D']);
    expect(facts?.people.map(({ id }) => id)).toEqual(['P2']);
    expect(await store.entities.dealsOf(['P1'])).toEqual([]);
  });

  it('tells what happened to people, and where they belong', async () => {
    const store = await databases.store();
    await twoSystems(store);
    await know(store, 'Organization', 'O', ['domain:example.com']);
    const session = { ...touch('s', 3, ada, owner), type: 'chat.session_started' as const };
    const membership = link(owner, ada, key('domain', 'example.com'), { relation: 'person-organization' });
    const ref = { ...owner, id: '2' };
    await store.facts.replace([
      { ref, contributions: [], links: [{ ...membership, ref }], events: [session] },
    ]);
    const [p3, p2, none] = await store.entities.personFacts(['P3', 'P2', 'none']);
    expect(p3).toMatchObject({ personId: 'P3', deals: [], organizations: [] });
    expect(p3?.events.map(({ id }) => id)).toEqual(['b']);
    expect(p2).toMatchObject({ personId: 'P2', deals: ['D'], organizations: ['O'] });
    expect(p2?.events.map(({ id }) => id)).toEqual(['s', 't1', 't2']);
    expect(none?.events).toEqual([]);
    expect(await store.entities.personFacts([])).toEqual([]);
  });
});
