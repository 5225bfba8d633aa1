/** The lines of a plan: what is written, what cannot be, and what that comes to for each object. */

import { displayName } from '../../canonical/display-name.ts';
import type { Entity } from '../../canonical/model.ts';
import { parseRef } from '../../canonical/names.ts';
import { writesOn } from '../../settings/schema.ts';
import type { AddressOf } from '../../sync/addresses.ts';
import type { Hub, System } from '../../sync/hub.ts';
import { mayCreate } from '../../sync/push/gates/first-creation.ts';
import { type Obstacle, type PlannedWrite, saidBy } from '../../sync/push/plan/plan.ts';
import { type Reason, reasonOf, reasons, writeReasons } from '../../sync/push/plan/reason.ts';
import { isOurs } from '../../sync/targets.ts';

export type PlanLine = WriteLine | ObstacleLine;

/** What a line is about. */
export interface About {
  readonly connection: string;
  readonly object: string;
  /** Null: it is still to be created. */
  readonly record: string | null;
  /** The hub's id of the person, deal or organization. */
  readonly entity: string;
  /** What people call it. */
  readonly name: string | null;
  /** Of the record's page; null where there is none, or it is not known yet (`check` learns it). */
  readonly address: string | null;
}

export interface WriteLine extends About {
  readonly op: 'update' | 'upsert' | 'delete';
  readonly writesOn: boolean;
  /** The connection that is asked before the same deal is told its credit there: this write waits with it. */
  readonly asksWith: string | null;
  readonly fields: readonly FieldLine[];
}

export interface FieldLine {
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
  /** It would change so much, or make the first records there, that it is held back until `push --yes`. */
  readonly asksFirst: boolean;
  /** So many of them wait until other connections, by name, have been allowed the same. */
  readonly asksWith: Readonly<Record<string, number>>;
  /** The hub has made no record there yet. */
  readonly firstCreation: boolean;
}

export interface ObstacleLine extends About {
  readonly op: 'none';
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
}

export function writeLine(
  system: System,
  planned: PlannedWrite,
  address: AddressOf,
  asksWith: string | null = null,
): WriteLine {
  const { entity, object, write, fields } = planned;
  return {
    ...about(system, object.object, write.id ?? null, entity, address),
    op: write.op,
    writesOn: writesOn(system.settings, object.object),
    asksWith,
    fields: [
      ...fields.map(({ field, from, to }) => ({
        field: field.vendor,
        canonical: field.canonical,
        from,
        to,
        because: reasonOf(entity, field),
      })),
      ...addedFields(planned),
    ],
  };
}

/** What goes along that is not a value of the entity: the hub's id, references, values that the CRM demands. */
function addedFields(planned: PlannedWrite): FieldLine[] {
  const { write, fields } = planned;
  const why = writeReasons(planned);
  const own = new Set(fields.map(({ field }) => field.vendor));
  const added = [
    ...Object.entries(write.alternateKey ?? {}),
    ...Object.entries(saidBy(planned)).filter(([name]) => !own.has(name)),
  ];
  return added.map(([field, to]) => {
    const text = why[field]?.rule ?? reasons.added;
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
    // As a push asks: of the hub's ids for themselves.
    const parts = [group.filter(isOfIdAlone), group.filter((line) => !isOfIdAlone(line))];
    const isLarge = parts.some(
      ({ length }) => records !== null && length >= minRecords && length / records > maxShare,
    );
    const firstCreation = count('upsert') > 0 && (await asksToMake(hub, connection, object));
    const waiting = waitingFor(group);
    const asksFirst = isLarge || firstCreation;
    const counts = { create: count('upsert'), update: count('update'), delete: count('delete') };
    summaries.push({
      connection,
      object,
      ...counts,
      records,
      writesOn: first.writesOn,
      asksFirst,
      asksWith: Object.fromEntries(waiting),
      firstCreation,
    });
  }
  return summaries;
}

/** Of what is written at all. */
function waitingFor(group: readonly WriteLine[]): [connection: string, count: number][] {
  const waiting = group.filter((line) => line.writesOn && line.asksWith !== null);
  const byName = Map.groupBy(waiting, ({ asksWith }) => asksWith ?? '');
  return [...byName].map(([connection, some]) => [connection, some.length]);
}

/** What goes along with an update and is no value of the entity is the hub's id. */
function isOfIdAlone({ op, fields }: WriteLine): boolean {
  return op === 'update' && fields.every(({ canonical }) => canonical === null);
}

async function asksToMake(hub: Hub, connection: string, name: string): Promise<boolean> {
  const system = hub.systems.get(connection);
  const object = system?.mapping.objects[name];
  return (
    system !== undefined && object !== undefined && !isOurs(object) && !(await mayCreate(hub, system, name))
  );
}

export function obstacleLine(
  system: System,
  { entity, object, code, message, field, ref }: Obstacle,
  address: AddressOf,
): ObstacleLine {
  const record = ref === undefined ? null : parseRef(ref).id;
  return {
    ...about(system, object, record, entity, address),
    op: 'none',
    code,
    message,
    field: field ?? null,
  };
}

function about(
  { name: connection }: System,
  object: string,
  record: string | null,
  { id, fields }: Entity,
  address: AddressOf,
): About {
  const page = record === null ? null : address({ connection, object, id: record });
  return { connection, object, record, entity: id, name: displayName(fields) ?? null, address: page };
}
