/** Records by list, by id and by batch. */
import { z } from 'zod';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import type { Portal } from '../portal.ts';
import { invalid, notFound, Refusal } from '../state/refusal.ts';
import { isArchived, isLive, type Row } from '../state/rows.ts';
import type { Table } from '../state/table.ts';
import { assertBatchSize, assertDistinct, batchAnswer, batchError, partlyDone } from './batch.ts';
import { type Call, flagParam, idBody, limitParam, listParam, param, readBody, tableOf } from './call.ts';
import { readJson, type Selection, select } from './shape.ts';

const mostPerPage = 100;
const mostWithHistory = 50;

export function listRecords(call: Call): LoopbackAnswer {
  const table = tableOf(call);
  const selection = selectionOf(call, table);
  const limit = limitParam(call, 10, selection.history.length > 0 ? mostWithHistory : mostPerPage);
  const after = call.request.query.get('after') ?? undefined;
  if (after !== undefined && !/^\d+$/.test(after)) throw invalid(`Invalid paging cursor: ${after}`);
  const { rows, next } = table.page(after, limit, flagParam(call, 'archived'));
  const results = rows.map((row) => readJson(call.portal, table, row, selection));
  const paging = next === undefined ? {} : { paging: { next: { after: next, link: nextLink(call, next) } } };
  return { status: 200, json: { results, ...paging } };
}

function nextLink({ request }: Call, after: string): string {
  const query = new URLSearchParams(request.query);
  query.set('after', after);
  return `https://api.hubapi.com${request.path}?${query}`;
}

export function readRecord(call: Call): LoopbackAnswer {
  const table = tableOf(call);
  const idProperty = call.request.query.get('idProperty') ?? undefined;
  const row = findRecord(call.portal, table, param(call, 'id'), idProperty);
  if (!row || !isVisible(row, flagParam(call, 'archived'))) throw notFound();
  return { status: 200, json: readJson(call.portal, table, row, selectionOf(call, table)) };
}

const batchBody = z.object({
  inputs: z.array(z.object({ id: idBody })),
  properties: z.array(z.string()).default([]),
  propertiesWithHistory: z.array(z.string()).default([]),
  idProperty: z.string().optional(),
});

export function readBatch(call: Call): LoopbackAnswer {
  const { portal } = call;
  const table = tableOf(call);
  const { inputs, properties, propertiesWithHistory: history, idProperty } = readBody(call, batchBody);
  const ids = inputs.map(({ id }) => id);
  assertBatchSize(ids, history.length > 0 ? mostWithHistory : mostPerPage);
  assertDistinct(ids);
  const archived = flagParam(call, 'archived');
  const found = ids
    .map((id) => findRecord(portal, table, id, idProperty))
    .map((row) => (row && isVisible(row, archived) ? row : undefined));
  const missing = ids.filter((_, index) => found[index] === undefined);
  const selection = select(table, { properties, history });
  // Two ids of one merged record are one result.
  const results = [...new Set(found)].flatMap((row) =>
    row ? [readJson(portal, table, row, selection)] : [],
  );
  const told = missing.length > 0 && portal.knobs.unknownInBatchRead === 'error';
  const errors = told ? [unknownIds(table, missing)] : [];
  return batchAnswer(portal, 200, results, errors, partlyDone(call, 200));
}

export function unknownIds(table: Table, ids: readonly string[]) {
  const message = `Could not get some ${table.type.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`;
  return batchError(new Refusal(404, { category: 'OBJECT_NOT_FOUND', message, context: { ids } }));
}

/** By id, or by a unique property. A merged record's old id leads to its winner, by knob. */
export function findRecord(portal: Portal, table: Table, id: string, idProperty?: string): Row | undefined {
  if (idProperty !== undefined && idProperty !== 'hs_object_id') {
    assertUnique(table, idProperty);
    return table.findUnique(idProperty, id);
  }
  let row = table.get(id);
  while (row?.mergedInto != null)
    row = portal.knobs.mergedRead === 'winner' ? table.get(row.mergedInto) : undefined;
  return row?.erased ? undefined : row;
}

function assertUnique({ type, schema }: Table, property: string): void {
  if (schema.find(property)?.hasUniqueValue) return;
  throw invalid(`Unable to perform read by non-unique ${type.typeId} property ${property}`);
}

function isVisible(row: Row, archived: boolean): boolean {
  return archived ? isArchived(row) : isLive(row);
}

function selectionOf(call: Call, table: Table): Selection {
  const associations = listParam(call, 'associations').map((word) => {
    const type = call.portal.findType(word);
    if (type) return type;
    throw invalid(`Unable to infer object type from: ${word}`);
  });
  const properties = listParam(call, 'properties');
  return select(table, { properties, history: listParam(call, 'propertiesWithHistory'), associations });
}
