/** `hub plan [connection]`: every write that a push would make, field by field with the reason; nothing is sent. */
import { type Entity, entityKinds } from '../canonical/model.ts';
import { exitCodes } from '../support/problem.ts';
import { neverRead } from '../sync/first-read.ts';
import type { Hub, System } from '../sync/hub.ts';
import type { PlannedWrite } from '../sync/plan.ts';
import { planWrites, pushedKinds } from '../sync/reconcile.ts';
import { undecidedOf } from '../sync/undecided.ts';
import type { Cli } from './command.ts';
import { obstacleLine, type PlanLine, summaryOf, writeLine } from './plan-lines.ts';
import { planText, type Report, type UndecidedLine } from './plan-text.ts';
import { chosen } from './systems.ts';

const pageSize = 1_000;

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
      const summary = await summaryOf(hub, lines);
      const unread = await neverRead(hub);
      const report: Report = { summary, plan: lines, undecided: [...undecided.values()], unread };
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
