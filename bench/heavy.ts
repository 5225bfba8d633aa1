/**
 * What one more chat costs of somebody who chats a lot, against somebody who does not; and how long a turn of the
 * event loop takes, for such chats and for a change that has all of them looked at.
 */

import type { RunningEmulator } from '../emulators/loopback/contract.ts';
import type { App } from '../src/app.ts';
import { pullSystem } from '../src/sync/pull/pull.ts';
import { walk } from '../src/sync/road.ts';
import { openBenchHub } from './hub.ts';
import { quantile, say } from './measure.ts';
import { watchTurns } from './turns.ts';

const [few, many, probes] = [15, 1_500, 30];
const hour = 3_600_000;

interface Scene {
  readonly name: string;
  /** Days after the first chat; null: there is no deal. */
  readonly closedAfter: number | null;
  /** What a chat says of who it is from. */
  readonly who: (n: number) => { readonly visitorId: string; readonly userId?: string };
}

const scenes: readonly Scene[] = [
  {
    name: 'a lead without a deal',
    closedAfter: null,
    who: () => ({ visitorId: 'heavy', userId: 'heavy' }),
  },
  {
    name: 'a contact with a closed deal',
    closedAfter: 0.5,
    who: () => ({ visitorId: 'heavy', userId: 'heavy' }),
  },
  {
    name: 'a contact with a closed deal, on a new browser each time',
    closedAfter: 0.5,
    who: (n) => ({ visitorId: `heavy-${n}` }),
  },
];

/** A hub with somebody who has chatted so often. */
interface Chatter {
  /** One more chat, ms of CPU. */
  chat(): Promise<number>;
  /** Chats that name the person otherwise, so that all are looked at. */
  rename(): Promise<void>;
  close(): Promise<void>;
}

export async function bench(): Promise<void> {
  for (const scene of scenes) {
    const [light, heavy] = [await chatterOf(few, scene), await chatterOf(many, scene)];
    const turns = watchTurns();
    const times: { light: number; heavy: number }[] = [];
    // By turns: whatever else the machine does meanwhile falls on one as on the other.
    for (let n = 0; n < probes; n += 1) times.push({ light: await light.chat(), heavy: await heavy.chat() });
    const turn = turns.longest();
    await heavy.rename();
    const wholeTurn = turns.longest();
    turns.stop();
    await light.close();
    await heavy.close();
    const median = (of: 'light' | 'heavy') =>
      quantile(
        times.map((time) => time[of]),
        0.5,
      );
    say(
      `${scene.name}: one more chat ${median('light').toFixed(1)} ms of CPU at ${few} chats, ` +
        `${median('heavy').toFixed(1)} ms at ${many}: ` +
        `ratio ${(median('heavy') / median('light')).toFixed(2)} (wanted: at most 1.3); longest turn ${turn.toFixed(0)} ms, ` +
        `where all are looked at ${wholeTurn.toFixed(0)} ms (wanted: at most 50)`,
    );
  }
}

async function chatterOf(chats: number, { closedAfter, who }: Scene): Promise<Chatter> {
  const app = await openBenchHub({ systems: ['salesforce', 'chatbot'] });
  const chatbot = app.emulators.get('chatbot');
  if (!chatbot) throw new Error('no emulator of the chatbot');
  const start = app.hub.clock.now() - 90 * 86_400_000;
  if (closedAfter !== null) dealOf(app, start, closedAfter);
  let n = 0;
  for (; n < chats; n += 1) chat(chatbot, who(n), n, start + n * hour);
  await settle(app);
  return {
    chat: async () => {
      chat(chatbot, who(n), n, start + n * hour);
      n += 1;
      const before = process.cpuUsage();
      await settle(app);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    },
    rename: async () => {
      // Elder than all others: this one names the person.
      for (let more = 0; more < 3; more += 1) {
        chat(chatbot, who(more), n + more, start - (more + 1) * hour, { email, name: 'Heavy Elder' });
        await settle(app);
      }
    },
    close: () => app.close(),
  };
}

const email = 'heavy@x.example';

function dealOf(app: App, at: number, closedAfter: number): void {
  const salesforce = app.emulators.get('salesforce')?.records;
  const contact = salesforce?.create('Contact', { LastName: 'Heavy', Email: email }, { at });
  const closedAt = at + closedAfter * 86_400_000;
  const CloseDate = new Date(closedAt).toISOString().slice(0, 10);
  const deal = { Name: 'Deal', StageName: 'Closed Won', Amount: 1_000, CloseDate };
  const id = salesforce?.create('Opportunity', deal, { at: closedAt });
  if (id && contact)
    salesforce?.create('OpportunityContactRole', { OpportunityId: id, ContactId: contact }, { at: closedAt });
}

/** Everything but the writes. */
async function settle({ hub }: App): Promise<void> {
  for (const system of hub.systems.values()) await pullSystem(hub, system);
  await walk(hub, { push: false });
}

function chat(
  { records }: RunningEmulator,
  who: ReturnType<Scene['who']>,
  n: number,
  at: number,
  told = { email, name: 'Heavy' },
): void {
  const where = { sessionId: `heavy-${n}`, ...who };
  const add = (type: string, more: object, after: number) =>
    records.create('event', { type, ...where, ...more }, { at: at + after });
  add('session.started', { landingPage: 'https://www.site.example/' }, 0);
  add('message', { from: 'visitor', text: 'hello' }, 1_000);
  add('identified', told, 2_000);
  add('session.ended', { messages: 1 }, 3_000);
}
