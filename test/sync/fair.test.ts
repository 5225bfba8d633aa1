/** A storm of changes at one system does not keep the news of another waiting, up to the credit in the CRM. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refText } from '../../src/canonical/names.ts';
import type { Connector } from '../../src/connector/contract/connector.ts';
import type { Write } from '../../src/connector/contract/writing.ts';
import type { Stage } from '../../src/store/contract/work.ts';
import type { Hub, System } from '../../src/sync/hub.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { walk } from '../../src/sync/road.ts';
import { mappingsWith, openTestHub, pacingOff, type TestHub } from './hub.ts';
import { hasPostgres, postgresSchema, whyNot } from './postgres.ts';
import { chat, type Story, tellStory } from './story.ts';

const hour = 3_600_000;
const size = 4_000;

// A deal's name is written, too, beside its credit.
const mappings = mappingsWith(
  'salesforce',
  '      name: Name\n      amount',
  '      name: { field: Name, rule: always-use hubspot }\n      amount',
);
afterAll(() => mappings.remove());

type Look = (object: string, writes: readonly Write[]) => Promise<void>;

/** A hub that knows some thousand contacts at HubSpot; then Ada chats. */
class World {
  readonly contacts: readonly string[];
  readonly story: Story;
  readonly #hub: TestHub;
  #chats = 0;

  private constructor(hub: TestHub, contacts: readonly string[], story: Story) {
    this.#hub = hub;
    this.contacts = contacts;
    this.story = story;
  }

  static async open(settings: Record<string, unknown>, contacts: number): Promise<World> {
    const hub = await openTestHub({ ...pacingOff, settings, mappings: mappings.path });
    const story = tellStory(hub.emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000);
    const { records } = hub.emulator('hubspot');
    const ids = Array.from({ length: contacts }, (_, n) =>
      records.create(
        'contacts',
        { email: `c${n}@storm.example`, lastname: `C${n}` },
        { at: story.now - 1e9 },
      ),
    );
    return new World(hub, [...ids, story.contacts.ada], story);
  }

  get hub(): Hub {
    return this.#hub.hub;
  }

  quiet(): Promise<void> {
    return this.#hub.quiet();
  }

