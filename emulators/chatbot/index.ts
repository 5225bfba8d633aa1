/**
 * A chatbot on loopback: its read API, and signed webhooks for what happens in it. Knobs are listed in
 * `emulator/knobs.ts`. Events never change; `records.remove` erases one.
 */

import { systemClock } from '../../src/support/clock.ts';
import type { EmulatorDefinition, EmulatorOptions, RunningEmulator } from '../loopback/contract.ts';
import { startLoopback } from '../loopback/loopback.ts';
import { chance } from '../world/story/chance.ts';
import { type Desk, openApi, refusals, routeOf } from './api.ts';
import { Courier } from './courier.ts';
import { Feed } from './feed.ts';
import { readKnobs } from './knobs.ts';
import { openRecords } from './records.ts';
import { tellWorld } from './telling.ts';

export const chatbotEmulator: EmulatorDefinition = { system: 'chatbot', start };

const firstSyntheticAt = Date.UTC(2026, 0, 1);

async function start({
  port,
  world,
  clock = systemClock,
  seed = 1,
  knobs: raw,
}: EmulatorOptions): Promise<RunningEmulator> {
  const knobs = readKnobs(raw);
  const feed = new Feed(world ? tellWorld(world) : [], knobs.synthetic, firstSyntheticAt);
  const desk: Desk = { feed, knobs, clock, apiKey: keyOf(1), epoch: 1 };
  const loopback = await startLoopback({
    port,
    clock,
    route: routeOf,
    answer: openApi(desk),
    vendorFaults: refusals,
  });
  const courier = new Courier(knobs, clock, chance(seed, 'webhooks'));
  let keys = 1;
  return {
    system: 'chatbot',
    url: loopback.url,
    get config() {
      return { baseUrl: loopback.url, apiKey: desk.apiKey, webhookSecret: knobs.webhookSecret };
    },
    requests: loopback.requests,
    faults: loopback.faults,
    records: openRecords(feed, courier, clock),
    // A key has no successor that a client could fetch: somebody copies the new one from `config`.
    expireTokens() {
      keys += 1;
      desk.apiKey = keyOf(keys);
    },
    expireCursors() {
      desk.epoch += 1;
    },
    deliverTo: (url) => courier.deliverTo(url),
    delivered: () => courier.settled(),
    async close() {
      await courier.stop();
      await loopback.close();
    },
  };
}

function keyOf(number: number): string {
  return `chat-emulator-key-${number}`;
}
