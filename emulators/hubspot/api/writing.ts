/** The routes that write records: one by one, by batch, merged, erased. */
import { z } from 'zod';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import { byApi, type Portal } from '../portal.ts';
import { invalid } from '../state/refusal.ts';
import type { Table } from '../state/table.ts';
import { assertBatchSize, assertDistinct, batchAnswer, partlyDone } from './batch.ts';
import { type Call, idBody, param, propertiesBody, readBody, tableOf } from './call.ts';
import { canSplit, type Steps, type Traceable, writeAll, writeEach } from './multi-status.ts';
import { findRecord, unknownIds } from './reading.ts';
import {
  archiveOne,
  assertChangeable,
  assertCreatable,
  assertUpsertable,
  createOne,
  liveRecord,
  noRivals,
  type Target,
  updateOne,
  upsertOne,
} from './record-writes.ts';
import { readJson, select } from './shape.ts';

const mostPerBatch = 100;

export const specBody = z.object({
  associationCategory: z.string().default('HUBSPOT_DEFINED'),
  associationTypeId: z.number(),
});
/** `associations` is required by the specification, and missing in recorded requests that were answered 201. */
const createBody = z.object({
  properties: propertiesBody.default({}),
  associations: z
    .array(z.object({ to: z.object({ id: idBody }), types: z.array(specBody) }))
    .nullish()
    .transform((given) => given ?? []),
  objectWriteTraceId: z.string().optional(),
});
const updateBody = z.object({ properties: propertiesBody.default({}) });
const updateInput = updateBody.extend({
  id: idBody,
  idProperty: z.string().optional(),
  objectWriteTraceId: z.string().optional(),
});
const createBatchBody = z.object({ inputs: z.array(createBody) });
const updateBatchBody = z.object({ inputs: z.array(updateInput) });
const archiveBatchBody = z.object({ inputs: z.array(z.object({ id: idBody })) });
const mergeBody = z.object({ primaryObjectId: idBody, objectIdToMerge: idBody });
const eraseBody = z.object({ objectId: idBody, idProperty: z.string().optional() });

const targetOf = (call: Call): Target => ({ portal: call.portal, table: tableOf(call) });

export function createRecord(call: Call): LoopbackAnswer {
  return { status: 201, json: createOne(targetOf(call), readBody(call, createBody)) };
}

export function updateRecord(call: Call): LoopbackAnswer {
  const target = targetOf(call);
  const idProperty = call.request.query.get('idProperty') ?? undefined;
  const row = liveRecord(target, { id: param(call, 'id'), idProperty });
  return { status: 200, json: updateOne(target, row, readBody(call, updateBody).properties) };
}

export function archiveRecord(call: Call): LoopbackAnswer {
  archiveOne(targetOf(call), param(call, 'id'));
  return { status: 204 };
}

export function createBatch(call: Call): LoopbackAnswer {
  const target = targetOf(call);
  const { inputs } = readBody(call, createBatchBody);
  assertBatchSize(inputs, mostPerBatch);
  const assertNoRival = noRivals(target.table);
  const { results, errors } = write(inputs, canSplit(inputs), {
    check({ properties }) {
      assertCreatable(target, properties);
      assertNoRival(properties);
    },
    write: (input) => createOne(target, input),
  });
  return batchAnswer(call.portal, 201, seen(call.portal, results), errors, partlyDone(call, 201));
}

export function updateBatch(call: Call): LoopbackAnswer {
  const target = targetOf(call);
  const inputs = readUpdates(call, target.table, false);
  const known = inputs.filter((input) => liveRecord(target, input) !== undefined);
  const unknown = inputs.filter((input) => !known.includes(input)).map(({ id }) => id);
  const { results, errors } = write(known, canSplit(inputs), {
    check: (input) => assertChangeable(target, liveRecord(target, input), input.properties),
    write: (input) => updateOne(target, liveRecord(target, input), input.properties),
  });
  const strangers = unknown.length > 0 ? [unknownIds(target.table, unknown)] : [];
  const refused = [...errors, ...strangers];
  return batchAnswer(call.portal, 200, seen(call.portal, results), refused, partlyDone(call, 200));
}

export function upsertBatch(call: Call): LoopbackAnswer {
  const target = targetOf(call);
  const inputs = readUpdates(call, target.table, true);
  const byEmail = inputs.some(({ idProperty }) => idProperty === 'email');
  const split = canSplit(inputs) && (call.portal.knobs.partialUpsertByEmail || !byEmail);
  const { results, errors } = write(inputs, split, {
    check: (input) => assertUpsertable(target, input),
    write: (input) => upsertOne(target, input),
  });
  return batchAnswer(call.portal, 200, seen(call.portal, results), errors, partlyDone(call, 200));
}

export function archiveBatch(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, archiveBatchBody);
  assertBatchSize(inputs, mostPerBatch);
  assertDistinct(inputs.map(({ id }) => id));
  for (const { id } of inputs) archiveOne(targetOf(call), id);
  return { status: 204 };
}

export function mergeRecords(call: Call): LoopbackAnswer {
  const { portal } = call;
  const table = tableOf(call);
  const { primaryObjectId, objectIdToMerge } = readBody(call, mergeBody);
  const object = table.type.name;
  const primary = portal.crm.find({ object, id: primaryObjectId });
  const loser = portal.crm.find({ object, id: objectIdToMerge });
  const survivor = portal.crm.merge(table, primary, loser, byApi(portal));
  return { status: 200, json: readJson(portal, table, survivor, select(table, { properties: [] })) };
}

export function eraseRecord(call: Call): LoopbackAnswer {
  const table = tableOf(call);
  const { objectId, idProperty } = readBody(call, eraseBody);
  const row = findRecord(call.portal, table, objectId, idProperty);
  if (row) call.portal.crm.erase(table, row, byApi(call.portal));
  return { status: 204 };
}

/** By `email` an upsert is allowed and an update is not: HubSpot/hubspot-api-nodejs#548. */
function readUpdates(call: Call, { type, schema }: Table, byEmail: boolean) {
  const { inputs } = readBody(call, updateBatchBody);
  assertBatchSize(inputs, mostPerBatch);
  assertDistinct(inputs.map(({ id }) => id));
  for (const { idProperty } of inputs) {
    if (idProperty === undefined || idProperty === 'hs_object_id') continue;
    const unique = schema.find(idProperty)?.hasUniqueValue === true && (byEmail || idProperty !== 'email');
    if (!unique)
      throw invalid(`Unable to perform update/upsert by non-unique ${type.typeId} property ${idProperty}`);
  }
  return inputs;
}

function write<T extends Traceable>(inputs: readonly T[], split: boolean, steps: Steps<T>) {
  return split ? writeEach(inputs, steps) : writeAll(inputs, steps);
}

function seen({ knobs }: Portal, results: readonly object[]): readonly object[] {
  if (knobs.traceInResults) return results;
  return results.map((json) => ({ ...json, objectWriteTraceId: undefined }));
}
