/** With nothing changed: calls per poll and per hour, for each connection, at the default schedule. */
import { provision } from '../src/sync/provision.ts';
import { pullSystem } from '../src/sync/pull.ts';
import { walk } from '../src/sync/road.ts';
import { openBenchHub } from './hub.ts';
import { say } from './measure.ts';

const settleRounds = 4;
const polls = 3;
/** The default schedule pulls every five minutes. */
const pollsPerHour = 12;

export async function bench(): Promise<void> {
  const app = await openBenchHub({ systems: ['salesforce', 'hubspot', 'chatbot'], world: 'demo' });
  const { hub } = app;
  for (const system of hub.systems.values()) await provision(system, { apply: true });
  for (let round = 0; round < settleRounds; round += 1) {
    for (const system of hub.systems.values()) await pullSystem(hub, system);
    await walk(hub);
  }
  for (const system of hub.systems.values()) {
    const before = system.calls();
    for (let poll = 0; poll < polls; poll += 1) await pullSystem(hub, system);
    const perPoll = (system.calls() - before) / polls;
    say(`${system.name}: ${perPoll.toFixed(1)} calls a poll, ${Math.round(perPoll * pollsPerHour)} an hour`);
  }
  await app.close();
}
