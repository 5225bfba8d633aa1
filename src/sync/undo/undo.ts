/**
 * Takes a run's writes back: each field gets the value that the write replaced, but only where the CRM, read
 * again just now, still holds what we wrote. What the hub made, it deletes only when told to, and only where nobody has
 * touched it. Records that nobody but the hub writes are put back as they were, made again or deleted (undo-ours.ts).
 * The objects are held from then on, or the next push would write the same again.
 */

import { parseRef } from '../../canonical/names.ts';
import type { Write } from '../../connector/contract/writing.ts';
import type { WriteRecord } from '../../store/contract/outbox.ts';
import type { Json } from '../../support/json.ts';
import type { Hub, System } from '../hub.ts';
import { hold } from '../push/gates/holds.ts';
import { send } from '../push/outcomes.ts';
import type { PlannedWrite } from '../push/plan/plan.ts';
import { isOurs, pushKey } from '../targets.ts';
import { takeBack } from './record.ts';
import { newRun } from './runs.ts';
import { alone, type LeftAlone, mergedWrites, type WrittenRecord } from './writes.ts';

export interface Undo {
  readonly run: string;
  readonly back: readonly UndoneWrite[];
  readonly left: readonly LeftAlone[];
}

export interface UndoneWrite {
  readonly connection: string;
  readonly object: string;
  readonly record: string;
  readonly op: 'create' | 'update' | 'delete';
  /** Nobody but the hub writes such records (rows of deals): they are made again as soon as the hub may. */
  readonly ours: boolean;
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

export interface UndoOptions {
  /** Also take out the records that the run made, where nobody has touched them since. */
  readonly deleteMade?: boolean;
}

/** Reads the records again and says what would be taken back; writes nothing. Null: nobody knows the run. */
export async function planUndo(hub: Hub, run: string, options: UndoOptions = {}): Promise<Undo | null> {
  const writes = await hub.store.outbox.writes({ run }, most);
  return writes.length === 0 ? null : undoOf(run, await stepsOf(hub, writes, options));
}

/** Holds the objects, reads again, takes back. Null: nobody knows the run. */
export async function undo(hub: Hub, run: string, options: UndoOptions = {}): Promise<Undoing | null> {
  const writes = await hub.store.outbox.writes({ run }, most);
  if (writes.length === 0) return null;
  for (const { connection, object } of distinctObjects(writes)) await hold(hub, connection, object, run);
  const steps = await stepsOf(hub, writes, options);
  const by = newRun(hub.clock.now());
  for (const [system, planned] of steps.planned) {
    await send(hub, system, planned, { run: by, claims: [] });
    // What the hub would now write again is shown as held, also where no reading will tell of it.
    await hub.store.work.mark(
      'push',
      planned.map(({ entity: { kind, id } }) => pushKey(system, kind, id)),
    );
  }
  const done = await hub.store.outbox.writes({ run: by }, most);
  const refused = done.filter(({ status }) => status !== 'written' && status !== 'pending').map(refusal);
  return { ...undoOf(run, steps), by, written: done.length - refused.length, refused };
}

function distinctObjects(writes: readonly WriteRecord[]): WriteRecord[] {
  return [...new Map(writes.map((write) => [`${write.connection}|${write.object}`, write])).values()];
}

function refusal({ connection, object, recordId, fault }: WriteRecord) {
  const message = fault ?? 'no answer came; undo the same run again';
  return { record: `${connection} ${object} ${recordId ?? ''}`, message };
}

async function stepsOf(
  hub: Hub,
  writes: readonly WriteRecord[],
  { deleteMade = false }: UndoOptions,
): Promise<Steps> {
  const planned = new Map<System, PlannedWrite[]>();
  const left: LeftAlone[] = [];
  const groups = Map.groupBy(mergedWrites(writes), ({ connection, object }) => `${connection}|${object}`);
  for (const group of groups.values()) {
    const system = hub.systems.get(group[0]?.connection ?? '');
    if (!system) {
      left.push(...group.map((written) => alone(written, 'its connection is not configured any more')));
      continue;
    }
    const [waiting, decided] = apart(group);
    left.push(...waiting.map((written) => alone(written, stillPending)));
    const taken = await takeBack(hub, system, decided, deleteMade);
    planned.set(system, [...(planned.get(system) ?? []), ...taken.planned]);
    left.push(...taken.left);
  }
  return { planned, left };
}

const stillPending = 'its import has not ended yet; undo the run again once it has';

/** What nobody knows the outcome of yet, and the rest. */
function apart(group: readonly WrittenRecord[]): [WrittenRecord[], WrittenRecord[]] {
  return [group.filter(({ pending }) => pending), group.filter(({ pending }) => !pending)];
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
    op: deedOf(write.op, fields),
    ours: isOurs(object),
    fields: fields.map(({ field, from, to }) => ({ field: field.vendor, from, to })),
  };
}

/** A record that gets a value back held one before; one that is made again held none. */
function deedOf(op: Write['op'], fields: PlannedWrite['fields']): UndoneWrite['op'] {
  if (op !== 'upsert') return op;
  return fields.every(({ from }) => from === null) ? 'create' : 'update';
}
