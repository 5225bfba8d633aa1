/**
 * Writing records of any object, a hundred a call: updates by id, upserts by a property with unique values,
 * deletions as archiving. Each write gets its own outcome, whatever became of its batch.
 */
import type { Outcome, Sink, Write } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { HubSpotConfig } from '../config.ts';
import { idOf, propertiesOf, timeOf } from '../read/record.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { isolate } from '../wire/isolate.ts';
import { batchSchema, shaped } from '../wire/shapes.ts';
import { associate } from './associate.ts';
import { addressOf, answerOf, batchesOf, batchSize, type Entry, entryOf, realign } from './entries.ts';
import { Lessons, splitBatch } from './refusals.ts';

/** The row that came of a write; null for one that is archived. */
type Result = JsonObject | null;
type Results = Map<Entry, Result | Fault>;

export function crmSink(object: string): Sink<HubSpotConfig> {
  return { batchSize, associates: true, push: (ctx, writes) => push(ctx, object, writes) };
}

async function push(ctx: HubSpotContext, object: string, writes: readonly Write[]): Promise<Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const entries: Entry[] = [];
  for (const [index, write] of writes.entries()) {
    const entry = entryOf(write, index);
    if (entry instanceof Fault) outcomes.set(write.key, failed(write, entry));
    else entries.push(entry);
  }
  for (const batch of batchesOf(entries)) {
    for (const [entry, result] of await settle(ctx, object, batch)) {
      outcomes.set(entry.write.key, outcomeOf(entry, result));
    }
  }
  throwIfNothingDecided([...outcomes.values()]);
  await associate(ctx, object, writes, outcomes);
  return writes.flatMap(({ key }) => outcomes.get(key) ?? []);
}

function failed(write: Write, fault: Fault): Outcome {
  return { key: write.key, status: 'failed', fault };
}

async function settle(ctx: HubSpotContext, object: string, batch: readonly Entry[]): Promise<Results> {
  const lessons = new Lessons();
  return isolate<Entry, Result>(batch, {
    attempt: (group) => attempt(ctx, object, group),
    split: splitBatch,
    learn: (entry, refusal) => lessons.learn(entry, refusal),
    foresee: (entry) => lessons.foresee(entry),
  });
}

async function attempt(ctx: HubSpotContext, object: string, group: readonly Entry[]): Promise<Results> {
  const op = group[0]?.write.op;
  if (op === 'delete') return archive(ctx, object, group);
  const written = group.filter(({ properties }) => Object.keys(properties).length > 0);
  const empty = group
    .filter((entry) => !written.includes(entry))
    .map((entry) => [entry, { id: entry.id }] as const);
  if (written.length === 0) return new Map(empty);
  const inputs = written.map(inputOf);
  const request =
    op === 'upsert' ? build.batch.upsert(object, { inputs }) : build.batch.update(object, { inputs });
  const answer = shaped(batchSchema, (await ask(ctx, request)).json(), `the write of ${object}`);
  return new Map([...empty, ...realign(written, answer)]);
}

function inputOf({ id, idProperty, trace, properties }: Entry) {
  const address = idProperty === undefined ? { id } : { id, idProperty };
  return { ...address, objectWriteTraceId: trace, properties };
}

/** What is gone already is archived too. */
async function archive(ctx: HubSpotContext, object: string, group: readonly Entry[]): Promise<Results> {
  const ids = await recordIds(ctx, object, group);
  const inputs = [...new Set(ids.values())].map((id) => ({ id }));
  if (inputs.length > 0) await ask(ctx, build.batch.archive(object, { inputs }));
  return new Map(group.map((entry) => [entry, null]));
}

async function recordIds(
  ctx: HubSpotContext,
  object: string,
  group: readonly Entry[],
): Promise<Map<Entry, string>> {
  const [first] = group;
  if (first?.idProperty === undefined) return new Map(group.map((entry) => [entry, entry.id]));
  const { idProperty } = first;
  const inputs = group.map(({ id }) => ({ id }));
  const request = build.batch.read(object, {
    inputs,
    idProperty,
    properties: [idProperty],
    propertiesWithHistory: [],
  });
  const { results } = shaped(batchSchema, (await ask(ctx, request)).json(), `the records of ${object}`);
  const byAddress = new Map(
    results.map((row) => [
      addressOf({ id: String(propertiesOf(row)[idProperty] ?? ''), idProperty }),
      idOf(row),
    ]),
  );
  const pairs = group.map((entry) => [entry, byAddress.get(addressOf(entry))] as const);
  return new Map(pairs.filter((pair): pair is [Entry, string] => pair[1] !== undefined));
}

function outcomeOf(entry: Entry, result: Result | Fault): Outcome {
  const { write } = entry;
  if (result instanceof Fault) return failed(write, result);
  if (result === null) return { key: write.key, status: 'written', id: entry.id, created: false };
  const modifiedAt = timeOf(result.updatedAt);
  return {
    key: write.key,
    status: 'written',
    id: idOf(result),
    created: result.new === true,
    answer: answerOf(entry, result),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
  };
}

/** An outage before anything was decided is the caller's to repeat as a whole. */
function throwIfNothingDecided(outcomes: readonly Outcome[]): void {
  const [first] = outcomes;
  if (first?.status !== 'failed') return;
  const undecided = outcomes.every((one) => one.status === 'failed' && isOutage(one.fault));
  if (undecided) throw first.fault;
}

function isOutage({ kind }: Fault): boolean {
  return kind === 'unavailable' || kind === 'throttled' || kind === 'unauthorized';
}
