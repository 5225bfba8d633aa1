/** What came of writes: kept with all that follows from it in one transaction. */
import { randomUUID } from 'node:crypto';
import { refText } from '../../canonical/names.ts';
import type { Decided, Outcome } from '../../connector/contract/writing.ts';
import type { FieldMemory } from '../../store/contract/outbox.ts';
import type { JobWrite } from '../../store/contract/push-jobs.ts';
import type { Refusal } from '../../store/contract/refusals.ts';
import type { Store } from '../../store/contract/store.ts';
import { canonicalJson } from '../../support/fingerprint.ts';
import type { System } from '../hub.ts';
import { resumption } from '../resumption.ts';
import { pushKey } from '../targets.ts';
import { descriptionOf, printOf } from './plan/described.ts';
import { refusalsOfNew } from './plan/owed.ts';
import { refusedFields, type SentWrite } from './sent.ts';

export interface Told {
  readonly sent: SentWrite;
  readonly outcome: Outcome;
}

interface ToldNow {
  readonly sent: SentWrite;
  readonly outcome: Decided;
}

/** Outcomes, answers and follow-up marks, or the jobs that will tell them; inside one transaction. */
export async function keepOutcomes(
  store: Store,
  system: System,
  object: string,
  told: readonly Told[],
  at: number,
): Promise<void> {
  await keepPending(store, system, object, told, at);
  const now = told.flatMap(({ sent, outcome }): ToldNow[] =>
    outcome.status === 'pending' ? [] : [{ sent, outcome }],
  );
  await store.outbox.settle(now.map(({ sent: { id }, outcome }) => settled(id, outcome, at)));
  await store.outbox.remember(now.flatMap(taken));
  await store.outbox.forget(now.flatMap(forgotten));
  await store.outbox.forgetAll(now.filter(isDeleted).map(({ sent }) => sent.ref));
  await store.refusals.drop(now.flatMap(takenFields));
  await store.refusals.keep(await refusalsOf(store, system, now, at));
  for (const { sent, outcome } of now)
    if (outcome.status === 'written') await store.refusals.keep(await refusalsOfNew(store, system, sent, at));
  await store.work.mark('fetch', createdRefs(system, object, now));
}

/** The writes wait for their jobs under the same names, so that any process finds out what became of them. */
async function keepPending(
  store: Store,
  system: System,
  object: string,
  told: readonly Told[],
  at: number,
): Promise<void> {
  const pending = told.flatMap(({ sent, outcome }) =>
    outcome.status === 'pending' ? [{ sent, outcome }] : [],
  );
  await store.outbox.settle(
    pending.map(({ sent: { id }, outcome: { rest } }) => ({
      ...{ id, at, status: 'pending' as const, fault: `waits for ${rest.waitsFor}` },
    })),
  );
  const groups = [...Map.groupBy(pending, ({ outcome: { job } }) => canonicalJson(job)).values()];
  for (const group of groups) {
    const [first] = group;
    if (!first) continue;
    const { job, rest } = first.outcome;
    const id = randomUUID();
    await store.pushJobs.keep(
      [{ id, connection: system.name, object, job, since: at, ...resumption(rest, at) }],
      group.map(({ sent }) => jobWrite(system, id, sent)),
    );
  }
}

function jobWrite({ name }: System, job: string, sent: SentWrite): JobWrite {
  const { id, object, kind, entityId, ref, write, references, hubId, withheld, mapping, mark } = sent;
  return {
    ...{ id, job, connection: name, object, kind, entityId, ref, references, hubId, mapping, withheld, mark },
    ...{ key: write.key, op: write.op, alternateKey: write.alternateKey ?? null, fault: null },
  };
}

function takenFields({ sent: { ref, write }, outcome }: ToldNow): { ref: string; field: string }[] {
  return outcome.status === 'written' ? Object.keys(write.fields).map((field) => ({ ref, field })) : [];
}

async function refusalsOf(
  store: Store,
  system: System,
  told: readonly ToldNow[],
  at: number,
): Promise<Refusal[]> {
  const [first] = told;
  const description = first ? await descriptionOf(store, system, first.sent.object) : null;
  return told.flatMap(({ sent, outcome }) => {
    if (outcome.status === 'written') return [];
    const { ref, write, entityId, kind, mapping } = sent;
    const { code = 'REFUSED', message } = outcome.fault;
    const key = pushKey(system, kind, entityId);
    return refusedFields(sent, outcome.fault).map((field) => ({
      ...{ ref, field, key, code, message, at },
      sent: write.fields[field] ?? null,
      mapping,
      described: printOf(description, field),
    }));
  });
}

function settled(id: string, outcome: Decided, at: number) {
  return outcome.status === 'written'
    ? { id, status: 'written' as const, recordId: outcome.id, at }
    : { id, status: 'failed' as const, fault: outcome.fault.message, at };
}

/** Where the vendor's answer says what it made of our values, that is remembered at once. */
function taken({ sent: { memories }, outcome }: ToldNow): FieldMemory[] {
  if (outcome.status !== 'written') return [];
  const { answer, modifiedAt } = outcome;
  return memories.map((memory) => {
    const said = answer?.[memory.field];
    return {
      ...memory,
      status: 'written',
      basis: modifiedAt ?? memory.basis,
      ...(said === undefined ? {} : { answer: said }),
    };
  });
}

function isDeleted({ sent: { write }, outcome }: ToldNow): boolean {
  return write.op === 'delete' && outcome.status === 'written';
}

/** A write that was refused left nothing there to remember. */
function forgotten({
  sent: { ref, memories, references },
  outcome,
}: ToldNow): { ref: string; field: string }[] {
  // An answer that was lost may have been a yes: then our value will be heard again.
  const wasRefused = outcome.status === 'failed' && outcome.fault.kind !== 'unavailable';
  const fields = memories.map(({ field }) => field).filter((field) => !references.includes(field));
  return wasRefused ? fields.map((field) => ({ ref, field })) : [];
}

/** A record that we created is read back, by which it is known by its own id; and so is one that we took out. */
function createdRefs(system: System, object: string, told: readonly ToldNow[]): string[] {
  if (!system.connector.streams?.[object]?.fetch) return [];
  return told.flatMap(({ sent, outcome }) =>
    outcome.status === 'written' && (outcome.created || sent.write.op === 'delete')
      ? [refText({ connection: system.name, object, id: outcome.id })]
      : [],
  );
}
