/**
 * What one more chat costs of somebody who chats a lot, against somebody who does not; and how long a turn of the
 * event loop takes, for such chats and for a change that has all of them looked at. Chats come seconds after each other,
 * when deals of very many touches are credited for several of them together; what that costs is told beside it.
 */

import type { App } from '../src/app.ts';
import type { Clock } from '../src/support/clock.ts';
import { systemClock } from '../src/support/clock.ts';
import { pullSystem } from '../src/sync/pull/pull.ts';
import { walk } from '../src/sync/road.ts';
import { chat, email, type Scene, scenes } from './heavy-scenes.ts';
import { openBenchHub } from './hub.ts';
import { say } from './measure.ts';
import { watchTurns } from './turns.ts';

const [few, many, probes] = [15, 1_500, 30];
const hour = 3_600_000;
/** How much later each of the measured chats comes. */
const pauseMs = 1_000;
/** How long a deal rests at the most: see `settling.ts`. */
const restMs = 15_000;

/** A hub with somebody who has chatted so often. */
interface Chatter {
  /** One more chat after a pause, ms of CPU. */
  chat(pause: number): Promise<number>;
  /** Chats that name the person otherwise, so that all are looked at. */
  rename(): Promise<void>;
  close(): Promise<void>;
}

export async function bench(): Promise<void> {
  for (const scene of scenes) {
    const [light, heavy] = [await chatterOf(few, scene), await chatterOf(many, scene)];
    const turns = watchTurns();
    const often = await measured(light, heavy, pauseMs);
    const seldom = await measured(light, heavy, restMs);
    const turn = turns.longest();
    await heavy.rename();
    const wholeTurn = turns.longest();
    turns.stop();
    await light.close();
    await heavy.close();
    say(
      `${scene.name}: one more ${often.light.toFixed(1)} ms of CPU at ${few}, ${often.heavy.toFixed(1)} ms at ${many}: ` +
        `ratio ${(often.heavy / often.light).toFixed(2)} (wanted: at most 1.3); ` +
        `one in ${restMs / 1_000} s, each credited at once: ratio ${(seldom.heavy / seldom.light).toFixed(2)}, ` +
        `${(((seldom.heavy - seldom.light) / restMs) * 100).toFixed(1)} % of the time more; ` +
        `longest turn ${turn.toFixed(0)} ms, where all are looked at ${wholeTurn.toFixed(0)} ms (wanted: at most 50)`,
    );
  }
}

type Compared = Record<'light' | 'heavy', number>;

/** Means, the dearest included: of what is credited together, one pays for the others. */
async function measured(light: Chatter, heavy: Chatter, pause: number): Promise<Compared> {
  const sums: Compared = { light: 0, heavy: 0 };
  // By turns: whatever else the machine does meanwhile falls on one as on the other.
  for (let n = 0; n < probes; n += 1) {
    sums.light += await light.chat(pause);
    sums.heavy += await heavy.chat(pause);
  }
  return { light: sums.light / probes, heavy: sums.heavy / probes };
}

async function chatterOf(number: number, scene: Scene): Promise<Chatter> {
  let skipped = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + skipped };
  const app = await openBenchHub({ systems: scene.systems, clock });
  const emulators = (system: string) => {
    const found = app.emulators.get(system);
    if (!found) throw new Error(`no emulator of ${system}`);
    return found.records;
  };
  const start = clock.now() - 90 * 86_400_000;
  scene.deals(emulators, start);
  let n = 0;
  for (; n < number; n += 1) scene.more(emulators, n, start + n * hour);
  await settle(app);
  return {
    chat: async (pause) => {
      skipped += pause;
      scene.more(emulators, n, start + n * hour);
      n += 1;
      const before = process.cpuUsage();
      await settle(app);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    },
    rename: async () => {
      // Earlier than all others: this one names the person.
      for (let more = 0; more < 3; more += 1) {
        skipped += restMs;
        const told = { email, name: 'Heavy Elder' };
        chat(emulators, n + more, start - (more + 1) * hour, { visitorId: 'heavy', userId: 'heavy' }, told);
        await settle(app);
      }
    },
    close: () => app.close(),
  };
}

/** Everything but the writes. */
async function settle({ hub }: App): Promise<void> {
  for (const system of hub.systems.values()) await pullSystem(hub, system);
  await walk(hub, { push: false });
}
