/** The planned writes of one system, sent object by object; what is about to be written is stored before anything leaves. */
import { randomUUID } from 'node:crypto';
import type { Outcome, Sink } from '../../connector/contract/writing.ts';
import { Fault } from '../../connector/fault.ts';
import type { WriteRecord } from '../../store/contract/outbox.ts';
import type { Claim } from '../../store/contract/work.ts';
import type { Hub, System } from '../hub.ts';
import { writesEdition } from '../own-editions.ts';
import { entityOfKey } from '../targets.ts';
import { judge, type WriteDecision } from './judge.ts';
import { keepOutcomes, type Told } from './keep.ts';
import { type PlannedWrite, saidBy } from './plan/plan.ts';
import { writeReasons } from './plan/reason.ts';
import { type SentWrite, sentOf } from './sent.ts';

export interface Sending {
  /** What the writes are kept under, for undo. */
  readonly run: string;
  /** Of stage 5, by which the entities were claimed. */
  readonly claims: readonly Claim[];
}

/** What becomes of each entity that is not simply done. */
export async function send(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  { run, claims }: Sending,
): Promise<{ written: number; failed: number; decisions: Map<string, WriteDecision> }> {
  const decisions = new Map<string, WriteDecision>();
  const marks = new Map(claims.map(({ key, version }) => [entityOfKey(key), version]));
  const counts = { written: 0, failed: 0 };
  for (const [object, group] of Map.groupBy(writes, (write) => write.object.object)) {
    for (const { sent, outcome } of await sendObject(hub, system, object, group, run, marks)) {
      if (outcome.status === 'written') counts.written += 1;
      else if (outcome.status === 'failed') {
        counts.failed += 1;
        decisions.set(sent.entityId, await judge(hub, system, sent, outcome.fault));
      } else if (!decisions.has(sent.entityId)) decisions.set(sent.entityId, { kind: 'pending' });
    }
  }
  return { ...counts, decisions };
}

async function sendObject(
  hub: Hub,
  system: System,
  object: string,
  group: readonly PlannedWrite[],
  run: string,
  marks: ReadonlyMap<string, number>,
): Promise<Told[]> {
  const sink = system.connector.sink?.(object);
  if (!sink) return [];
  const records = group.map((planned) => ({ planned, record: intent(hub, system, planned, run) }));
  const sent = new Map(
    records.map(({ planned, record }): [string, SentWrite] => [
      planned.write.key,
      sentOf(planned, record.id, marks.get(planned.entity.id) ?? null),
    ]),
  );
  await hub.store.outbox.intend(
    records.map(({ record }) => record),
    [...sent.values()].flatMap(({ memories }) => memories),
  );
  const outcomes = await pushed(sink, system, object, group);
  const told = outcomes.flatMap((outcome): Told[] => {
    const known = sent.get(outcome.key);
    return known ? [{ sent: known, outcome }] : [];
  });
  const at = hub.clock.now();
  await hub.store.transaction((store) => keepOutcomes(store, system, object, told, at));
  return told;
}

/** Where the whole object is refused (it is not there, or not for us), each write is, so that a person is told. */
async function pushed(
  sink: Sink,
  { context }: System,
  object: string,
  group: readonly PlannedWrite[],
): Promise<Outcome[]> {
  const writes = group.map(({ write }) => write);
  try {
    return await sink.push(context, writes);
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'rejected') throw error;
    const { code, status } = error;
    const message = `${error.message}. It concerns all of ${object}: \`hub check\` says what is missing there.`;
    const fault = new Fault('rejected', message, {
      cause: error,
      ...(code === undefined ? {} : { code }),
      ...(status === undefined ? {} : { status }),
    });
    return writes.map(({ key }) => ({ key, status: 'failed', fault }));
  }
}

function intent(hub: Hub, system: System, planned: PlannedWrite, run: string): WriteRecord {
  const { entity, object, write, fields, ref } = planned;
  const said = saidBy(planned);
  const before = new Map(fields.map(({ field, from }) => [field.vendor, from]));
  return {
    id: randomUUID(),
    run,
    connection: system.name,
    object: object.object,
    entityId: entity.id,
    recordId: write.id ?? null,
    op: write.op,
    fields: said,
    replaced: Object.fromEntries(Object.keys(said).map((name) => [name, before.get(name) ?? null])),
    reasons: writeReasons(planned),
    status: 'intended',
    at: hub.clock.now(),
    edition: writesEdition(system).version,
    ...(write.id ? {} : { fault: `outcome unknown: ${ref}` }),
  };
}
