/** What has to be known of a write when its outcome comes, be it at once or hours later. */
import type { EntityKind } from '../../canonical/model.ts';
import type { Write } from '../../connector/contract/writing.ts';
import type { Fault } from '../../connector/fault.ts';
import type { FieldMemory } from '../../store/contract/outbox.ts';
import type { Json } from '../../support/json.ts';
import type { PlannedWrite, Withheld } from './plan/plan.ts';

export interface SentWrite {
  /** In the outbox. */
  readonly id: string;
  readonly object: string;
  readonly kind: EntityKind;
  readonly entityId: string;
  /** Text ref of the record; for one that is to be made, under its external id. */
  readonly ref: string;
  readonly write: Write;
  /** Vendor fields among those of the write that hold ids: of other records, and the hub's own. */
  readonly references: readonly string[];
  readonly hubId: string | null;
  readonly withheld: readonly Withheld[];
  /** Version of the object's mapping. */
  readonly mapping: string;
  /** The mark of stage 5 that it was claimed by; null: no mark wanted it. */
  readonly mark: number | null;
  /** As they stand while nobody knows the outcome. */
  readonly memories: readonly FieldMemory[];
}

export function sentOf(planned: PlannedWrite, id: string, mark: number | null): SentWrite {
  const { entity, object, write, ref, references = {}, hubId, withheld = [] } = planned;
  return {
    ...{ id, ref, write, withheld, mark },
    object: object.object,
    kind: entity.kind,
    entityId: entity.id,
    references: Object.keys(references),
    hubId: hubId?.vendor ?? null,
    mapping: object.version,
    memories: memoriesOf(planned),
  };
}

function memoriesOf({
  entity,
  object,
  fields,
  references = {},
  hubId,
  ref,
  basis,
}: PlannedWrite): FieldMemory[] {
  const status = 'intended' as const;
  const ofFields = fields.map(({ field, to, repeats }) => ({
    ...{ status, ref, field: field.vendor, path: field.path, canonical: field.canonical },
    sent: to,
    value: (entity.fields[field.canonical] ?? null) as Json,
    valueAt: entity.provenance[field.canonical]?.at ?? 0,
    valueExact: entity.provenance[field.canonical]?.exact ?? false,
    basis,
    repeats,
  }));
  const ofReferences = Object.entries(references).map(([field, id]) => ({
    ...{ status, ref, field, path: field, canonical: `reference of ${object.object}` },
    ...{ sent: id, value: id, valueAt: 0, valueExact: false, basis, repeats: 0 },
  }));
  const ofId = hubId ? [{ ...hubId, field: hubId.vendor, canonical: `id of ${entity.kind}` }] : [];
  const ofHubId = ofId.map(({ field, path, canonical, value }) => ({
    ...{ status, ref, field, path, canonical },
    ...{ sent: value, value, valueAt: 0, valueExact: false, basis, repeats: 0 },
  }));
  return [...ofFields, ...ofReferences, ...ofHubId];
}

/**
 * Those of the write's values that the CRM names in its refusal, as far as the rest can do without them. The hub's id
 * may be taken by another record: that is a conflict of the id alone.
 */
export function refusedFields(
  { write: { op, fields }, references, hubId }: SentWrite,
  fault: Fault,
): string[] {
  if (op === 'delete') return [];
  const isOfId = hubId !== null && (fault.fields.includes(hubId) || fault.message.includes(hubId));
  if (isOfId && (fault.kind === 'conflict' || fault.kind === 'rejected')) return [hubId];
  if (fault.kind !== 'rejected') return [];
  return fault.fields.filter((field) => field in fields && !references.includes(field));
}
