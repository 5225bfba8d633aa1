/** `hub plan [connection]`: every write that a push would make, field by field; nothing is sent. */
import { type Entity, entityKinds } from '../canonical/model.ts';
import { writesOn } from '../settings/schema.ts';
import { exitCodes } from '../support/problem.ts';
import type { Hub, System } from '../sync/hub.ts';
import type { Plan } from '../sync/plan.ts';
import { planWrites, pushedKinds } from '../sync/reconcile.ts';
import type { Cli } from './command.ts';
import { chosen } from './systems.ts';

const pageSize = 1_000;

export const plan: Cli = {
  run: (invocation, [name]) =>
    invocation.withApp(async ({ hub }) => {
      const plans = new Map<System, Plan>();
      for (const system of chosen(hub, name)) plans.set(system, await planSystem(hub, system));
      const value = [...plans].flatMap(([system, { writes, obstacles }]) => [
        ...writes.map(({ entity, object, write, fields }) => ({
          connection: system.name,
          object: object.object,
          record: write.id ?? null,
          entity: entity.id,
          op: write.op,
          writesOn: writesOn(system.settings, object.object),
          fields: fields.map(({ field, from, to }) => ({
            field: field.vendor,
            from,
            to,
            rule: field.rule.kind,
          })),
        })),
        ...obstacles.map(({ entity, object, code, message, field }) => ({
          connection: system.name,
          object,
          entity: entity.id,
          op: 'none' as const,
          code,
          message,
          field: field ?? null,
        })),
      ]);
      invocation.print({ plan: value }, () => text(plans));
      return exitCodes.done;
    }),
};

async function planSystem(hub: Hub, system: System): Promise<Plan> {
  const total: { writes: Plan['writes'][number][]; obstacles: Plan['obstacles'][number][] } = {
    writes: [],
    obstacles: [],
  };
  const kinds = pushedKinds(system);
  for (const kind of entityKinds.filter((one) => kinds.has(one))) {
    for (let after: string | null = null; ; ) {
      const page: Entity[] = await hub.store.entities.scan(kind, after, pageSize);
      const last = page.at(-1);
      if (!last) break;
      const { writes, obstacles } = await planWrites(hub, system, page);
      total.writes.push(...writes);
      total.obstacles.push(...obstacles);
      after = last.id;
    }
  }
  return total;
}

function text(plans: ReadonlyMap<System, Plan>): string {
  const lines: string[] = [];
  for (const [system, { writes, obstacles }] of plans) {
    lines.push(`${system.name}: ${writes.length} writes, ${obstacles.length} that cannot be made`);
    for (const { object, write, fields } of writes) {
      const off = writesOn(system.settings, object.object) ? '' : '  (writes are off)';
      lines.push(
        `  ${write.op} ${object.object} ${write.id ?? `new, ${write.externalId?.field} ${write.externalId?.value}`}${off}`,
      );
      for (const { field, from, to } of fields)
        lines.push(`    ${field.vendor}: ${show(from)} -> ${show(to)}`);
    }
    for (const { object, field, message } of obstacles)
      lines.push(`  not possible: ${object}${field ? `.${field}` : ''}: ${message}`);
  }
  return lines.join('\n');
}

function show(value: unknown): string {
  return value === null || value === '' ? '(blank)' : JSON.stringify(value);
}
