/** Schedules and the walker: no overlap, jitter, every system for itself, a clean end. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { refText } from '../../src/canonical/names.ts';
import { systemClock } from '../../src/support/clock.ts';
import { silentLog } from '../../src/support/log.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { walk } from '../../src/sync/road.ts';
import { rounds, startSchedule, startWalker } from '../../src/sync/schedule.ts';
import {
  attached,
  dataDirectory,
  openTestHub,
  pacingOff,
  type TestHub,
  type TestHubOptions,
  writeRoutes,
} from './hub.ts';
import { tellStory } from './story.ts';

const everySecond = '* * * * * *';
const patience = { timeout: 120_000 };

const leftovers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clear of leftovers.splice(0).reverse()) await clear();
});

async function open(options: TestHubOptions = {}): Promise<TestHub> {
  const pacing = options.attach ? {} : pacingOff;
  const hub = await openTestHub({ clock: systemClock, ...pacing, ...options });
  leftovers.push(() => hub.close());
  return hub;
}

/** A chatbot that takes its time, and notes how many readings are under way at once. */
async function slowChatbot(answerAfterMs: number) {
  const seen = { readings: 0, underWay: 0, most: 0 };
  const server = createServer((_request, response) => {
    seen.readings += 1;
    seen.underWay += 1;
    seen.most = Math.max(seen.most, seen.underWay);
    setTimeout(() => {
      seen.underWay -= 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ events: [], next: 'here', more: false, asOf: null }));
    }, answerAfterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  leftovers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const webhookSecret = 'a-secret-of-the-slow-chatbot';
  return { seen, config: { baseUrl: `http://127.0.0.1:${port}`, apiKey: 'key', webhookSecret } };
}

const chatbotEverySecond = (config: Record<string, string>): TestHubOptions => ({
  systems: ['chatbot'],
  attach: { chatbot: config },
  connection: { chatbot: { schedule: everySecond } },
});

