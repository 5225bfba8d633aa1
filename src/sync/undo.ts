/**
 * Takes a run's writes back: each field gets the value that the write replaced, but only where the CRM, read
 * again just now, still holds what we wrote. What the hub made, it deletes only where the mapping lets it delete
 * (`onWithdraw: delete`); other records it leaves to a person. The objects are held from then on, or the next
 * push would write the same again.
 */
import { parseRef } from '../canonical/model.ts';
import type { WriteRecord } from '../store/contract.ts';
import type { Json } from '../support/json.ts';
import { hold } from './holds.ts';
import type { Hub, System } from './hub.ts';
import { send } from './outcomes.ts';
import type { PlannedWrite } from './plan.ts';
import { newRun } from './runs.ts';
import { takeBack } from './undo-record.ts';
import { alone, type LeftAlone, mergedWrites } from './undo-writes.ts';

export interface Undo {
  readonly run: string;
  readonly back: readonly UndoneWrite[];
  readonly left: readonly LeftAlone[];
}

export interface UndoneWrite {
  readonly connection: string;
  readonly object: string;
  readonly record: string;
  readonly op: 'update' | 'delete';
  readonly fields: readonly { readonly field: string; readonly from: Json; readonly to: Json }[];
}

export interface Undoing extends Undo {
  /** The run that took it back: it can be undone itself. */
  readonly by: string;
  readonly written: number;
  readonly refused: readonly { readonly record: string; readonly message: string }[];
}

interface Steps {
  readonly planned: ReadonlyMap<System, readonly PlannedWrite[]>;
  readonly left: readonly LeftAlone[];
}

const most = 1_000_000;

/** Reads the records again and says what would be taken back; writes nothing. Null: nobody knows the run. */
export async function planUndo(hub: Hub, run: string): Promise<Undo | null> {
  const writes = await hub.store.outbox.writes({ run }, most);
  return writes.length === 0 ? null : undoOf(run, await stepsOf(hub, writes));
}

/** Holds the objects, reads again, takes back. Null: nobody knows the run. */
export async function undo(hub: Hub, run: string): Promise<Undoing | null> {
  const writes = await hub.store.outbox.writes({ run }, most);
  if (writes.length === 0) return null;
  for (const { connection, object } of distinctObjects(writes)) await hold(hub, connection, object, run);
  const steps = await stepsOf(hub, writes);
  const by = newRun(hub.clock.now());
  for (const [system, planned] of steps.planned) {
    await send(hub, system, planned, by);
    // What the hub would now write again is shown as held, also where no reading will tell of it.
    await hub.store.work.mark(
      'push',
      planned.map(({ entity: { kind, id } }) => `${system.name}|${kind}|${id}`),
    );
  }
  const done = await hub.store.outbox.writes({ run: by }, most);
  const refused = done.filter(({ status }) => status !== 'written').map(refusal);
  return { ...undoOf(run, steps), by, written: done.length - refused.length, refused };
}

function distinctObjects(writes: readonly WriteRecord[]): WriteRecord[] {
  return [...new Map(writes.map((write) => [`${write.connection}|${write.object}`, write])).values()];
}

function refusal({ connection, object, recordId, fault }: WriteRecord) {
  const message = fault ?? 'no answer came; undo the same run again';
  return { record: `${connection} ${object} ${recordId ?? ''}`, message };
}

async function stepsOf(hub: Hub, writes: readonly WriteRecord[]): Promise<Steps> {
  const planned = new Map<System, PlannedWrite[]>();
  const left: LeftAlone[] = [];
  const groups = Map.groupBy(mergedWrites(writes), ({ connection, object }) => `${connection}|${object}`);
  for (const group of groups.values()) {
    const system = hub.systems.get(group[0]?.connection ?? '');
    if (!system) {
      left.push(...group.map((written) => alone(written, 'its connection is not configured any more')));
      continue;
    }
    const taken = await takeBack(hub, system, group);
    planned.set(system, [...(planned.get(system) ?? []), ...taken.planned]);
    left.push(...taken.left);
  }
  return { planned, left };
}

function undoOf(run: string, { planned, left }: Steps): Undo {
  const back = [...planned].flatMap(([system, writes]) => writes.map((write) => undoneWrite(system, write)));
  return { run, back, left };
}

function undoneWrite({ name }: System, { object, write, fields, ref }: PlannedWrite): UndoneWrite {
  return {
    connection: name,
    object: object.object,
    record: write.id ?? parseRef(ref).id,
    op: write.op === 'delete' ? 'delete' : 'update',
    fields: fields.map(({ field, from, to }) => ({ field: field.vendor, from, to })),
  };
}
