/** With nothing changed: calls of one hour, for each connection, by the default schedules. */
import { type Clock, systemClock } from '../src/support/clock.ts';
import type { Hub } from '../src/sync/hub.ts';
import { pullNews } from '../src/sync/pull/poll.ts';
import { pullSystem } from '../src/sync/pull/pull.ts';
import { provision } from '../src/sync/push/provision.ts';
import { walk } from '../src/sync/road.ts';
import { rounds } from '../src/sync/schedule.ts';
import { openBenchHub } from './hub.ts';
import { say } from './measure.ts';

const settleRounds = 4;
const minute = 60_000;
/** Noon of the day in which the seeded world lives. */
const noon = Date.parse('2026-06-30T12:00:00Z');

export async function bench(): Promise<void> {
  const clock = handClock(noon);
  const app = await openBenchHub({ systems: ['salesforce', 'hubspot', 'chatbot'], world: 'demo', clock });
  const { hub } = app;
  for (const system of hub.systems.values()) await provision(system, { apply: true });
  for (let round = 0; round < settleRounds; round += 1) {
    for (const system of hub.systems.values()) await pullSystem(hub, system);
    await walk(hub);
    // By the next round our own writes are no news any more.
    clock.advance(60 * minute);
  }
  for (const system of hub.systems.values()) {
    const before = system.calls();
    await idleHour(hub, system.name, clock);
    say(`${system.name}: ${system.calls() - before} calls an hour`);
  }
  await app.close();
}

async function idleHour(hub: Hub, name: string, clock: HandClock): Promise<void> {
  const system = hub.systems.get(name);
  if (system === undefined) return;
  for (let now = 0; now < 60; now += 1) {
    for (const { cron, scope } of rounds(system)) {
      if (!scope.full && isDue(cron, now)) await pullNews(hub, system, scope);
    }
    clock.advance(minute);
  }
}

/** The default schedules name minutes only: every so many, or one of the hour. */
function isDue(cron: string, now: number): boolean {
  const [minutes = ''] = cron.split(' ');
  return minutes.startsWith('*/') ? now % Number(minutes.slice(2)) === 0 : now === Number(minutes);
}

interface HandClock extends Clock {
  advance(ms: number): void;
}

function handClock(start: number): HandClock {
  let shift = start - Date.now();
  return {
    now: () => Date.now() + shift,
    sleep: systemClock.sleep,
    advance: (ms) => {
      shift += ms;
    },
  };
}
