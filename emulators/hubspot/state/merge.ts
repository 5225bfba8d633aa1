import type { Knobs } from '../knobs.ts';
import { computed } from './derive.ts';
import type { ObjectType } from './objects.ts';
import type { Row, Values } from './rows.ts';

/**
 * What a merged record holds: the primary's values, the other's where the primary is blank, the earlier
 * creation, the other's addresses beside its own, and the trail of merged ids. Either part of the trail may be missing (fivetran/dbt_hubspot#46, #168).
 */
export function mergedValues(
  type: ObjectType,
  primary: Row,
  loser: Row,
  survivorId: string,
  at: number,
  { mergeTrail: trail, currency }: Pick<Knobs, 'mergeTrail' | 'currency'>,
): Values {
  const values: Record<string, string> = { ...loser.values, ...primary.values };
  const gone = survivorId === primary.id ? [loser.id] : [primary.id, loser.id];
  const created = [primary.values[type.createdProperty], loser.values[type.createdProperty]].sort()[0];
  Object.assign(values, computed(type.name, values, at, currency), {
    hs_object_id: survivorId,
    [type.createdProperty]: created ?? '',
  });
  if (trail !== 'vids') values.hs_merged_object_ids = joined('hs_merged_object_ids', [primary, loser], gone);
  if (type.name !== 'contacts') return values;
  const emails = [loser.values.email ?? ''].filter((email) => email !== '' && email !== values.email);
  values.hs_additional_emails = joined('hs_additional_emails', [primary, loser], emails);
  const vids = gone.map((id) => `${id}:${at}`);
  if (trail !== 'objectIds')
    values.hs_calculated_merged_vids = joined('hs_calculated_merged_vids', [primary, loser], vids);
  values.hs_all_contact_vids = joined('hs_all_contact_vids', [primary, loser], [survivorId]);
  return values;
}

function joined(property: string, rows: readonly Row[], more: readonly string[]): string {
  const before = rows.flatMap(({ values }) => values[property]?.split(';') ?? []);
  return [...new Set([...before, ...more])].join(';');
}
