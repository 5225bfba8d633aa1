/** Identity keys as text, and how far each kind of key is to be trusted. */
import type { EntityKind, IdentityKey, RecordRef } from '../canonical/model.ts';

export function keyText(key: IdentityKey): string {
  return `${key.kind}:${key.value}`;
}

/** The key that every record has by being itself. */
export function recordKey(ref: RecordRef): IdentityKey {
  return { kind: 'id', value: `${ref.connection}:${ref.object}:${ref.id}` };
}

/**
 * A weak key is a hint: a shared office phone or a shared browser must not make two people one.
 * It joins only where it leads to a single identified thing (see `resolve`).
 */
const weakKinds: ReadonlySet<string> = new Set(['visitor', 'phone']);

export function isWeak(key: IdentityKey): boolean {
  return weakKinds.has(key.kind);
}

/** What makes a cluster of contributions somebody in particular, so that a weak key may not merge it with another. */
const identifying: Readonly<Record<EntityKind, ReadonlySet<IdentityKey['kind']>>> = {
  Person: new Set(['email']),
  Organization: new Set(['domain']),
  Deal: new Set(['id']),
  Campaign: new Set(['id']),
  Conversation: new Set(['external']),
  Ticket: new Set(['id']),
  Order: new Set(['id']),
  ChatTouch: new Set(['external']),
};

export function identifies(kind: EntityKind, key: IdentityKey): boolean {
  return identifying[kind].has(key.kind);
}
