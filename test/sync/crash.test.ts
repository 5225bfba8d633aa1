/** A hub process killed again and again, also between a CRM's acceptance of a write and our record of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chance } from '../../emulators/world/story/chance.ts';
import { systemClock } from '../../src/support/clock.ts';
import { changes } from './changes.ts';
import { attached, dataDirectory, openTestHub, pacingOff, type TestHub, writeRoutes } from './hub.ts';
import { startWalkerProcess, type Walker } from './process.ts';
import { canonicalState, crmCounts, crmState } from './state.ts';
import { type Story, tellStory } from './story.ts';
import type { WalkerOrder } from './walker.ts';

const kills = 30;
/** So many before anybody changes anything: the first reading is killed, too. */
const killsAtFirst = 8;
const systems = ['salesforce', 'hubspot'] as const;

/** What a kill is aimed at: any moment, or the moment after a CRM took something. */
type Aim = 'any moment' | 'after a write' | 'after a lost answer';

describe('a hub that is killed', () => {
  const random = chance(7, 'kills');
  const data = dataDirectory();
  /** Whose CRMs are written by processes that are killed, and whose by one that is left in peace. */
  let killed: TestHub;
  let peaceful: TestHub;
  let now: number;
  let spare: Walker;

  beforeAll(async () => {
    killed = await openTestHub({ clock: systemClock, ...pacingOff });
    peaceful = await openTestHub({ clock: systemClock, ...pacingOff });
    now = Math.floor(Date.now() / 1_000) * 1_000;
    spare = startWalkerProcess();
  });
  afterAll(async () => {
    await spare.kill();
    await Promise.all([killed.close(), peaceful.close()]);
    data.remove();
  });

  /** The next process loads while the present one works. */
  async function setOut(): Promise<Walker> {
    const walker = spare;
    spare = startWalkerProcess();
    await walker.says('ready');
    const order: WalkerOrder = { task: 'sync', hub: { data: data.path, attach: attached(killed) } };
    walker.order(order);
    return walker;
  }

  async function killOnce(longestMs: number): Promise<void> {
    const aim: Aim = random.pick(['any moment', 'after a write', 'after a lost answer']);
    for (const system of systems) {
      const { faults } = killed.emulator(system);
      const route = writeRoutes[system];
      if (aim === 'after a write') faults.inject({ what: 'slow', route, times: 1, delayMs: 3_000 });
      if (aim === 'after a lost answer') faults.inject({ what: 'lost-answer', route, times: 1 });
    }
    const before = written();
    const walker = await setOut();
    const patience = random.int(5, longestMs);
    await (aim === 'after a write' ? until(() => written() !== before, patience) : pause(patience));
    await walker.kill();
    for (const system of systems) killed.emulator(system).faults.clear();
  }

  async function until(holds: () => boolean, longestMs: number): Promise<void> {
    const end = performance.now() + longestMs;
    while (!holds() && performance.now() < end) await pause(10);
  }

  const written = () => JSON.stringify(crmState(killed.emulator, now));

  /** How long a process takes for one round, so that kills fall into all of it. */
  async function undisturbed(): Promise<number> {
    const walker = await setOut();
    const began = performance.now();
    await walker.says('done');
    return performance.now() - began;
  }

  it(`${kills} times ends where one that is left in peace ends, with nothing doubled`, async () => {
    const stories = [killed, peaceful].map(({ emulator }) => tellStory(emulator, now));
    await peaceful.quiet();
    let longestMs = 700;
    for (let turn = 0; turn < kills; turn += 1) {
      if (turn === killsAtFirst) longestMs = await undisturbed();
      if (turn >= killsAtFirst) await changeBoth(stories, turn);
      await killOnce(longestMs);
    }
    await undisturbed();

    expect(crmCounts(killed.emulator)).toEqual(crmCounts(peaceful.emulator));
    expect(crmState(killed.emulator, now)).toEqual(crmState(peaceful.emulator, now));
    const survivor = await openTestHub({
      data: data.path,
      clock: systemClock,
      attach: attached(killed),
    });
    expect(await canonicalState(survivor.hub, killed.emulator, now)).toEqual(
      await canonicalState(peaceful.hub, peaceful.emulator, now),
    );
    expect(await survivor.hub.store.work.parked()).toEqual([]);
    await survivor.close();
  }, 900_000);

  async function changeBoth(stories: readonly Story[], turn: number): Promise<void> {
    const at = Date.now();
    for (const [index, { emulator }] of [killed, peaceful].entries()) {
      const story = stories[index];
      if (story) changes[turn % changes.length]?.make(emulator, story, turn, at);
    }
    await peaceful.quiet();
  }
});