  /** At HubSpot, where its deal has another name, too; that is read, and is yet to be written. */
  async rename(dealname: string): Promise<void> {
    this.#hub.emulator('hubspot').records.update('deals', this.story.deals.ada, { dealname });
    await pullSystem(this.hub, this.#hub.system('hubspot'));
    await walk(this.hub, { push: false });
  }

  async pull(): Promise<void> {
    for (const system of this.hub.systems.values()) await pullSystem(this.hub, system);
  }

  close(): Promise<void> {
    return this.#hub.close();
  }

  async chat(who: string): Promise<void> {
    this.#chats += 1;
    const at = this.story.now - 12 * hour + this.#chats * hour;
    chat(this.#hub.emulator, { who, session: `storm-${this.#chats}`, at });
    await pullSystem(this.hub, this.#hub.system('chatbot'));
  }

  /** All contacts are changed at HubSpot, Ada's last; what is known of that waits in a stage. */
  async storm(stage: Stage): Promise<void> {
    const { store } = this.hub;
    const refs = this.contacts.map((id) => refText({ connection: 'hubspot', object: 'contacts', id }));
    if (stage === 'fetch' || stage === 'normalize') return store.work.mark(stage, refs);
    const keys = stage === 'resolve' ? refs.map((ref) => `Person|${ref}`) : refs;
    await store.transaction(({ work }) => work.mark(stage, keys), 'hubspot');
  }

  async waiting(stage: Stage): Promise<number> {
    return (await this.hub.store.work.counts())[stage];
  }

  /** The hub, with somebody who looks when something is about to be written, or HubSpot is asked for contacts. */
  watched(written: Look, asked: () => Promise<void> = async () => undefined): Hub {
    const watch = (connector: Connector): Connector => ({
      ...connector,
      sink: (object) => {
        const sink = connector.sink?.(object);
        if (!sink) return sink;
        const push: typeof sink.push = async (context, writes) => {
          await written(object, writes);
          return sink.push(context, writes);
        };
        return { ...sink, push };
      },
      streams: watchFetch(connector.streams ?? {}, asked),
    });
    const systems = [...this.hub.systems].map(([name, system]): [string, System] => [
      name,
      { ...system, connector: watch(system.connector) },
    ]);
    return { ...this.hub, systems: new Map(systems) };
  }

  /** Runs when Ada's deal is about to be told something. */
  toldAda(look: (write: Write) => Promise<void>): Look {
    return async (object, writes) => {
      const own = writes.find(({ id }) => object === 'Opportunity' && id === this.story.Opportunity.ada);
      if (own) await look(own);
    };
  }
}

type Streams = NonNullable<Connector['streams']>;

function watchFetch({ contacts, ...streams }: Streams, asked: () => Promise<void>): Streams {
  if (!contacts?.fetch) return contacts ? { ...streams, contacts } : streams;
  const fetch: typeof contacts.fetch = async (...all) => {
    await asked();
    return (await contacts.fetch?.(...all)) ?? [];
  };
  return { ...streams, contacts: { ...contacts, fetch } };
}

/** Of deals that are there, what the hub alone writes; and its rows. */
const isCredit = /^update (Opportunity|deals) (Last_)?chat_|^update deals last_chat$|^upsert Chat_Touch__c /i;

const earlier = ['fetch', 'normalize', 'resolve', 'attribute'] as const;

function suite(database: () => Promise<{ url: string; drop(): Promise<void> } | null>): void {
  let world: World;
  let drop: () => Promise<void> = async () => undefined;
  beforeAll(async () => {
    const place = await database();
    if (place) drop = place.drop;
    world = await World.open(place ? { database: place.url } : {}, size);
    await world.quiet();
  });
  afterAll(async () => {
    await world.close();
    await drop();
  });

  it.each(earlier)('tells the deal its credit after a batch, while the rest waits in %s', async (stage) => {
    await world.storm(stage);
    await world.hub.clock.sleep(5_000);
    await world.chat('ada');
    const waiting: number[] = [];
    const told = world.toldAda(async ({ fields }) => {
      expect(Object.keys(fields)).toContain('Chat_Touches__c');
      waiting.push(await world.waiting(stage));
    });
    await walk(world.watched(told));
    // One batch of a thousand is through.
    expect(waiting[0]).toBeGreaterThanOrEqual(size - 1_000);
    expect(await world.waiting(stage)).toBe(0);
  });

  it('tells it while HubSpot goes on naming a few changes at a time', async () => {
    const { store } = world.hub;
    const [one = ''] = world.contacts;
    const name = () =>
      store.work.mark('fetch', [refText({ connection: 'hubspot', object: 'contacts', id: one })]);
    let named = 0;
    let toldAfter = Number.POSITIVE_INFINITY;
    const told = world.toldAda(async () => {
      toldAfter = Math.min(toldAfter, named);
    });
    const again = async () => {
      named += 1;
      if (named < 30) await name();
    };
    await name();
    await world.chat('ada');
    await walk(world.watched(told, again));
    expect(named).toBe(30);
    expect(toldAfter).toBeLessThan(5);
  });

  it('writes nothing but credit before the storm is over', async () => {
    await world.rename('Another name');
    await world.storm('normalize');
    await world.chat('ada');
    await world.chat('zoe');
    const early: string[] = [];
    const late: string[] = [];
    const hub = world.watched(async (object, writes) => {
      const names = writes.flatMap(({ op, fields }) =>
        Object.keys(fields).map((field) => `${op} ${object} ${field}`),
      );
      ((await world.waiting('normalize')) > 0 ? early : late).push(...names);
    });
    await walk(hub);
    // Of a record that was just written, the next write waits for the end of the second that its stamp counts in.
    await hub.clock.sleep(2_000, hub.signal);
    await walk(hub);
    expect(early).toContain('update Opportunity Chat_Touches__c');
    expect(early.filter((one) => !isCredit.test(one))).toEqual([]);
    expect(late).toEqual(expect.arrayContaining(['upsert Lead LastName', 'update Opportunity Name']));
  });
}

describe('four thousand changes at HubSpot, then one chat, on SQLite', () => suite(async () => null));
describe.skipIf(!hasPostgres)(`four thousand changes at HubSpot, then one chat, on PostgreSQL${whyNot}`, () =>
  suite(postgresSchema),
);

describe('a hub that reads everything for the first time', () => {
  it('writes nothing before all that is known has been worked on', async () => {
    const world = await World.open({}, 1_500);
    const left: number[] = [];
    const hub = world.watched(async () => {
      left.push(...(await Promise.all(earlier.map((stage) => world.waiting(stage)))));
    });
    await world.pull();
    await walk(hub);
    // At the first write: what the hub makes is read again.
    expect(left.slice(0, earlier.length)).toEqual([0, 0, 0, 0]);
    await world.close();
  });
});
