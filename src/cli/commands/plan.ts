/** `hub plan [connection]`: every write that a push would make, field by field with the reason; nothing is sent. */
import { type Entity, entityKinds } from '../../canonical/model.ts';
import { exitCodes } from '../../support/problem.ts';
import { addresses } from '../../sync/addresses.ts';
import { endedRows } from '../../sync/ended-rows.ts';
import type { Hub, System } from '../../sync/hub.ts';
import { neverRead } from '../../sync/pull/first-read.ts';
import { asksWith } from '../../sync/push/gates/asked-together.ts';
import { rowsToHold } from '../../sync/push/gates/held-rows.ts';
import type { PlannedWrite } from '../../sync/push/plan/plan.ts';
import { planWrites } from '../../sync/push/plan/reconcile.ts';
import type { RowsBehind } from '../../sync/push/plan/rows-behind.ts';
import { undecidedOf } from '../../sync/resolve/undecided.ts';
import { pushedKinds } from '../../sync/targets.ts';
import type { Cli } from '../command.ts';
import { planCsv } from '../text/plan-csv.ts';
import { obstacleLine, type PlanLine, summaryOf, writeLine } from '../text/plan-lines.ts';
import { planText, type Report, type UndecidedLine } from '../text/plan-text.ts';
import { chosen } from './systems.ts';

const pageSize = 1_000;

export const plan: Cli = {
  options: {
    '--all': 'every write, not only samples of each cause',
    '--csv': 'a line for each field that would be written, for a spreadsheet',
  },
  run: (invocation, [name]) =>
    invocation.withApp(async ({ hub }) => {
      const address = await addresses(hub);
      const lines: PlanLine[] = [];
      const undecided = new Map<string, UndecidedLine>();
      const behind = new Map<string, RowsBehind>();
      for (const system of chosen(hub, name)) {
        const rows = new Map<PlannedWrite, string>();
        for await (const page of pages(hub, system)) {
          const { writes, obstacles } = await planWrites(hub, system, page);
          for (const [row, deal] of await rowsToHold(hub, system, writes)) rows.set(row, deal);
          const waiting = await asksWith(hub, system, writes, page);
          lines.push(...writes.map((write) => writeLine(system, write, address, waiting.get(write))));
          lines.push(...obstacles.map((obstacle) => obstacleLine(system, obstacle, address)));
          for (const line of await undecidedLines(hub, writes))
            undecided.set(`${line.entity} ${line.field}`, line);
        }
        if (rows.size > 0) behind.set(system.name, { rows: rows.size, deals: new Set(rows.values()).size });
      }
      const summary = await summaryOf(hub, lines);
      const unread = await neverRead(hub);
      const heldRows = Object.fromEntries(behind);
      const report: Report = { summary, heldRows, plan: lines, undecided: [...undecided.values()], unread };
      const { all, csv } = invocation.options;
      invocation.print(report, () => (csv === true ? planCsv(lines) : planText(report, all === true)));
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
    yield* endedRows(hub, system, kind);
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
