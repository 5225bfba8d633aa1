/** The road for a command that ends: also what falls due in a moment is walked. */
import type { Held } from '../../store/contract/connections.ts';
import { iso } from '../../support/clock.ts';
import type { Hub } from '../../sync/hub.ts';
import type { RowsBehind } from '../../sync/push/plan/rows-behind.ts';
import { type WalkCounts, type WalkOptions, walk } from '../../sync/road.ts';
import { newRun } from '../../sync/undo/runs.ts';
import { heldRowsLines } from '../text/rows-text.ts';

/** Locked rows and full rates are over by then; what waits longer is left to the next run. */
const patienceMs = 20_000;

/** How often others that are at work are looked at. */
const lookMs = 200;

export interface WalkedOut extends WalkCounts {
  /** Pieces of work that are left for later: the system that they are for did not answer. */
  waiting: number;
  /** Other processes that are at work, and on how much. */
  held: readonly (Held & { readonly keys: number })[];
  /** Rows that wait until their deals have been told their credit. */
  heldRows: RowsBehind;
  /** Under which `hub undo` finds the writes. */
  run: string;
}

export async function walkOut(hub: Hub, given: WalkOptions = {}): Promise<WalkedOut> {
  const run = newRun(hub.clock.now());
  const options = { ...given, run };
  const total = await walk(hub, options);
  const { work } = hub.store;
  let walkedAt = 0;
  for (let until = hub.clock.now() + patienceMs; !isStuck(total); ) {
    const due = await work.nextDueAt();
    // What is still due after a walk is for others: they have read newer files.
    if (due === null || due > until || due < walkedAt) {
      // Others that are at work may leave something to this one.
      if (hub.clock.now() >= until || (await work.heldByOthers()).length === 0) break;
      await hub.clock.sleep(lookMs, hub.signal);
      continue;
    }
    walkedAt = hub.clock.now();
    await hub.clock.sleep(Math.max(1, due - hub.clock.now()), hub.signal);
    const more = await walk(hub, options);
    if (more.written > 0) until = hub.clock.now() + patienceMs;
    addUp(total, more);
  }
  return {
    ...{ ...total, waiting: await work.overdue(), held: await work.heldByOthers(), run },
    heldRows: await hub.store.heldRows.count(),
  };
}

/** Whether anything is left that nobody is at. */
export function isLeft({ waiting, held }: WalkedOut): boolean {
  return waiting > held.reduce((sum, { keys }) => sum + keys, 0);
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
  const { written, failed, waiting, held, heldRows, signIn, unread, run } = walked;
  const later = waiting > 0 ? `, ${waiting} left for the next run` : '';
  const others = held
    .map(({ by, keys, until }) => {
      const end = until === null ? 'until it is done or ends' : `until ${iso(until)} at the latest`;
      return `\n${keys} of them are with ${by}, ${end}`;
    })
    .join('');
  const rows = heldRowsLines(heldRows).map((line) => `\n${line}`);
  const refused = signIn.map((name) => `\n${name}: cannot sign in; \`hub check\` says why`);
  const first =
    unread.length > 0
      ? `\nNew records and credit wait until all of this has been read once: ${unread.join(', ')}.`
      : '';
  const taken = written > 0 ? `\n\`hub undo ${run}\` shows how to take it back` : '';
  return `${written} written, ${failed} refused, ${parked} parked${later}${others}${rows.join('')}${first}${[...new Set(refused)].join('')}${taken}`;
}

/** First contact: nothing is written before the admin says so, and he has to know. */
export function readOnlyLines(hub: Hub): string[] {
  const off = [...hub.systems.values()].filter(
    ({ connector, settings }) => connector.sink && settings.writes === 'off',
  );
  if (off.length === 0) return [];
  const names = off.map(({ name }) => name).join(', ');
  return [`Writes are off for ${names}: \`hub plan\` shows what would be written.`];
}
