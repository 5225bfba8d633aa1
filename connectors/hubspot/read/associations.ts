/** Reading associations: the first page of each comes with a list, the rest and changed ones by batch. */
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../../src/support/json.ts';
import { associationTypes } from '../wire/association-types.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { readError } from '../wire/errors.ts';
import { toFault } from '../wire/fault.ts';
import type { LabelledPairs } from '../wire/labels.ts';
import { batchSchema, shaped } from '../wire/shapes.ts';
import { idOf } from './record.ts';

/** Ids in one batch read, since 2025-02-10. */
export const readLimit = 1_000;

/** As lists give it: one entry per associated record and type of association. */
export type AssociationRow = { readonly id: string; readonly type: string };

/** Lists name the types that v4 numbers: a record is to look the same whichever way it was read. */
const typeNames: ReadonlyMap<number, string> = new Map(
  associationTypes.map(({ typeId, name }) => [typeId, name]),
);

const targetSchema = z.looseObject({
  toObjectId: z.coerce.string(),
  associationTypes: z
    .array(z.looseObject({ category: z.string(), typeId: z.number(), label: z.string().nullish() }))
    .default([]),
});

const resultSchema = z.looseObject({
  from: z.looseObject({ id: z.coerce.string() }),
  to: z.array(targetSchema).default([]),
  paging: z.looseObject({ next: z.looseObject({ after: z.coerce.string() }).optional() }).nullish(),
});

/** All associations of the records `ids` of `from` to `to`; records that have none are absent. */
export async function readAssociations(
  ctx: HubSpotContext,
  from: string,
  to: string,
  ids: readonly string[],
): Promise<Map<string, AssociationRow[]>> {
  const found = new Map<string, AssociationRow[]>();
  let open: { id: string; after?: string }[] = ids.map((id) => ({ id }));
  while (open.length > 0) {
    const inputs = open.slice(0, readLimit);
    const results = await readBatch(ctx, from, to, inputs);
    for (const { from: source, to: targets } of results) {
      found.set(source.id, [...(found.get(source.id) ?? []), ...targets.flatMap(rowsOf)]);
    }
    const more = results.flatMap(({ from: source, paging }) =>
      paging?.next === undefined ? [] : [{ id: source.id, after: paging.next.after }],
    );
    open = [...open.slice(readLimit), ...more];
  }
  return found;
}

async function readBatch(
  ctx: HubSpotContext,
  from: string,
  to: string,
  inputs: { id: string; after?: string }[],
) {
  const answer = await ask(ctx, build.associations.getPage(from, to, { inputs }));
  const { results, errors } = shaped(batchSchema, answer.json(), `associations of ${from} to ${to}`);
  // A record without associations is told as OBJECT_NOT_FOUND; anything else would be a loss.
  for (const error of errors.map(readError)) {
    if (error !== null && error.category !== 'OBJECT_NOT_FOUND') throw toFault({ error });
  }
  return shaped(z.array(resultSchema), results, `associations of ${from} to ${to}`);
}

/** One row per type; a label that the customer made goes by its own text. */
function rowsOf({ toObjectId: id, associationTypes: types }: z.infer<typeof targetSchema>): AssociationRow[] {
  return types.map(({ category, typeId, label }) => {
    const name = category === 'HUBSPOT_DEFINED' ? typeNames.get(typeId) : undefined;
    return { id, type: name ?? label ?? `${category.toLowerCase()}_${typeId}` };
  });
}

/**
 * Rows with whole `associations`: each pair that is read has its `results`, sorted, empty where there are
 * none. `listed`: the rows come from a list, which shows the first page of each, and customers' labels not by
 * the text that the associations API and mappings know them by: only what a list cannot tell is asked for.
 * https://community.hubspot.com/t5/APIs-Integrations/Object-data-fetch-sorting-out-associations/td-p/658333
 */
export async function withAssociations(
  ctx: HubSpotContext,
  from: string,
  targets: readonly string[],
  rows: readonly JsonObject[],
  listed: LabelledPairs | null,
): Promise<JsonObject[]> {
  if (targets.length === 0 || rows.length === 0) return [...rows];
  const whole = new Map<string, Map<string, AssociationRow[]>>();
  for (const to of targets) {
    const open = listed === null ? rows : await beyondList(rows, to, listed);
    whole.set(to, await readAssociations(ctx, from, to, open.map(idOf)));
  }
  return rows.map((row) => ({ ...row, associations: associationsOf(row, targets, whole) }));
}

async function beyondList(
  rows: readonly JsonObject[],
  to: string,
  labelled: LabelledPairs,
): Promise<JsonObject[]> {
  const tied = rows.filter((row) => listedRows(row, to).length > 0);
  if (tied.length > 0 && (await labelled.has(to))) return tied;
  return rows.filter((row) => hasMore(row, to));
}

function associationsOf(
  row: JsonObject,
  targets: readonly string[],
  whole: ReadonlyMap<string, ReadonlyMap<string, AssociationRow[]>>,
): JsonObject {
  const id = idOf(row);
  const pairs = targets.map(
    (to) => [to, { results: inOrder(whole.get(to)?.get(id) ?? listedRows(row, to)) }] as const,
  );
  return Object.fromEntries(pairs);
}

function inOrder(rows: readonly AssociationRow[]): AssociationRow[] {
  const key = (row: AssociationRow) => `${row.id.padStart(20, '0')} ${row.type}`;
  const byKey = new Map(rows.map((row) => [key(row), row]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function pairOf(row: JsonObject, to: string): JsonObject {
  const pair = isJsonObject(row.associations) ? row.associations[to] : undefined;
  return isJsonObject(pair) ? pair : {};
}

function listedRows(row: JsonObject, to: string): AssociationRow[] {
  const { results } = pairOf(row, to);
  if (!Array.isArray(results)) return [];
  return results.filter(isJsonObject).map((one) => ({ id: idOf(one), type: String(one.type ?? '') }));
}

function hasMore(row: JsonObject, to: string): boolean {
  const { paging } = pairOf(row, to);
  return isJsonObject(paging) && isJsonObject(paging.next);
}
