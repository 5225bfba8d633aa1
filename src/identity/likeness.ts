/**
 * Statements that are as good as one for resolving. Statements of one likeness have the same addresses in the same
 * order and the same name; without an address, the same user (of
 * a conversation, the same session). So by the end of joining by addresses (or
 * chats) all of them are in one cluster, whatever their browsers and phones are.
 */
import type { EntityKind } from '../canonical/model.ts';
import { keyText, recordKey } from '../canonical/names.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { Node } from './clusters.ts';
import { evidenceOf } from './keys.ts';

/** Null for what is looked at one by one: records, what is withdrawn, and what names a record or an id of the hub. */
export function likenessOf(node: Node): string | null {
  const { contribution, words, addresses } = node;
  const { kind, ref, statement, withdrawn } = contribution;
  if (!statement || withdrawn) return null;
  const others = otherKeys(node);
  if (others.some((text) => evidenceOf(text) === 'reference')) return null;
  const chats = addresses.length > 0 ? [] : others.filter((text) => leads(kind, text)).sort();
  if (addresses.length + chats.length === 0) return null;
  return fingerprint(JSON.stringify([kind, ref.connection, ref.object, words, addresses, chats]));
}

/** A person's conversations are many, and lead to whoever said in each of them who they are. */
function leads(kind: EntityKind, text: string): boolean {
  const evidence = evidenceOf(text);
  return evidence === 'chat' || (evidence === 'session' && kind !== 'Person');
}

/** Texts of the keys of a contribution but its own id. */
export function otherKeys({ contribution, keys }: Node): string[] {
  const own = keyText(recordKey(contribution.ref));
  return keys.filter((text) => text !== own);
}
