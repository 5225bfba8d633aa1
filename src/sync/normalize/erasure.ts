/**
 * A person who was erased at a system is not created there again, even if they are known from elsewhere or come back
 * to the chat. All that is kept of them is a print of the address that they had.
 */

import { addressKey } from '../../canonical/address.ts';
import type { Entity, EntityKind } from '../../canonical/model.ts';
import { keyText, recordKey, refText } from '../../canonical/names.ts';
import type { LandedRecord } from '../../store/contract/landing.ts';
import type { Store } from '../../store/contract/store.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type { Hub } from '../hub.ts';

/** To be called while it is still known whose records they are. */
export async function noteErasures(store: Store, erased: readonly LandedRecord[]): Promise<void> {
  for (const { ref, modifiedAt } of erased) {
    const own = keyText(recordKey(ref));
    const { [own]: id } = await store.entities.byKey('Person', [own]);
    const [person] = id === undefined ? [] : await store.entities.get([id]);
    const name = person && erasureOf(ref.connection, person);
    if (name !== undefined) await store.connections.saveState(name, { at: modifiedAt, ref: refText(ref) });
  }
}

/** What credit tells of people at the CRMs: names, and what they talked about. */
const telling: Readonly<Partial<Record<EntityKind, readonly string[]>>> = {
  Deal: ['reason', 'link', 'list', 'details'].map((name) => `chatCredit.${name}`),
  ChatTouch: ['name', 'personName', 'topic', 'outcome', 'link', 'reason'],
};

/** Where that is written. */
export function tellingFields({ systems }: Pick<Hub, 'systems'>) {
  return [...systems.values()].flatMap(({ name: connection, mapping }) =>
    Object.values(mapping.objects).flatMap(({ object, fields }) =>
      fields
        .filter(({ entity, canonical, pushes }) => pushes && telling[entity]?.includes(canonical))
        .map(({ vendor: field }) => ({ connection, object, field })),
    ),
  );
}

/** Under which name it is kept that a person was erased at a connection; undefined without an address. */
export function erasureOf(connection: string, { fields: { email } }: Entity): string | undefined {
  return typeof email === 'string'
    ? `erased:${connection}:${fingerprint(addressKey(email) ?? email)}`
    : undefined;
}
