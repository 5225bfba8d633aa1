/** Why a field would be written: whose value it is, since when, by which rule. In words for an admin. */
import { type Entity, parseRef } from '../canonical/model.ts';
import type { CompiledField } from '../mapping/compiled.ts';
import { iso } from '../support/clock.ts';

export interface Reason {
  /** The record that the value comes from; null where the hub itself computed it. */
  readonly from: { readonly connection: string; readonly object: string; readonly id: string } | null;
  /** ISO 8601; when the value came to be there, or the latest moment at which it can have. */
  readonly since: string | null;
  readonly exact: boolean;
  /** How the field's owner was decided. */
  readonly rule: string;
  readonly text: string;
}

export function reasonOf({ provenance }: Entity, { canonical }: CompiledField): Reason {
  const source = provenance[canonical];
  if (!source) {
    const rule = 'computed by the hub';
    return { from: null, since: null, exact: true, rule, text: rule };
  }
  const { connection, object, id } = parseRef(source.ref);
  const since = iso(source.at);
  const when = source.exact ? `since ${since.slice(0, 16)}` : `since ${since.slice(0, 16)} or earlier`;
  const text = `${connection} ${object} ${id} says so, ${when} (${source.rule})`;
  return { from: { connection, object, id }, since, exact: source.exact, rule: source.rule, text };
}
