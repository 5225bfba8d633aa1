/**
 * A storm at one connection (thousands of its records changed at once) holds up its own news alone. After each full
 * batch of it the news of the others goes on through all stages, and the credit that comes of it is written, though
 * there is more to be read: nobody else writes credit, and it makes no record.
 *
 * What is read for the first time, or anew by an edited mapping, is no storm: before it has come to rest once, credit
 * lacks people and deals that are known the minute after, and is not told.
 */
import type { Stage } from '../store/contract/work.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { Causes } from './editions.ts';
import type { Hub } from './hub.ts';
import { ownEditions } from './own-editions.ts';

/** One stage's batch. */
export interface Step {
  readonly stage: Stage;
  /** Batches that the stage may take while later stages wait. */
  readonly turns: number;
  /** Returns how many pieces it worked on. `causes`: of the news of these connections. */
  work(causes?: Causes): Promise<number>;
}

export interface Going {
  readonly steps: readonly Step[];
  /** Writes the credit that the news of these connections has caused; absent: nothing is written. */
  push?(causes: readonly string[]): Promise<void>;
}

/** Lets the news go on of those connections of which none waits in `stages`, if some of another does. */
export async function goAhead(hub: Hub, stages: readonly Stage[], { steps, push }: Going): Promise<void> {
  if (!(await hasRested(hub))) return;
  const storm = await dueIn(hub, stages);
  const others = [...hub.systems.keys(), ''].filter((cause) => !storm.has(cause));
  if (storm.size === 0 || others.length === 0) return;
  // A vendor that is asked may take its time.
  for (const { stage, work } of steps) if (stage !== 'fetch') await work(others);
  if (!push) return;
  const busy = await dueIn(
    hub,
    steps.map(({ stage }) => stage),
  );
  const through = others.filter((cause) => !busy.has(cause));
  if (through.length > 0) await push(through);
}

async function dueIn({ store }: Hub, stages: readonly Stage[]): Promise<Set<string>> {
  const due = new Set<string>();
  for (const stage of stages) for (const cause of await store.work.causes(stage)) due.add(cause);
  return due;
}

// ------------------------------------------------------------------------------------------- at rest

const rested = new WeakSet<Hub>();
const stateKey = 'rested';

/** Nothing was left to do in any stage, and all had been read once. */
export async function noteAtRest(hub: Hub): Promise<void> {
  if (rested.has(hub)) return;
  await hub.store.connections.saveState(stateKey, filesOf(hub));
  rested.add(hub);
}

/** Whether that has been so since the files are what they are. */
async function hasRested(hub: Hub): Promise<boolean> {
  if (rested.has(hub)) return true;
  if ((await hub.store.connections.state(stateKey)) !== filesOf(hub)) return false;
  rested.add(hub);
  return true;
}

/** A new connection has editions, too. */
function filesOf(hub: Hub): string {
  const editions = [...ownEditions(hub).values()].map(({ name, version }) => `${name} ${version}`);
  return fingerprint(editions.join('\n'), 16);
}