describe('a schedule', () => {
  it('starts no pull while the one before is under way', async () => {
    const { seen, config } = await slowChatbot(1_400);
    const { hub } = await open(chatbotEverySecond(config));
    const warned: string[] = [];
    const log = { ...silentLog, warn: (_: object, message: string) => void warned.push(message) };
    const printed = vi.spyOn(console, 'warn');
    const scheduler = startSchedule({ ...hub, log }, { jitterMs: 0 });
    await expect.poll(() => seen.readings, patience).toBeGreaterThan(1);
    await scheduler.stop();
    expect(seen.most).toBe(1);
    // Whoever reads the log as JSON finds nothing else there.
    expect(warned).toContainEqual(expect.stringContaining('task still running'));
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it('waits a little, never as long as the jitter, and not always as long', async () => {
    const { config } = await slowChatbot(0);
    const waits: number[] = [];
    const sleep: typeof systemClock.sleep = (ms, signal) => {
      // The walker's naps are whole.
      if (!Number.isInteger(ms)) waits.push(ms);
      return systemClock.sleep(Math.min(ms, 1_000), signal);
    };
    const { hub } = await open({ ...chatbotEverySecond(config), clock: { now: systemClock.now, sleep } });
    const scheduler = startSchedule(hub, { jitterMs: 90 });
    await expect.poll(() => waits.length, patience).toBeGreaterThan(2);
    await scheduler.stop();
    expect(waits.every((ms) => ms >= 0 && ms < 90)).toBe(true);
    expect(new Set(waits).size).toBe(waits.length);
  });

  it('lets a system that fails stop none of the others', async () => {
    const hub = await open();
    // Before each has been read once nothing is written at all.
    await hub.sync();
    tellStory(hub.emulator, Date.now());
    hub.emulator('hubspot').faults.inject({ what: 'unauthorized', times: 1_000 });
    const scheduler = startSchedule(hub.hub, { pullAtStart: true });
    const landed = (system: string) => hub.hub.store.landing.counts(system);
    await expect.poll(() => landed('salesforce'), patience).toMatchObject({ Contact: 2, Opportunity: 2 });
    await expect.poll(() => landed('chatbot'), patience).toMatchObject({ event: 19 });
    const shown = () => hub.emulator('salesforce').records.count('Chat_Touch__c');
    await expect.poll(shown, patience).toBe(3);
    await scheduler.stop();
    expect(await landed('hubspot')).toEqual({});
  });

  it('reads everything again at its own time, and finds what moved no change stamp', async () => {
    const never = '0 0 1 1 *';
    const hub = await open({
      systems: ['salesforce'],
      connection: { salesforce: { schedule: never, rereads: everySecond } },
    });
    const { records } = hub.emulator('salesforce');
    const at = Date.now() - 86_400_000;
    const deal = { StageName: 'Prospecting', CloseDate: '2026-12-01' };
    const id = records.create('Opportunity', { ...deal, Name: 'Before' }, { at });
    records.create('Opportunity', { ...deal, Name: 'A later one' }, { at: at + 3_600_000 });
    await pullSystem(hub.hub, hub.system('salesforce'));
    // As the value of a formula field does.
    records.update('Opportunity', id, { Name: 'After' }, { at });
    expect((await pullSystem(hub.hub, hub.system('salesforce'))).changed).toBe(0);
    const scheduler = startSchedule(hub.hub, { jitterMs: 0 });
    const ref = refText({ connection: 'salesforce', object: 'Opportunity', id });
    const landed = async () => (await hub.hub.store.landing.get([ref]))[0]?.body.Name;
    await expect.poll(landed, patience).toBe('After');
    await scheduler.stop();
  });

  it('follows the admin, else the connector, else that of the system', async () => {
    const { system } = await open({ connection: { hubspot: { schedules: { deals: '1 * * * *' } } } });
    const crons = new Map(
      rounds(system('hubspot')).flatMap(({ cron, scope }) =>
        (scope.objects ?? ['all']).map((one) => [one, cron]),
      ),
    );
    expect(['deals', 'forms', 'contacts', 'all'].map((name) => crons.get(name))).toEqual([
      '1 * * * *',
      '0 * * * *',
      '*/5 * * * *',
      '17 2 * * 0',
    ]);
  });

  it('ends: what runs comes to its end, nothing begins after', async () => {
    const { seen, config } = await slowChatbot(300);
    const { hub } = await open(chatbotEverySecond(config));
    const scheduler = startSchedule(hub, { jitterMs: 0, pullAtStart: true });
    await expect.poll(() => seen.underWay, { ...patience, interval: 5 }).toBe(1);
    await scheduler.stop();
    expect(seen.underWay).toBe(0);
    const { readings } = seen;
    await hub.store.work.mark('resolve', ['Person|nobody|x|1']);
    await pause(1_500);
    expect(seen.readings).toBe(readings);
    expect((await hub.store.work.counts()).resolve).toBe(1);
  });

  it('ends at once while a pull only waits for its jitter', async () => {
    const { seen, config } = await slowChatbot(0);
    const { hub } = await open(chatbotEverySecond(config));
    let waiting = 0;
    const sleep: typeof systemClock.sleep = (ms, signal) => {
      if (ms > 5_000) waiting += 1;
      return systemClock.sleep(ms, signal);
    };
    const slowly = { ...hub, clock: { now: hub.clock.now, sleep } };
    const scheduler = startSchedule(slowly, { jitterMs: 1e9 });
    await expect.poll(() => waiting, patience).toBeGreaterThan(0);
    await scheduler.stop();
    expect(seen.readings).toBe(0);
  });
});

describe('a walker', () => {
  it('notices marks that another process makes, and work that falls due', async () => {
    const data = dataDirectory();
    leftovers.push(data.remove);
    const hub = await open({ data: data.path });
    const story = tellStory(hub.emulator, Date.now());
    const other = await open({ data: data.path, attach: attached(hub) });
    const walker = startWalker(hub.hub);
    for (const system of other.hub.systems.values()) await pullSystem(other.hub, system);
    const share = () =>
      hub.emulator('salesforce').records.get('Opportunity', story.Opportunity.dora)?.Chat_Credit_Share__c;
    await expect.poll(share, patience).toBe(100);
    await walker.stop();
  });

  it('that is interrupted in the middle of a push gives its work back at once', async () => {
    const data = dataDirectory();
    leftovers.push(data.remove);
    const hub = await open({ data: data.path });
    tellStory(hub.emulator, Date.now());
    const interrupt = new AbortController();
    const interrupted = await open({ data: data.path, attach: attached(hub), signal: interrupt.signal });
    for (const system of interrupted.hub.systems.values()) await pullSystem(interrupted.hub, system);
    const { faults, requests } = hub.emulator('salesforce');
    faults.inject({ what: 'slow', route: writeRoutes.salesforce, times: 1, delayMs: 30_000 });
    const walking = walk(interrupted.hub);
    await expect
      .poll(() => hub.emulator('hubspot').requests.byRoute(), patience)
      .toHaveProperty('POST deals/batch/update');
    await pause(100);
    interrupt.abort(new Error('interrupted'));
    await expect(walking).rejects.toThrow('interrupted');
    expect(requests.counted()).toBeGreaterThan(0);
    faults.clear();
    const claims = await hub.hub.store.work.claim('push', 100, 1_000, { prefix: 'salesforce|' });
    expect(claims.length).toBeGreaterThan(0);
  });
});
