/** Identity keys as text, and how strong a kind of evidence each of them is. */

import type { Contribution, EntityKind, IdentityKey } from '../canonical/model.ts';
import { kindOfKey } from '../canonical/names.ts';

/**
 * Kinds of evidence, the strongest first. `vendor`: a system speaks of its own records (merged, converted);
 * `decision`: an admin said so; `pairing`: what was found to be one before; `reference`: a record names one of
 * another system, or carries the hub's id.
 */
export type Evidence =
  | 'vendor'
  | 'decision'
  | 'pairing'
  | 'reference'
  | 'address'
  | 'session'
  | 'chat'
  | 'visitor'
  | 'phone';

const evidences: Readonly<Record<string, Evidence>> = {
  id: 'reference',
  external: 'reference',
  email: 'address',
  domain: 'address',
  session: 'session',
  visitor: 'visitor',
  phone: 'phone',
};

/** Kinds that are not listed (a user) are keys of chats. */
export function evidenceOf(text: string): Evidence {
  return evidences[kindOfKey(text)] ?? 'chat';
}

/** Whether the key names a record of the contribution's own system: what a vendor says of its own records. */
export function isVendorsOwn({ ref, statement }: Contribution, text: string): boolean {
  return statement === undefined && text.startsWith(`id:${ref.connection}:`);
}

/** What makes a cluster of contributions somebody in particular, so that a weak key may not merge it with another. */
const identifying: Readonly<Record<EntityKind, ReadonlySet<IdentityKey['kind']>>> = {
  Person: new Set(['email']),
  Organization: new Set(['domain']),
  Deal: new Set(['id']),
  Campaign: new Set(['id']),
  Conversation: new Set(['session', 'external']),
  Ticket: new Set(['id']),
  Order: new Set(['id']),
  ChatTouch: new Set(['external']),
};

export function identifies(kind: EntityKind, key: IdentityKey): boolean {
  return identifying[kind].has(key.kind);
}
