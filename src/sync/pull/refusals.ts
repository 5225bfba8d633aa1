/**
 * Streams that a vendor refuses to let be read: switched off, not granted, not in this account, or asked for in
 * a way that it does not take. Each has a name, a reason and a remedy; all else goes on without it.
 */
import { z } from 'zod';
import { Fault, type FaultKind } from '../../connector/fault.ts';
import { iso } from '../../support/clock.ts';
import type { Json } from '../../support/json.ts';
import type { Hub } from '../hub.ts';
import { type Unit, unitKey } from './unit.ts';

const refusalSchema = z.object({
  kind: z.enum(['absent', 'rejected']),
  code: z.string().nullable(),
  /** In the vendor's words, with what to do. */
  message: z.string(),
  /** ISO 8601: when it was refused first. */
  since: z.string(),
  /** When it was asked for last, by the hub's clock, ms. */
  askedAt: z.number(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** What is off seldom comes on: the schedule looks again once a day. A person who asks is always answered. */
const lookAgainMs = 24 * 3_600_000;

const refusing: ReadonlySet<FaultKind> = new Set(['absent', 'rejected']);

/** Whether a fault is the vendor's last word on this stream, so that nothing has to wait for it. */
export function isRefusal(error: unknown): error is Fault {
  return error instanceof Fault && refusing.has(error.kind);
}

/** Said once, not at every look. */
export async function noteRefusal(hub: Hub, unit: Unit, fault: Fault): Promise<void> {
  const { connection } = unit;
  const object = unitKey(unit);
  const before = await refusalOf(hub, connection, object);
  const now = hub.clock.now();
  const { kind, code = null, message } = fault;
  const refusal = { kind, code, message, since: before?.since ?? iso(now), askedAt: now };
  await hub.store.connections.saveState(keyOf(connection, object), refusal);
  const about = { connection, object, fault: kind, code };
  if (before?.message === message) hub.log.debug(about, message);
  else hub.log.warn(about, `${object} is not read, everything else is: ${message}`);
}

/** Of creations that are held because it cannot be read whether somebody is there already. */
export const unseenCode = 'CANNOT_BE_LOOKED_FOR';

export async function forgetRefusal(hub: Hub, unit: Unit): Promise<void> {
  const { connection } = unit;
  const object = unitKey(unit);
  if ((await refusalOf(hub, connection, object)) === null) return;
  await hub.store.connections.saveState(keyOf(connection, object), null);
  const parked = await hub.store.work.parked({ stage: 'push', prefix: `${connection}|` });
  const unseen = parked.filter(({ reason }) => reason.code === unseenCode);
  await hub.store.work.mark(
    'push',
    unseen.map(({ key }) => key),
  );
  hub.log.info({ connection, object }, `${object} can be read now`);
}

/** Null when the stream was read when it was asked for last, or was never asked for. */
export async function refusalOf(
  { store }: Pick<Hub, 'store'>,
  connection: string,
  object: string,
): Promise<Refusal | null> {
  const kept: Json | null = await store.connections.state(keyOf(connection, object));
  return refusalSchema.safeParse(kept).data ?? null;
}

/** Whether the schedule leaves the stream alone for now. */
export async function isLeftAlone(hub: Hub, unit: Unit): Promise<boolean> {
  const refusal = await refusalOf(hub, unit.connection, unitKey(unit));
  return refusal?.kind === 'absent' && Math.abs(hub.clock.now() - refusal.askedAt) < lookAgainMs;
}

/** Which of these streams and parts the vendor refuses. */
export async function refusedUnits(
  { store }: Pick<Hub, 'store'>,
  connection: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const stored = new Map(keys.map((key) => [keyOf(connection, key), key]));
  const kept = await store.connections.states([...stored.keys()]);
  return new Set([...kept].flatMap((one) => stored.get(one) ?? []));
}

/** The parts of a stream that the vendor refuses, by name. */
export async function refusedParts(
  { store }: Pick<Hub, 'store'>,
  connection: string,
  object: string,
): Promise<ReadonlyMap<string, Refusal>> {
  const prefix = keyOf(connection, unitKey({ object, part: '' }));
  const parts = new Map<string, Refusal>();
  for (const [key, value] of await store.connections.statesFrom(prefix)) {
    const { data } = refusalSchema.safeParse(value);
    if (data) parts.set(key.slice(prefix.length), data);
  }
  return parts;
}

/** Of parts of one stream; at least one. */
export function refusedText(parts: ReadonlyMap<string, Refusal>): string {
  const [[name, { message, since }] = ['', { message: '', since: '' }]] = parts;
  const rest =
    parts.size > 1 ? ` The same or another reason keeps ${parts.size - 1} more parts from being read.` : '';
  return `${name}: ${message} (since ${since.slice(0, 10)}).${rest}`;
}

function keyOf(connection: string, object: string): string {
  return `refused:${connection}:${object}`;
}
