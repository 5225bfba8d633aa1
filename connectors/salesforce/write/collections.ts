/** Writes by sObject Collections: 200 records per call, each with its own result in the order of the request. */
import { z } from 'zod';
import type { Context } from '../../../src/connector/contract/context.ts';
import type { Outcome, Write } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { SalesforceConfig } from '../config.ts';
import type { HubConnection } from '../wire/connection.ts';
import { expected, recordFault, vendorErrors } from '../wire/faults.ts';
import { longId } from '../wire/ids.ts';
import { type Group, keyOf, type Method, toRestFields } from './writes.ts';

export const recordsPerCall = 200;

/** After a lock on a parent record, fewer records go together: the other side needs a gap to finish in. */
const sizesAfterLock = [50, 10, 1] as const;
const lockWaitMs = 500;

/** How many further calls one push may spend on finding the records that spoil a call for the others. */
const mostSplits = 64;

/** Said of the request as a whole: a smaller one would hear the same. */
const aboutTheRequest = new Set(['NOT_FOUND', 'INVALID_TYPE', 'METHOD_NOT_ALLOWED', 'MALFORMED_QUERY']);

const results = z.array(
  z.looseObject({
    id: z.string().nullish(),
    success: z.boolean(),
    created: z.boolean().optional(),
    errors: vendorErrors.default([]),
  }),
);
/** What was said of one record; a fault when it was said of the call. */
type Answer = z.infer<typeof results>[number] | Fault;

export interface Desk {
  readonly ctx: Context<SalesforceConfig>;
  readonly connection: HubConnection;
  readonly object: string;
  /** Told of every outcome as soon as it is known. */
  decide(outcome: Outcome): void;
  splits: number;
}

export async function sendByCollections(desk: Desk, { method, writes }: Group): Promise<void> {
  let waiting = await sendAll(desk, method, writes, recordsPerCall);
  for (const [turn, size] of sizesAfterLock.entries()) {
    if (waiting.length === 0) return;
    await desk.ctx.clock.sleep(lockWaitMs * 2 ** turn * (1 + Math.random()), desk.ctx.signal);
    waiting = await sendAll(
      desk,
      method,
      waiting.map(({ write }) => write),
      size,
    );
  }
  for (const { write, fault } of waiting) desk.decide({ key: write.key, status: 'failed', fault });
}

interface Locked {
  readonly write: Write;
  readonly fault: Fault;
}

async function sendAll(
  desk: Desk,
  method: Method,
  writes: readonly Write[],
  size: number,
): Promise<Locked[]> {
  const locked: Locked[] = [];
  for (let at = 0; at < writes.length; at += size) {
    locked.push(...(await sendSome(desk, method, writes.slice(at, at + size))));
  }
  return locked;
}

/** Decides each write, but for those that met a lock. */
async function sendSome(desk: Desk, method: Method, writes: readonly Write[]): Promise<Locked[]> {
  const answers = await asked(desk, method, writes);
  if (answers === null) return await inHalves(desk, method, writes);
  const locked: Locked[] = [];
  for (const [index, write] of writes.entries()) {
    const outcome = outcomeOf(desk, method, write, answers[index]);
    const fault = outcome.status === 'failed' ? outcome.fault : null;
    if (fault?.code === 'UNABLE_TO_LOCK_ROW') locked.push({ write, fault });
    else desk.decide(outcome);
  }
  return locked;
}

/** Null when the call was refused for the sake of some record in it: one value of the wrong type is enough. */
async function asked(
  desk: Desk,
  method: Method,
  writes: readonly Write[],
): Promise<readonly Answer[] | null> {
  const read = (body: unknown) => expected(results, body, 'list of results');
  const answers = await call(desk, method, writes).then(read, (error: unknown) => {
    if (!(error instanceof Fault) || error.kind !== 'rejected' || aboutTheRequest.has(error.code ?? ''))
      throw error;
    return error;
  });
  if (answers instanceof Fault) {
    return writes.length > 1 && desk.splits < mostSplits ? null : writes.map(() => answers);
  }
  if (answers.length === writes.length) return answers;
  throw new Fault('unavailable', 'Salesforce answered with more or fewer results than records', {
    code: 'RESULTS',
  });
}

async function inHalves(desk: Desk, method: Method, writes: readonly Write[]): Promise<Locked[]> {
  desk.splits += 1;
  const middle = Math.ceil(writes.length / 2);
  const first = await sendSome(desk, method, writes.slice(0, middle));
  return [...first, ...(await sendSome(desk, method, writes.slice(middle)))];
}

function call({ ctx, connection, object }: Desk, method: Method, writes: readonly Write[]): Promise<unknown> {
  const allowSave = ctx.config.duplicateRules === 'override';
  const headers: Record<string, string> = allowSave
    ? { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' }
    : {};
  const options = { allOrNone: false, headers };
  const records = (key: string) =>
    writes.map((write) => ({ ...toRestFields(write.fields), [key]: keyOf(method, write) }));
  switch (method.op) {
    case 'upsert':
      return connection.upsert(object, records(method.field), method.field, options);
    case 'update':
      return connection.update(
        object,
        writes.map((write) => ({ ...toRestFields(write.fields), Id: keyOf(method, write) })),
        options,
      );
    case 'delete':
      return connection.destroy(
        object,
        writes.map((write) => keyOf(method, write)),
        options,
      );
  }
}

function outcomeOf(desk: Desk, method: Method, write: Write, answer: Answer | undefined): Outcome {
  const { key } = write;
  if (answer === undefined || answer instanceof Fault) {
    return { key, status: 'failed', fault: answer ?? recordFault([], desk.object) };
  }
  if (answer.success && typeof answer.id === 'string') {
    return { key, status: 'written', id: longId(answer.id), created: answer.created ?? false };
  }
  const fault = recordFault(answer.errors, desk.object);
  // What is to be deleted and is not there any more is as good as deleted.
  const done = method.op === 'delete' && fault.code === 'ENTITY_IS_DELETED';
  return done
    ? { key, status: 'written', id: keyOf(method, write), created: false }
    : { key, status: 'failed', fault };
}
