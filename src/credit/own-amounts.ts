/**
 * A deal may have several records, each with an amount of its own, in a currency of its own. Each is told its share of
 * its own amount: never the number of another with another code. Where a record's value differs from the deal's, it
 * stands under the field's name, an `@` and the record.
 */

import { chatCreditOf } from '../canonical/chat-credit.ts';
import type { CanonicalFields, Contribution, Money } from '../canonical/model.ts';
import { refText } from '../canonical/names.ts';

/** What one record of the deal says; null: nothing that can be read. */
export interface OwnAmount {
  /** Text ref of the record. */
  readonly ref: string;
  readonly amount: Money | null;
}

/** Of the records whose amount is another than the deal's. */
export function ownAmounts(contributions: readonly Contribution[], amount: Money | null): OwnAmount[] {
  return contributions
    .filter(({ kind, withdrawn }) => kind === 'Deal' && !withdrawn)
    .map(({ ref, values }) => ({ ref: refText(ref), amount: asMoney(values.amount?.value) }))
    .filter((own) => !isSame(own.amount, amount))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

export function asMoney(value: unknown): Money | null {
  return typeof value === 'object' && value !== null && 'minor' in value ? (value as Money) : null;
}

function isSame(a: Money | null, b: Money | null): boolean {
  return a?.minor === b?.minor && a?.currency === b?.currency;
}

export function ownField(name: string, ref: string): string {
  return `${name}@${ref}`;
}

function isOwnField(name: string): boolean {
  return name.includes('@');
}

/** The values as one record (text ref) is told of them. */
export function asToldTo(fields: CanonicalFields, ref: string | null): CanonicalFields {
  const own = ref === null ? [] : Object.entries(fields).filter(([name]) => name.endsWith(`@${ref}`));
  if (own.length === 0) return fields;
  return {
    ...fields,
    ...Object.fromEntries(own.map(([name, value]) => [name.slice(0, name.indexOf('@')), value])),
  };
}

/** The deal's credit by its short names; `amounts`: of the records whose own is another, by record. */
export function shownCredit(fields: CanonicalFields): Record<string, unknown> {
  const credit = Object.entries(chatCreditOf(fields));
  const own = credit.filter(([name]) => name.startsWith('amount@'));
  return {
    ...Object.fromEntries(credit.filter(([name]) => !isOwnField(name))),
    ...(own.length === 0
      ? {}
      : { amounts: Object.fromEntries(own.map(([name, value]) => [name.slice('amount@'.length), value])) }),
  };
}
