/** `hub plan [connection]`: every write that a push would make, field by field with the reason; nothing is sent. */
import { type Entity, entityKinds } from '../canonical/model.ts';
import type { Undecided } from '../mapping/fold.ts';
import { writesOn } from '../settings/schema.ts';
import { exitCodes } from '../support/problem.ts';
import type { Hub, System } from '../sync/hub.ts';
import type { Obstacle, PlannedWrite } from '../sync/plan.ts';
import { type Reason, reasonOf } from '../sync/reason.ts';
import { planWrites, pushedKinds } from '../sync/reconcile.ts';
import { undecidedOf } from '../sync/undecided.ts';
import type { Cli } from './command.ts';
import { planText } from './plan-text.ts';
import { chosen } from './systems.ts';

const pageSize = 1_000;

export interface Report {
  readonly plan: readonly PlanLine[];
  /** Two systems differ and nobody knows which changed last: look before the first write. */
  readonly undecided: readonly UndecidedLine[];
}

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
  readonly canonical: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly because: Reason;
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

export interface UndecidedLine extends Undecided {
  readonly kind: string;
  readonly entity: string;
}

export const plan: Cli = {
  run: (invocation, [name]) =>
    invocation.withApp(async ({ hub }) => {
      const lines: PlanLine[] = [];
      const undecided = new Map<string, UndecidedLine>();
      for (const system of chosen(hub, name)) {
        for await (const page of pages(hub, system)) {
          const { writes, obstacles } = await planWrites(hub, system, page);
          lines.push(...writes.map((write) => writeLine(system, write)));
          lines.push(...obstacles.map((obstacle) => obstacleLine(system, obstacle)));
          for (const line of await undecidedLines(hub, writes))
            undecided.set(`${line.entity} ${line.field}`, line);
        }
      }
      const report: Report = { plan: lines, undecided: [...undecided.values()] };
      invocation.print(report, () => planText(report));
      return exitCodes.done;
    }),
};

async function* pages(hub: Hub, system: System): AsyncGenerator<Entity[]> {
  const kinds = pushedKinds(system);
  for (const kind of entityKinds.filter((one) => kinds.has(one))) {
    for (let after: string | null = null; ; ) {
      const page: Entity[] = await hub.store.entities.scan(kind, after, pageSize);
      const last = page.at(-1);
      if (!last) break;
      yield page;
      after = last.id;
    }
  }
}

function writeLine(system: System, { entity, object, write, fields }: PlannedWrite): WriteLine {
  return {
    connection: system.name,
    object: object.object,
    record: write.id ?? null,
    entity: entity.id,
    op: write.op,
    writesOn: writesOn(system.settings, object.object),
    fields: fields.map(({ field, from, to }) => ({
      field: field.vendor,
      canonical: field.canonical,
      from,
      to,
      because: reasonOf(entity, field),
    })),
  };
}

function obstacleLine(system: System, { entity, object, code, message, field }: Obstacle): ObstacleLine {
  const about = { connection: system.name, object, entity: entity.id };
  return { ...about, op: 'none', code, message, field: field ?? null };
}

/** Only of fields that would be written: where nothing is overwritten, nothing has to be decided. */
async function undecidedLines(hub: Hub, writes: readonly PlannedWrite[]): Promise<UndecidedLine[]> {
  const written = writes.flatMap(({ entity, fields }) =>
    fields.map(({ field }) => `${entity.id} ${field.canonical}`),
  );
  const wanted = new Set(written);
  const entities = new Map(writes.map(({ entity }) => [entity.id, entity]));
  const found = await undecidedOf(hub, [...entities.values()]);
  return [...found].flatMap(([id, fields]) =>
    fields
      .filter(({ field }) => wanted.has(`${id} ${field}`))
      .map((field) => ({ kind: entities.get(id)?.kind ?? '', entity: id, ...field })),
  );
}
