/** Sending, and what each outcome means: remembered, tried again, or left to a person. */

import { randomUUID } from 'node:crypto';
import { parseRef, refText } from '../../canonical/names.ts';
import type { Outcome, Sink } from '../../connector/contract/writing.ts';
import { Fault } from '../../connector/fault.ts';
import type { FieldMemory, WriteRecord } from '../../store/contract/outbox.ts';
import type { Refusal } from '../../store/contract/refusals.ts';
import type { Store } from '../../store/contract/store.ts';
import type { ParkedReason } from '../../store/contract/work.ts';
import type { Json } from '../../support/json.ts';
import { backoff } from '../backoff.ts';
import type { Hub, System } from '../hub.ts';
import { writesEdition } from '../own-editions.ts';
import { pushKey } from '../targets.ts';
import { descriptionOf, printOf } from './plan/described.ts';
import { refusalsOfNew } from './plan/owed.ts';
import type { PlannedWrite } from './plan/plan.ts';
import { writeReasons } from './plan/reason.ts';

/** What becomes of an entity's mark when it is not simply done. */
export type WriteDecision =
  | { readonly kind: 'again' }
  /** A row that goes after its deal, under whose key it is kept. */
  | { readonly kind: 'held'; readonly deal: string }
  /** Not worth a call of its own yet. */
  | { readonly kind: 'postponed'; readonly until: number }
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
): Promise<{ written: number; decisions: Map<string, WriteDecision> }> {
  const decisions = new Map<string, WriteDecision>();
  let written = 0;
  for (const [object, group] of Map.groupBy(writes, (write) => write.object.object)) {
    for (const sent of await sendObject(hub, system, object, group, run)) {
      if (sent.outcome.status === 'written') written += 1;
      else decisions.set(sent.write.entity.id, await judge(hub, system, sent.write, sent.outcome.fault));
    }
  }
  return { written, decisions };
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
  const before = new Map(fields.map(({ field, from }) => [field.vendor, from]));
  return {
    id: randomUUID(),
    run,
    connection: system.name,
    object: object.object,
    entityId: entity.id,
    recordId: write.id ?? null,
    op: write.op,
    fields: write.fields,
    replaced: Object.fromEntries(Object.keys(write.fields).map((name) => [name, before.get(name) ?? null])),
    reasons: writeReasons(planned),
    status: 'intended',
    at: hub.clock.now(),
    edition: writesEdition(system).version,
    ...(write.id ? {} : { fault: `outcome unknown: ${ref}` }),
  };
}

function memoriesOf(
  { entity, object, fields, references = {}, hubId, ref, basis }: PlannedWrite,
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
  const ofId = hubId ? [{ ...hubId, field: hubId.vendor, canonical: `id of ${entity.kind}` }] : [];
  const ofHubId = ofId.map(({ field, path, canonical, value }) => ({
    ...{ status, ref, field, path, canonical },
    ...{ sent: value, value, valueAt: 0, valueExact: false, basis, repeats: 0 },
  }));
  return [...ofFields, ...ofReferences, ...ofHubId];
}

/** Outcomes, answers and follow-up marks in one transaction. */
async function keep(hub: Hub, system: System, object: string, sent: readonly Sent[]): Promise<void> {
  const at = hub.clock.now();
  await hub.store.transaction(async (store) => {
    await store.outbox.settle(sent.map(({ record: { id }, outcome }) => settled(id, outcome, at)));
    await store.outbox.remember(sent.flatMap(taken));
    await store.outbox.forget(sent.flatMap(forgotten));
    await store.outbox.forgetAll(sent.filter(isDeleted).map(({ write }) => write.ref));
    await store.refusals.drop(sent.flatMap(takenFields));
    await store.refusals.keep(await refusalsOf(store, system, sent, at));
    for (const { write, outcome } of sent)
      if (outcome.status === 'written')
        await store.refusals.keep(await refusalsOfNew(store, system, write, at));
    await store.work.mark('fetch', createdRefs(system, object, sent));
  });
}

function takenFields({ write: { ref, write }, outcome }: Sent): { ref: string; field: string }[] {
  return outcome.status === 'written' ? Object.keys(write.fields).map((field) => ({ ref, field })) : [];
}

/**
 * Those of the write's values that the CRM names in its refusal, as far as the rest can do without them. The hub's id
 * may be taken by another record: that is a conflict of the id alone.
 */
function refusedFields(
  { write: { op, fields }, references = {}, hubId }: PlannedWrite,
  fault: Fault,
): string[] {
  if (op === 'delete') return [];
  const isOfId = hubId && (fault.fields.includes(hubId.vendor) || fault.message.includes(hubId.vendor));
  if (isOfId && (fault.kind === 'conflict' || fault.kind === 'rejected')) return [hubId.vendor];
  if (fault.kind !== 'rejected') return [];
  return fault.fields.filter((field) => field in fields && !(field in references));
}

