/** The field beside an amount that says its currency, where the hub has to fill it in. */

import { isMoney } from '../language/kinds.ts';
import { isVendorField, nameOf } from '../language/path.ts';
import type { Section } from '../language/schema.ts';
import type { ReadableField } from './fields.ts';

/**
 * A record that the hub creates gets the currency of its amounts along with them: without it the amount would be
 * another one, in whatever currency the account is in. On records that nobody but the hub writes it also follows
 * later; anywhere else the currency is theirs.
 */
export function currencyFields(section: Section, fields: readonly ReadableField[]): ReadableField[] {
  if (section.create === undefined) return [];
  const isOurs = section.match === undefined && fields.every(({ pulls }) => !pulls);
  const taken = new Set(fields.filter(({ pushes }) => pushes).map(({ vendor }) => vendor));
  const found = new Map<string, ReadableField>();
  for (const field of fields) {
    const { currencyPath: path, creates } = field;
    if (path === undefined || !creates || !isVendorField(path)) continue;
    const vendor = nameOf(path);
    if (!taken.has(vendor) && !found.has(vendor)) found.set(vendor, currencyField(field, path, isOurs));
  }
  return [...found.values()];
}

function currencyField(amount: ReadableField, path: string, pushes: boolean): ReadableField {
  const { entity, canonical, line } = amount;
  const vendor = nameOf(path);
  return {
    ...{ entity, canonical, line, vendor, kind: 'text', path: amount.path.replace(amount.vendor, vendor) },
    ...{ rule: { kind: 'push-only' }, blanks: 'keep', pulls: false, pushes, creates: true, silent: false },
    read: () => undefined,
    toVendor: (fields) => {
      const value = fields[canonical];
      return { value: isMoney(value) ? value.currency : null };
    },
    sameAs: (held, wanted) => held === wanted,
  };
}
