/**
 * Streams that a vendor refuses to let be read: switched off, not granted, not in this account, or asked for in
 * a way that it does not take. Each has a name, a reason and a remedy; all else goes on without it.
 */
import { z } from 'zod';
import { Fault, type FaultKind } from '../../connector/fault.ts';
import { iso } from '../../support/clock.ts';
import type { Json } from '../../support/json.ts';
import type { Hub, System } from '../hub.ts';

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
export async function noteRefusal(hub: Hub, system: System, object: string, fault: Fault): Promise<void> {
  const before = await refusalOf(hub, system.name, object);
  const now = hub.clock.now();
  const { kind, code = null, message } = fault;
  const refusal = { kind, code, message, since: before?.since ?? iso(now), askedAt: now };
  await hub.store.connections.saveState(keyOf(system.name, object), refusal);
  const about = { connection: system.name, object, fault: kind, code };
  if (before?.message === message) hub.log.debug(about, message);
  else hub.log.warn(about, `${object} is not read, everything else is: ${message}`);
}

/** Of creations that are held because it cannot be read whether somebody is there already. */
export const unseenCode = 'CANNOT_BE_LOOKED_FOR';

export async function forgetRefusal(hub: Hub, system: System, object: string): Promise<void> {
  if ((await refusalOf(hub, system.name, object)) === null) return;
  await hub.store.connections.saveState(keyOf(system.name, object), null);
  const parked = await hub.store.work.parked({ stage: 'push', prefix: `${system.name}|` });
  const unseen = parked.filter(({ reason }) => reason.code === unseenCode);
  await hub.store.work.mark(
    'push',
    unseen.map(({ key }) => key),
  );
  hub.log.info({ connection: system.name, object }, `${object} can be read now`);
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
export async function isLeftAlone(hub: Hub, connection: string, object: string): Promise<boolean> {
  const refusal = await refusalOf(hub, connection, object);
  return refusal?.kind === 'absent' && Math.abs(hub.clock.now() - refusal.askedAt) < lookAgainMs;
}

function keyOf(connection: string, object: string): string {
  return `refused:${connection}:${object}`;
}
