/** Short ways to say what a record says. */
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { Contribution, EntityKind, Former, IdentityKey, RecordRef } from '../../src/canonical/model.ts';
import type { NormalizedRecord } from '../../src/store/contract/facts.ts';

export function key(kind: IdentityKey['kind'], value: string): IdentityKey {
  return { kind, value };
}

function ref(id: string): RecordRef {
  return { connection: 'sf', object: 'Lead', id };
}

export function nameOf(id: string, kind: EntityKind = 'Person'): string {
  return `${kind}|sf|Lead|${id}`;
}

interface Said {
  readonly kind?: EntityKind;
  readonly keys?: readonly IdentityKey[];
  readonly phone?: string;
  readonly former?: readonly Former[];
}

export function contribution(
  id: string,
  { kind = 'Person', keys = [], phone = '1', former }: Said,
): Contribution {
  const values = { phone: { value: phone, at: 5, exact: true } };
  const before = former ? { former } : {};
  return { ref: ref(id), kind, keys, values, createdAt: 1, ...before, withdrawn: false };
}

/** A Lead that says something of one person. */
export function said(id: string, what: Said): NormalizedRecord {
  return { ref: ref(id), contributions: [contribution(id, what)], links: [], events: [] };
}

export function touch(
  id: string,
  time: number,
  subject: IdentityKey,
  source: RecordRef = ref('1'),
): CanonicalEvent {
  return {
    id,
    type: 'touch.chat',
    time,
    source,
    subject: `${subject.kind}:${subject.value}`,
    data: { channel: 'Chat' },
  };
}
