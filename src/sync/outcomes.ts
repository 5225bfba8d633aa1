/** Sending, and what each outcome means: remembered, tried again, or left to a person. */
import { randomUUID } from 'node:crypto';
import { parseRef, refText } from '../canonical/model.ts';
import type { Outcome, Sink } from '../connector/contract.ts';
import { Fault } from '../connector/fault.ts';
import type { FieldMemory, ParkedReason, WriteRecord } from '../store/contract.ts';
import type { Json } from '../support/json.ts';
import type { Hub, System } from './hub.ts';
import type { PlannedWrite } from './plan.ts';
import { backoff } from './pull.ts';

/** What becomes of an entity's mark when it is not simply done. */
export type Fate =
  | { readonly kind: 'again' }
  /** Tried again after a wait; with a `reason`, left to a person when that does not help. */
  | { readonly kind: 'later'; wait(attempts: number): number; readonly reason?: ParkedReason }
  | { readonly kind: 'park'; readonly reason: ParkedReason };

interface Sent {
  readonly write: PlannedWrite;
  readonly record: WriteRecord;
  readonly outcome: Outcome;
}

/** Sends object by object; what is about to be written is stored before anything leaves. */
export async function send(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  run: string,
): Promise<{ written: number; fates: Map<string, Fate> }> {
  const fates = new Map<string, Fate>();
  let written = 0;
  for (const [object, group] of Map.groupBy(writes, (write) => write.object.object)) {
    for (const sent of await sendObject(hub, system, object, group, run)) {
      if (sent.outcome.status === 'written') written += 1;
      else fates.set(sent.write.entity.id, await judge(hub, system, sent.write, sent.outcome.fault));
    }
  }
  return { written, fates };
}

async function sendObject(
  hub: Hub,
  system: System,
  object: string,
  group: readonly PlannedWrite[],
  run: string,
): Promise<Sent[]> {
  const sink = system.connector.sink?.(object);
  if (!sink) return [];
  const intents = new Map(
    group.map((write) => [write.write.key, { write, record: intent(hub, system, write, run) }]),
  );
  await hub.store.outbox.intend(
    [...intents.values()].map(({ record }) => record),
    group.flatMap((write) => memoriesOf(write, 'intended')),
  );
  const outcomes = await pushed(sink, system, object, group);
  const sent = outcomes.flatMap((outcome) => {
    const known = intents.get(outcome.key);
    return known ? [{ ...known, outcome }] : [];
  });
  await keep(hub, system, object, sent);
  return sent;
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
    const message = `${error.message}. It concerns all of ${object}: \`npm run hub -- check\` says what is missing there.`;
    const fault = new Fault('rejected', message, {
      cause: error,
      ...(code === undefined ? {} : { code }),
      ...(status === undefined ? {} : { status }),
    });
    return writes.map(({ key }) => ({ key, status: 'failed', fault }));
  }
}

function intent(
  hub: Hub,
  system: System,
  { entity, object, write, fields, ref }: PlannedWrite,
  run: string,
): WriteRecord {
  return {
    id: randomUUID(),
    run,
    connection: system.name,
    object: object.object,
    entityId: entity.id,
    recordId: write.id ?? null,
    op: write.op,
    fields: write.fields,
    replaced: Object.fromEntries(fields.map(({ field, from }) => [field.vendor, from])),
    status: 'intended',
    at: hub.clock.now(),
    ...(write.id ? {} : { fault: `outcome unknown: ${ref}` }),
  };
}

function memoriesOf(
  { entity, object, fields, references = {}, ref, basis }: PlannedWrite,
  status: FieldMemory['status'],
): FieldMemory[] {
  const ofFields = fields.map(({ field, to, repeats }) => ({
    ...{ status, ref, field: field.vendor, path: field.path, canonical: field.canonical },
    sent: to,
    value: (entity.fields[field.canonical] ?? null) as Json,
    valueAt: entity.provenance[field.canonical]?.at ?? 0,
    valueExact: entity.provenance[field.canonical]?.exact ?? false,
    basis,
    repeats,
  }));
  const ofReferences = Object.entries(references).map(([field, id]) => ({
    ...{ status, ref, field, path: field, canonical: `reference of ${object.object}` },
    ...{ sent: id, value: id, valueAt: 0, valueExact: false, basis, repeats: 0 },
  }));
  return [...ofFields, ...ofReferences];
}

