/** Pulls that the vendor keeps waiting (exports): nobody holds anything for them, and they are taken up when due. */
import { z } from 'zod';
import type { Rest } from '../../connector/contract/reading.ts';
import { iso } from '../../support/clock.ts';
import type { Hub } from '../hub.ts';
import { resumesInMs, resumption } from '../resumption.ts';
import { type Unit, unitKey } from './unit.ts';

const restingSchema = z.object({
  /** Continues "waits for". */
  waitsFor: z.string(),
  /** ISO 8601: since when. */
  since: z.string(),
  /** When to ask again, by the hub's clock, ms. */
  resumeAt: z.number(),
  /** When it was said, by the hub's clock, ms. */
  saidAt: z.number(),
  /** The pull began as a reading of everything. */
  full: z.boolean(),
});
export type Resting = z.infer<typeof restingSchema>;

export async function noteRest(hub: Hub, unit: Unit, rest: Rest, full: boolean): Promise<void> {
  const before = await restOf(hub, unit);
  const now = hub.clock.now();
  const since = before?.waitsFor === rest.waitsFor ? before.since : iso(now);
  const resting: Resting = { ...resumption(rest, now), since, full };
  await hub.store.connections.saveState(keyOf(unit), resting);
  const about = { connection: unit.connection, object: unit.object, ...(unit.part && { part: unit.part }) };
  hub.log[before === null ? 'info' : 'debug'](about, restText(unitKey(unit), [resting]));
}

export async function forgetRest(hub: Hub, unit: Unit): Promise<void> {
  if ((await restOf(hub, unit)) !== null) await hub.store.connections.saveState(keyOf(unit), null);
}

/** Null when the stream, or the part of it, is not kept waiting. */
export async function restOf({ store }: Pick<Hub, 'store'>, unit: Unit): Promise<Resting | null> {
  return restingSchema.safeParse(await store.connections.state(keyOf(unit))).data ?? null;
}

/** All that a connection is kept waiting for, by stream. */
export async function restsOf(
  { store }: Pick<Hub, 'store'>,
  connection: string,
): Promise<ReadonlyMap<string, readonly Resting[]>> {
  const kept = await store.connections.statesFrom(`rests:${connection}:`);
  const rests = new Map<string, Resting[]>();
  for (const [key, value] of kept) {
    const { data } = restingSchema.safeParse(value);
    const [object = ''] = key.slice(`rests:${connection}:`.length).split('#');
    if (data) rests.set(object, [...(rests.get(object) ?? []), data]);
  }
  return rests;
}

/** Whether the schedule leaves the stream, or the part of it, alone for now. */
export async function isLeftToRest(hub: Hub, unit: Unit): Promise<boolean> {
  const resting = await restOf(hub, unit);
  return resting !== null && resumesInMs(hub, resting) > 0;
}

/** Of a stream, or of those of its parts that are kept waiting; at least one. */
export function restText(object: string, rests: readonly Resting[]): string {
  const [longest] = rests.toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const { waitsFor = '', since = '' } = longest ?? {};
  const what = rests.length > 1 ? `${object} (${rests.length} parts)` : object;
  return waitText(what, { waitsFor, since: Date.parse(since) });
}

/** `since`: ms. */
export function waitText(what: string, { waitsFor, since }: { waitsFor: string; since: number }): string {
  const at = iso(since).slice(0, 16).replace('T', ' ');
  return `${what} waits for ${waitsFor} since ${at} UTC. A hub that is running (\`serve\`) goes on with it by itself.`;
}

function keyOf(unit: Unit): string {
  return `rests:${unit.connection}:${unitKey(unit)}`;
}
