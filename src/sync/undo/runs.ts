/** Runs that wrote something, as people name them: one for each walk of the road. */
import { randomBytes } from 'node:crypto';
import { iso } from '../../support/clock.ts';
import type { Hub } from '../hub.ts';

/** By time, so that the latest sorts last: `20260630-120000-4f1a`. */
export function newRun(now: number): string {
  const [date = '', time = ''] = iso(now).replace(/[-:]/g, '').slice(0, 15).split('T');
  return `${date}-${time}-${randomBytes(2).toString('hex')}`;
}

export interface WritingRun {
  readonly run: string;
  readonly at: number;
  readonly written: number;
  /** Writes by `connection object`. */
  readonly objects: Readonly<Record<string, number>>;
}

const looked = 20_000;

/** The latest runs that wrote anything, newest first, as far as the latest writes reach. */
export async function writingRuns(hub: Hub, limit: number): Promise<WritingRun[]> {
  const writes = await hub.store.outbox.writes({}, looked);
  const done = writes.filter(({ status }) => status !== 'failed');
  const runs = [...Map.groupBy(done, ({ run }) => run)].slice(0, limit);
  return runs.map(([run, group]) => {
    const objects: Record<string, number> = {};
    for (const { connection, object } of group)
      objects[`${connection} ${object}`] = (objects[`${connection} ${object}`] ?? 0) + 1;
    return { run, at: Math.min(...group.map(({ at }) => at)), written: group.length, objects };
  });
}