/** Outcomes, answers and follow-up marks in one transaction. */
async function keep(hub: Hub, system: System, object: string, sent: readonly Sent[]): Promise<void> {
  const at = hub.clock.now();
  await hub.store.transaction(async (store) => {
    await store.outbox.settle(sent.map(({ record: { id }, outcome }) => settled(id, outcome, at)));
    await store.outbox.remember(sent.flatMap(taken));
    await store.outbox.forget(sent.flatMap(forgotten));
    await store.work.mark('fetch', createdRefs(system, object, sent));
  });
}

function settled(id: string, outcome: Outcome, at: number) {
  return outcome.status === 'written'
    ? { id, status: 'written' as const, recordId: outcome.id, at }
    : { id, status: 'failed' as const, fault: outcome.fault.message, at };
}

/** Where the vendor's answer says what it made of our values, that is remembered at once. */
function taken({ write, outcome }: Sent): FieldMemory[] {
  if (outcome.status !== 'written') return [];
  const { answer, modifiedAt } = outcome;
  return memoriesOf(write, 'written').map((memory) => {
    const said = answer?.[memory.field];
    return { ...memory, basis: modifiedAt ?? memory.basis, ...(said === undefined ? {} : { answer: said }) };
  });
}

/** A write that was refused left nothing there to remember, and neither did a deletion. */
function forgotten({ write, outcome }: Sent): { ref: string; field: string }[] {
  if (write.write.op === 'delete' && outcome.status === 'written') {
    return [...write.object.fields, ...write.object.references].map(({ vendor }) => ({
      ref: write.ref,
      field: vendor,
    }));
  }
  // An answer that was lost may have been a yes: then our value will be heard again.
  const wasRefused = outcome.status === 'failed' && outcome.fault.kind !== 'unavailable';
  return wasRefused ? write.fields.map(({ field }) => ({ ref: write.ref, field: field.vendor })) : [];
}

/** A record that we created is read back: from then on it is known by its own id. */
function createdRefs(system: System, object: string, sent: readonly Sent[]): string[] {
  if (!system.connector.streams?.[object]?.fetch) return [];
  return sent.flatMap(({ outcome }) =>
    outcome.status === 'written' && outcome.created
      ? [refText({ connection: system.name, object, id: outcome.id })]
      : [],
  );
}

/** These stay wrong however often they are sent. */
const final: ReadonlySet<string> = new Set(['rejected', 'unauthorized']);
/** These say nothing about the write: it waits for as long as they last. */
const outages: ReadonlySet<string> = new Set(['unavailable', 'throttled']);

/** A token that is not accepted (401) is no word on the write either; a permission that is missing is. */
function isOutage({ kind, status }: Fault): boolean {
  return outages.has(kind) || (kind === 'unauthorized' && status === 401);
}

async function judge(
  hub: Hub,
  system: System,
  { entity, object, write, ref }: PlannedWrite,
  fault: Fault,
): Promise<Fate> {
  const reason: ParkedReason = {
    code: fault.code ?? fault.kind,
    message: fault.message,
    record: recordName(ref, entity.id),
    ...(fault.field ? { field: fault.field } : {}),
  };
  const wait = (attempts: number) => backoff(fault, attempts);
  if (isOutage(fault)) return { kind: 'later', wait };
  if (final.has(fault.kind)) return { kind: 'park', reason };
  // The record there is not what we thought: a conflict marks stage 1 for it, the only way back.
  const stale = fault.existingId ?? write.id;
  if (fault.kind === 'conflict' && stale) {
    await hub.store.work.mark('fetch', [
      refText({ connection: system.name, object: object.object, id: stale }),
    ]);
  }
  return { kind: 'later', wait, reason };
}

/** As parked work names it to a person. */
export function recordName(ref: string, entityId: string): string {
  const { connection, object, id } = parseRef(ref);
  return id.startsWith('external:')
    ? `${connection} ${object} of ${entityId}`
    : `${connection} ${object} ${id}`;
}
