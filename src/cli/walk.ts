/** The road for a command that ends: also what falls due in a moment is walked. */
import type { Hub } from '../sync/hub.ts';
import { type WalkCounts, type WalkOptions, walk } from '../sync/road.ts';
import { newRun } from '../sync/runs.ts';

/** Locked rows and full rates are over by then; what waits longer is left to the next run. */
const patienceMs = 20_000;

export interface WalkedOut extends WalkCounts {
  /** Pieces of work that are left for later: the system that they are for did not answer. */
  waiting: number;
  /** Under which `hub undo` finds the writes. */
  run: string;
}

export async function walkOut(hub: Hub, given: WalkOptions = {}): Promise<WalkedOut> {
  const run = newRun(hub.clock.now());
  const options = { ...given, run };
  const total = await walk(hub, options);
  const { work } = hub.store;
  for (let until = hub.clock.now() + patienceMs; !isStuck(total); ) {
    const due = await work.nextDueAt();
    if (due === null || due > until) break;
    await hub.clock.sleep(Math.max(1, due - hub.clock.now()), hub.signal);
    const more = await walk(hub, options);
    if (more.written > 0) until = hub.clock.now() + patienceMs;
    addUp(total, more);
  }
  const left = Object.values(await work.counts()).reduce((sum, count) => sum + count, 0);
  return { ...total, waiting: left, run };
}

/** What would have to happen first does not happen within the command. */
function isStuck({ signIn, unread }: WalkCounts): boolean {
  return signIn.length > 0 || unread.length > 0;
}

const counted = ['fetched', 'normalized', 'resolved', 'attributed', 'written', 'failed', 'parked'] as const;

function addUp(total: WalkCounts, more: WalkCounts): void {
  for (const name of counted) total[name] += more[name];
  total.signIn.push(...more.signIn);
  total.unread = more.unread;
}

export function walkedText(walked: WalkedOut, parked: number): string {
  const { written, failed, waiting, signIn, unread, run } = walked;
  const later = waiting > 0 ? `, ${waiting} left for the next run` : '';
  const refused = signIn.map((name) => `\n${name}: cannot sign in; \`hub check\` says why`);
  const first =
    unread.length > 0
      ? `\nNothing is written before ${unread.join(' and ')} has been read to the end once.`
      : '';
  const taken = written > 0 ? `\n\`npm run hub -- undo ${run}\` shows how to take it back` : '';
  return `${written} written, ${failed} refused, ${parked} parked${later}${first}${[...new Set(refused)].join('')}${taken}`;
}

/** First contact: nothing is written before the admin says so, and he has to know. */
export function readOnlyLines(hub: Hub): string[] {
  const off = [...hub.systems.values()].filter(
    ({ connector, settings }) => connector.sink && settings.writes === 'off',
  );
  if (off.length === 0) return [];
  const names = off.map(({ name }) => name).join(', ');
  return [`Writes are off for ${names}: \`npm run hub -- plan\` shows what would be written.`];
}
