/** What becomes of the mark of an entity whose write was not taken. */
import { parseRef, refText } from '../../canonical/names.ts';
import type { Fault } from '../../connector/fault.ts';
import type { ParkedReason } from '../../store/contract/work.ts';
import { backoff } from '../backoff.ts';
import type { Hub, System } from '../hub.ts';
import { refusedFields, type SentWrite } from './sent.ts';

/** What becomes of an entity's mark when it is not simply done. */
export type WriteDecision =
  | { readonly kind: 'again' }
  /** A row that goes after its deal, under whose key it is kept. */
  | { readonly kind: 'held'; readonly deal: string }
  /** Not worth a call of its own yet. */
  | { readonly kind: 'postponed'; readonly until: number }
  /** The vendor has the write and says later what became of it. */
  | { readonly kind: 'pending' }
  /** Tried again after a wait; with a `reason`, left to a person when that does not help. */
  | { readonly kind: 'later'; wait(attempts: number): number; readonly reason?: ParkedReason }
  | { readonly kind: 'park'; readonly reason: ParkedReason };

/** These stay wrong however often they are sent. */
const final: ReadonlySet<string> = new Set(['rejected', 'unauthorized']);
/** These say nothing about the write: it waits for as long as they last. */
const outages: ReadonlySet<string> = new Set(['unavailable', 'throttled']);

/** A token that is not accepted (401) says nothing about the write either; a missing permission does. */
function isOutage({ kind, status }: Fault): boolean {
  return outages.has(kind) || (kind === 'unauthorized' && status === 401);
}

export async function judge(hub: Hub, system: System, sent: SentWrite, fault: Fault): Promise<WriteDecision> {
  const { entityId, object, write, ref } = sent;
  const reason: ParkedReason = {
    ...(somebodyThere(system, sent, fault) ?? { code: fault.code ?? fault.kind, message: fault.message }),
    record: recordName(ref, entityId),
    ...(fault.field ? { field: fault.field } : {}),
  };
  const wait = (attempts: number) => backoff(fault, attempts);
  if (isOutage(fault)) return { kind: 'later', wait };
  // Planned anew without it, the rest goes.
  if (refusedFields(sent, fault).length > 0) return { kind: 'again' };
  if (final.has(fault.kind))
    return { kind: 'park', reason: fault.field ? reason : { ...reason, refusedBy: object } };
  // The record there is not what we thought: a conflict marks stage 1 for it, the only way back.
  const stale = fault.existingId ?? write.id;
  if (fault.kind === 'conflict' && stale) {
    await hub.store.work.mark('fetch', [refText({ connection: system.name, object, id: stale })]);
  }
  return { kind: 'later', wait, reason };
}

/**
 * A new record is refused because another has what only one record may have, as a rule the address. Reading that one
 * did not make it this entity's, so the hub knows them apart, and only a person can say who is who.
 */
function somebodyThere(
  { name, connector }: System,
  { object, write }: SentWrite,
  { kind, existingId, message }: Fault,
): { code: string; message: string } | null {
  if (kind !== 'conflict' || write.op !== 'upsert' || existingId === undefined) return null;
  const there = `${name} ${object} ${existingId}`;
  return {
    code: 'SOMEBODY_OF_SEVERAL',
    message:
      `${there} has a value that ${connector.title} takes of one record only (${message.replace(/\.$/, '')}), and is somebody else as far as the hub knows. ` +
      'If it is the same, say so with `hub same`; if not, one of the two needs another address. `hub suggest` shows what is known of them.',
  };
}

/** As parked work names it to a person. */
export function recordName(ref: string, entityId: string): string {
  const { connection, object, id } = parseRef(ref);
  return id.startsWith('external:')
    ? `${connection} ${object} of ${entityId}`
    : `${connection} ${object} ${id}`;
}
