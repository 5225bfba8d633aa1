/** Why a field would be written: whose value it is, since when, by which rule. In words for an admin. */

import type { Entity } from '../../../canonical/model.ts';
import { parseRef } from '../../../canonical/names.ts';
import type { CompiledField } from '../../../mapping/language/compiled.ts';
import type { WriteReason } from '../../../store/contract/outbox.ts';
import { iso } from '../../../support/clock.ts';
import { type PlannedWrite, saidBy } from './plan.ts';

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

/** Why each field of a write is written, as the outbox keeps it; under `*` of a record that is taken out. */
export function writeReasons({
  entity,
  write,
  fields,
  references = {},
  hubId,
  why,
}: PlannedWrite): Record<string, WriteReason> {
  if (write.op === 'delete') return { '*': byHub(why ?? reasons.withdrawn) };
  const ofFields = fields.map(({ field }): [string, WriteReason] => [
    field.vendor,
    fieldReason(entity, field.canonical),
  ]);
  const own = new Set(fields.map(({ field }) => field.vendor));
  const added = Object.keys(saidBy({ write, references })).filter((name) => !own.has(name));
  const ofAdded = added.map((name): [string, WriteReason] => [
    name,
    byHub(name === hubId?.vendor ? reasons.paired : name in references ? reasons.reference : reasons.added),
  ]);
  const ofKey = Object.keys(write.alternateKey ?? {}).map((name): [string, WriteReason] => [
    name,
    byHub(reasons.hubId),
  ]);
  return Object.fromEntries([...ofFields, ...ofAdded, ...ofKey]);
}

export const reasons = {
  computed: 'computed by the hub',
  withdrawn: 'what it told of is gone',
  reference: 'names the record that it belongs to',
  added: 'by the mapping, for a new record',
  paired: 'the hub’s id of it: it stays paired when an address changes',
  hubId: 'the hub’s id of it: creating twice is updating',
} as const;

/** A kept reason in words. */
export function writeReasonText({ from, rule, since }: WriteReason): string {
  if (from === null) return rule;
  const { connection, object, id } = parseRef(from);
  const when = since === null ? '' : `, since ${iso(since).slice(0, 16)} or earlier`;
  return `${connection} ${object} ${id} says so${when} (${rule})`;
}

function fieldReason({ provenance }: Entity, canonical: string): WriteReason {
  const source = provenance[canonical];
  return source ? { from: source.ref, rule: source.rule, since: source.at } : byHub(reasons.computed);
}

function byHub(rule: string): WriteReason {
  return { from: null, rule, since: null };
}

export function reasonOf({ provenance }: Entity, { canonical }: CompiledField): Reason {
  const source = provenance[canonical];
  if (!source) {
    const rule = reasons.computed;
    return { from: null, since: null, exact: true, rule, text: rule };
  }
  const { connection, object, id } = parseRef(source.ref);
  const since = iso(source.at);
  const when = source.exact ? `since ${since.slice(0, 16)}` : `since ${since.slice(0, 16)} or earlier`;
  const text = `${connection} ${object} ${id} says so, ${when} (${source.rule})`;
  return { from: { connection, object, id }, since, exact: source.exact, rule: source.rule, text };
}
