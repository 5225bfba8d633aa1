import { expect, it } from 'vitest';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { Contribution, RecordRef } from '../../src/canonical/model.ts';
import type { NormalizedRecord } from '../../src/store/contract/facts.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { onEachDatabase } from './databases.ts';
import { key } from './facts.ts';

const session = 'session:chat:s1';
const [user, browser] = ['chatUser:chat:u1', 'visitor:chat:v1'];
const ref = (id: string): RecordRef => ({ connection: 'chat', object: 'event', id });

function record(id: string, event: Partial<CanonicalEvent>, said: Contribution[] = []): NormalizedRecord {
  const whole: CanonicalEvent = {
    ...{ id, type: 'touch.chat', time: 10, source: ref(id), subject: session, data: { channel: 'Chat' } },
    ...event,
  };
  return { ref: ref(id), contributions: said, links: [], events: [whole] };
}

/** Somebody says who they are, in a session. */
function statement(id: string, createdAt: number, keys: Contribution['keys']): NormalizedRecord {
  const own = key('id', `chat:event:${id}`);
  const said: Contribution = {
    ...{ ref: ref(id), kind: 'Person', keys: [own, ...keys], sessions: [session] },
    ...{ values: {}, createdAt, withdrawn: false },
  };
  return { ref: ref(id), contributions: [said], links: [], events: [] };
}

async function know(store: Store, id: string, keys: string[]): Promise<void> {
  const entity = { id, kind: 'Person' as const, fields: {}, provenance: {}, members: [], withdrawn: false };
  await store.entities.replace([{ entity, keys }], [], 1);
}

const owner = async (store: Store) => (await store.entities.ownersOf([session]))[session];
const touches = async (store: Store, id: string) =>
  (await store.entities.personFacts([id]))[0]?.events.map((event) => event.id);

onEachDatabase('a session', (databases) => {
  it('is of whom the strongest tie leads to: what was said in it, the user, the browser', async () => {
    const store = await databases.store();
    await know(store, 'Browser', [browser]);
    await store.facts.replace([record('e1', { fallbacks: [browser] })]);
    expect(await owner(store)).toBe('Browser');
    await know(store, 'User', [user]);
    await store.facts.replace([record('e2', { type: 'chat.message', fallbacks: [user, browser] })]);
    expect(await owner(store)).toBe('User');
    await know(store, 'Phone', ['id:chat:event:e3']);
    await store.facts.replace([statement('e3', 12, [key('phone', '+12125550100')])]);
    expect(await owner(store)).toBe('User');
    await know(store, 'Named', ['id:chat:event:e4']);
    await store.facts.replace([statement('e4', 13, [key('email', 'ada@a.example')])]);
    expect(await owner(store)).toBe('Named');
    expect(await touches(store, 'Named')).toEqual(['e1']);
    expect(await touches(store, 'User')).toEqual([]);
    expect(await touches(store, 'Browser')).toEqual([]);
  });

  it('is of whom was named first, in whatever order that arrives', async () => {
    for (const order of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const store = await databases.store();
      await know(store, 'A', ['id:chat:event:a']);
      await know(store, 'B', ['id:chat:event:b']);
      await store.facts.replace([record('e1', { fallbacks: [browser] })]);
      for (const id of order)
        await store.facts.replace([statement(id, id === 'a' ? 20 : 30, [key('email', `${id}@x.example`)])]);
      expect(await owner(store)).toBe('A');
    }
  });

  it('loses the ties of what is taken back, and keeps those that others told', async () => {
    const store = await databases.store();
    await know(store, 'Browser', [browser]);
    await know(store, 'User', [user]);
    await know(store, 'Named', ['id:chat:event:e4']);
    const nothing = (id: string): NormalizedRecord => ({
      ref: ref(id),
      contributions: [],
      links: [],
      events: [],
    });
    await store.facts.replace([
      record('e1', { fallbacks: [browser] }),
      record('e2', { type: 'chat.message', time: 20, fallbacks: [user, browser] }),
      record('e3', { type: 'chat.message', time: 30, fallbacks: [user, browser] }),
      statement('e4', 13, [key('email', 'ada@a.example')]),
    ]);
    await store.facts.replace([nothing('e4')]);
    expect(await owner(store)).toBe('User');
    await store.facts.replace([nothing('e2')]);
    expect(await owner(store)).toBe('User');
    await store.facts.replace([nothing('e3')]);
    expect(await owner(store)).toBe('Browser');
    await store.facts.replace([nothing('e1')]);
    expect(await owner(store)).toBeUndefined();
  });

  it('asks for those again who win or lose its events', async () => {
    const store = await databases.store();
    await know(store, 'Browser', [browser]);
    await store.facts.replace([record('e1', { fallbacks: [user, browser] })]);
    const entity = {
      ...{ id: 'User', kind: 'Person' as const, fields: {} },
      provenance: {},
      members: [],
      withdrawn: false,
    };
    expect(await store.entities.sharingSessions([{ entity, keys: [user] }], [])).toEqual(['Browser']);
    await store.entities.replace([{ entity, keys: [user] }], [], 1);
    expect(await store.entities.sharingSessions([{ entity, keys: [user] }], ['User'])).toEqual([]);
    expect(await store.entities.sharingSessions([], ['User'])).toEqual(['Browser']);
  });

  it('is one of any number that somebody has had, each on a browser of its own or not', async () => {
    const store = await databases.store();
    const chats = Array.from({ length: 1_100 }, (_, n) => `session:chat:own${n}`);
    const browsers = chats.map((_, n) => `visitor:chat:own${n}`);
    await know(store, 'Heavy', [...browsers, user]);
    await know(store, 'Other', ['visitor:chat:other']);
    const chat = (subject: string, n: number) =>
      record(`h${n}`, { id: `h${n}`, time: n, subject, fallbacks: [browsers[n] ?? '', user] });
    await store.facts.replace([
      ...chats.map(chat),
      record('direct', { id: 'direct', time: 5_000, subject: user }),
      record('theirs', { id: 'theirs', subject: 'visitor:chat:other' }),
    ]);
    expect(await touches(store, 'Heavy')).toEqual([...chats.map((_, n) => `h${n}`), 'direct']);
    expect(await touches(store, 'Other')).toEqual(['theirs']);
  });
});
