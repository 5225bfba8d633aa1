/** Fields in which a deal is told what chats earned: one object in the canonical model, so names with one beginning. */
import type { CanonicalFields, CanonicalValue } from './model.ts';

const prefix = 'chatCredit.';

export function isChatCredit(field: string): boolean {
  return field.startsWith(prefix);
}

/** By short names: `share` for `chatCredit.share`. */
export function chatCreditOf(fields: CanonicalFields): Record<string, CanonicalValue> {
  const credit = Object.entries(fields).filter(([name]) => isChatCredit(name));
  return Object.fromEntries(credit.map(([name, value]) => [name.slice(prefix.length), value]));
}
