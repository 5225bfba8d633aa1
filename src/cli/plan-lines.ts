/** The lines of a plan: what is written, what cannot be, and what that comes to for each object. */
import { writesOn } from '../settings/schema.ts';
import type { Hub, System } from '../sync/hub.ts';
import type { Obstacle, PlannedWrite } from '../sync/plan.ts';
import { type Reason, reasonOf } from '../sync/reason.ts';

export type PlanLine = WriteLine | ObstacleLine;

export interface WriteLine {
  readonly connection: string;
  readonly object: string;
  readonly record: string | null;
  readonly entity: string;
  readonly op: 'update' | 'upsert' | 'delete';
  readonly writesOn: boolean;
  readonly fields: readonly FieldLine[];
}

interface FieldLine {
  readonly field: string;
  /** Null: nothing of the entity, but what the mapping adds to a new record. */
  readonly canonical: string | null;
  readonly from: unknown;
  readonly to: unknown;
  readonly because: Reason;
}

/** What a push would do to an object, in numbers. */
export interface ObjectSummary {
  readonly connection: string;
  readonly object: string;
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  /** Live records there; null for the hub's own object, which is not read. */
  readonly records: number | null;
  readonly writesOn: boolean;
  /** It would change so much that it is held back until `push --yes`. */
  readonly asksFirst: boolean;
}

export interface ObstacleLine {
  readonly connection: string;
  readonly object: string;
  readonly entity: string;
  readonly op: 'none';
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
}

export function writeLine(system: System, { entity, object, write, fields }: PlannedWrite): WriteLine {
  return {
    connection: system.name,
    object: object.object,
    record: write.id ?? null,
    entity: entity.id,
    op: write.op,
    writesOn: writesOn(system.settings, object.object),
    fields: [
      ...fields.map(({ field, from, to }) => ({
        field: field.vendor,
        canonical: field.canonical,
        from,
        to,
        because: reasonOf(entity, field),
      })),
      ...addedFields({ write, fields }),
    ],
  };
}

/** What goes along that is no value of the entity: the hub's id, references, values that the CRM demands. */
function addedFields({ write, fields }: Pick<PlannedWrite, 'write' | 'fields'>): FieldLine[] {
  const own = new Set(fields.map(({ field }) => field.vendor));
  const { externalId } = write;
  const added: [field: string, to: unknown][] = Object.entries(write.fields).filter(
    ([name]) => !own.has(name),
  );
  if (externalId) added.unshift([externalId.field, externalId.value]);
  return added.map(([field, to]) => {
    const text =
      field === externalId?.field
        ? 'the hub’s id of it: creating twice is updating'
        : 'by the mapping, for a new record';
    return {
      field,
      canonical: null,
      from: null,
      to,
      because: { from: null, since: null, exact: true, rule: 'create', text },
    };
  });
}

export async function summaryOf(hub: Hub, lines: readonly PlanLine[]): Promise<ObjectSummary[]> {
  const { maxShare, minRecords } = hub.settings.safety;
  const groups = Map.groupBy(
    lines.filter((line) => line.op !== 'none'),
    ({ connection, object }) => `${connection} ${object}`,
  );
  const summaries: ObjectSummary[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const { connection, object } = first;
    const records = (await hub.store.landing.counts(connection))[object] ?? null;
    const count = (op: WriteLine['op']) => group.filter((line) => line.op === op).length;
    const asksFirst = records !== null && group.length >= minRecords && group.length / records > maxShare;
    const counts = { create: count('upsert'), update: count('update'), delete: count('delete') };
    summaries.push({ connection, object, ...counts, records, writesOn: first.writesOn, asksFirst });
  }
  return summaries;
}

export function obstacleLine(
  system: System,
  { entity, object, code, message, field }: Obstacle,
): ObstacleLine {
  const about = { connection: system.name, object, entity: entity.id };
  return { ...about, op: 'none', code, message, field: field ?? null };
}
