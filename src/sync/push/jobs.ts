/**
 * Imports and other jobs that writes went by, collected when they are due: by whichever process comes first, and by one
 * at a time. Until then the marks of their entities rest, and nothing of them is sent again.
 */
import type { Decided, Sink, Write } from '../../connector/contract/writing.ts';
import { Fault } from '../../connector/fault.ts';
import type { FieldMemory, WriteRecord } from '../../store/contract/outbox.ts';
import type { JobWrite, PushJob } from '../../store/contract/push-jobs.ts';
import type { Json } from '../../support/json.ts';
import { backoff } from '../backoff.ts';
import { type Hub, leaseMs, type System } from '../hub.ts';
import { resumesInMs, resumption } from '../resumption.ts';
import { pushKey } from '../targets.ts';
import { storedFault } from './gates/pending.ts';
import { keepOutcomes, type Told } from './keep.ts';
import { refusedFields, type SentWrite } from './sent.ts';

interface Counts {
  worked: number;
  written: number;
  failed: number;
}

/** All jobs of the system that are due. */
export async function collectJobs(hub: Hub, system: System, counts: Counts): Promise<void> {
  for (const job of await hub.store.pushJobs.running(system.name)) {
    if (resumesInMs(hub, job) > 0) continue;
    await hub.store.connections.leased(`job:${job.id}`, leaseMs, async (lease) => {
      // Another process may have been there.
      const current = await hub.store.pushJobs.get(job.id);
      if (current && resumesInMs(hub, current) === 0) await collect(hub, system, current, counts, lease);
    });
  }
}

async function collect(
  hub: Hub,
  system: System,
  job: PushJob,
  counts: Counts,
  lease: AbortSignal,
): Promise<void> {
  const waiting = await sentBy(hub, job);
  const said = await asked(hub, system, job, waiting);
  lease.throwIfAborted();
  if (!Array.isArray(said)) {
    await hub.store.pushJobs.rest(job.id, resumption(said, hub.clock.now()));
    return;
  }
  const told = aligned(waiting, said, job);
  await hub.store.transaction(async (store) => {
    if ((await store.pushJobs.get(job.id)) === null) return;
    await keepOutcomes(store, system, job.object, told, hub.clock.now());
    await store.pushJobs.collected(job.id, refusals(told));
    await store.work.wake('push', [
      ...new Set(told.map(({ sent }) => pushKey(system, sent.kind, sent.entityId))),
    ]);
  });
  const written = told.filter(({ outcome }) => outcome.status === 'written').length;
  counts.written += written;
  counts.failed += told.length - written;
  counts.worked += told.length;
}

type Said = Awaited<ReturnType<NonNullable<Sink['collect']>>>;

async function asked(
  hub: Hub,
  system: System,
  { job, object, waitsFor }: PushJob,
  waiting: readonly SentWrite[],
): Promise<Said> {
  const sink = system.connector.sink?.(object);
  const writes = waiting.map(({ write }) => write);
  if (!sink?.collect)
    return allFailed(writes, new Fault('expired', `Nobody can ask for ${waitsFor} any more.`));
  try {
    return await sink.collect(system.context, job, writes);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { kind, code, message } = error;
    if (kind === 'expired' || kind === 'rejected' || kind === 'conflict' || kind === 'absent')
      return allFailed(writes, error);
    hub.log.warn({ connection: system.name, object, fault: kind, code }, message);
    return { resumeInMs: backoff(error, patience), waitsFor };
  }
}

/** As if it had been tried a few times: a job is not urgent. */
const patience = 6;

function allFailed(writes: readonly Write[], fault: Fault): Decided[] {
  return writes.map(({ key }) => ({ key, status: 'failed', fault }));
}

/** What the vendor says nothing of is sent again, but not for ever. */
function aligned(waiting: readonly SentWrite[], said: readonly Decided[], { waitsFor }: PushJob): ToldNow[] {
  const outcomes = new Map(said.map((outcome) => [outcome.key, outcome]));
  return waiting.map((sent) => {
    const { key } = sent.write;
    const fault = () =>
      new Fault('expired', `The vendor ended ${waitsFor} and did not say what became of this.`);
    return { sent, outcome: outcomes.get(key) ?? { key, status: 'failed', fault: fault() } };
  });
}

type ToldNow = Told & { readonly outcome: Decided };

/** Those on which the mark of the entity has to act. A field that was refused is left out by the next plan as it is. */
function refusals(told: readonly ToldNow[]): Map<string, Json> {
  const acted = told.flatMap(({ sent, outcome }): [string, Json][] =>
    outcome.status === 'failed' && refusedFields(sent, outcome.fault).length === 0
      ? [[sent.id, storedFault(outcome.fault)]]
      : [],
  );
  return new Map(acted);
}

/** The writes as they were sent, by what the outbox and the memory of fields keep of them. */
async function sentBy({ store }: Hub, job: PushJob): Promise<SentWrite[]> {
  const writes = await store.pushJobs.writesOf(job.id);
  const kept = await store.outbox.writes({ ids: writes.map(({ id }) => id) }, Math.max(1, writes.length));
  const records = new Map(kept.map((record) => [record.id, record]));
  const memories = Map.groupBy(
    await store.outbox.memories([...new Set(writes.map(({ ref }) => ref))]),
    ({ ref }) => ref,
  );
  return writes.flatMap((write) => {
    const record = records.get(write.id);
    return record ? [sentAgain(write, record, memories.get(write.ref) ?? [])] : [];
  });
}

function sentAgain(waiting: JobWrite, record: WriteRecord, memories: readonly FieldMemory[]): SentWrite {
  const { id, object, kind, entityId, ref, references, hubId, withheld, mapping, mark } = waiting;
  const { key, op, alternateKey } = waiting;
  const write: Write = {
    ...{ key, op, fields: record.fields },
    ...(record.recordId === null ? {} : { id: record.recordId }),
    ...(alternateKey === null ? {} : { alternateKey }),
  };
  return {
    ...{ id, object, kind, entityId, ref, write, references, hubId, withheld, mapping, mark },
    memories: memories.filter(({ field, status }) => status === 'intended' && field in record.fields),
  };
}