async function refusalsOf(
  store: Store,
  system: System,
  sent: readonly Sent[],
  at: number,
): Promise<Refusal[]> {
  const [first] = sent;
  const description = first ? await descriptionOf(store, system, first.write.object.object) : null;
  return sent.flatMap(({ write: planned, outcome }) => {
    if (outcome.status === 'written') return [];
    const { ref, write, entity, object } = planned;
    const { code = 'REFUSED', message } = outcome.fault;
    const key = pushKey(system, entity.kind, entity.id);
    return refusedFields(planned, outcome.fault).map((field) => ({
      ...{ ref, field, key, code, message, at },
      sent: write.fields[field] ?? null,
      mapping: object.version,
      described: printOf(description, field),
    }));
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

function isDeleted({ write: { write }, outcome }: Sent): boolean {
  return write.op === 'delete' && outcome.status === 'written';
}

/** A write that was refused left nothing there to remember. */
function forgotten({ write, outcome }: Sent): { ref: string; field: string }[] {
  // An answer that was lost may have been a yes: then our value will be heard again.
  const wasRefused = outcome.status === 'failed' && outcome.fault.kind !== 'unavailable';
  const fields = [
    ...write.fields.map(({ field }) => field.vendor),
    ...(write.hubId ? [write.hubId.vendor] : []),
  ];
  return wasRefused ? fields.map((field) => ({ ref: write.ref, field })) : [];
}

/** A record that we created is read back, by which it is known by its own id; and so is one that we took out. */
function createdRefs(system: System, object: string, sent: readonly Sent[]): string[] {
  if (!system.connector.streams?.[object]?.fetch) return [];
  return sent.flatMap(({ write, outcome }) =>
    outcome.status === 'written' && (outcome.created || write.write.op === 'delete')
      ? [refText({ connection: system.name, object, id: outcome.id })]
      : [],
  );
}

/** These stay wrong however often they are sent. */
const final: ReadonlySet<string> = new Set(['rejected', 'unauthorized']);
/** These say nothing about the write: it waits for as long as they last. */
const outages: ReadonlySet<string> = new Set(['unavailable', 'throttled']);

/** A token that is not accepted (401) says nothing about the write either; a missing permission does. */
function isOutage({ kind, status }: Fault): boolean {
  return outages.has(kind) || (kind === 'unauthorized' && status === 401);
}

async function judge(hub: Hub, system: System, planned: PlannedWrite, fault: Fault): Promise<WriteDecision> {
  const { entity, object, write, ref } = planned;
  const reason: ParkedReason = {
    ...(somebodyThere(system, planned, fault) ?? { code: fault.code ?? fault.kind, message: fault.message }),
    record: recordName(ref, entity.id),
    ...(fault.field ? { field: fault.field } : {}),
  };
  const wait = (attempts: number) => backoff(fault, attempts);
  if (isOutage(fault)) return { kind: 'later', wait };
  // Planned anew without it, the rest goes.
  if (refusedFields(planned, fault).length > 0) return { kind: 'again' };
  if (final.has(fault.kind))
    return { kind: 'park', reason: fault.field ? reason : { ...reason, refusedBy: object.object } };
  // The record there is not what we thought: a conflict marks stage 1 for it, the only way back.
  const stale = fault.existingId ?? write.id;
  if (fault.kind === 'conflict' && stale) {
    await hub.store.work.mark('fetch', [
      refText({ connection: system.name, object: object.object, id: stale }),
    ]);
  }
  return { kind: 'later', wait, reason };
}

/**
 * A new record is refused because another has what only one record may have, as a rule the address. Reading that one
 * did not make it this entity's, so the hub knows them apart, and only a person can say who is who.
 */
function somebodyThere(
  { name, connector }: System,
  { object: { object }, write }: PlannedWrite,
  { kind, existingId, message }: Fault,
): { code: string; message: string } | null {
  if (kind !== 'conflict' || write.op !== 'upsert' || existingId === undefined) return null;
  const there = `${name} ${object} ${existingId}`;
  return {
    code: 'SOMEBODY_OF_SEVERAL',
    message:
      `${there} has a value that ${connector.title} takes of one record only (${message.replace(/\.$/, '')}), and is somebody else as far as the hub knows. ` +
      'If it is the same, say so with `hub same`; if not, one of the two needs another address. `hub suggest` shows what is known of them.',
  };
}

/** As parked work names it to a person. */
export function recordName(ref: string, entityId: string): string {
  const { connection, object, id } = parseRef(ref);
  return id.startsWith('external:')
    ? `${connection} ${object} of ${entityId}`
    : `${connection} ${object} ${id}`;
}
