/** Reading named records: by batch, with property history where change times are wanted. */
import type { PullOptions, VendorRecord } from '../../src/connector/contract.ts';
import { Fault } from '../../src/connector/fault.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { withAssociations } from './associations.ts';
import { ask, build, type HubSpotContext } from './client.ts';
import { readError } from './errors.ts';
import { toFault } from './fault.ts';
import { type CrmObject, mergedProperties } from './objects.ts';
import { deleted, idOf, losersOf, mergedIdsOf, toRecord } from './record.ts';
import { batchSchema, rowSchema, shaped } from './shapes.ts';

/** Ids in one batch read; half of it with history. */
const readLimit = 100;
const historyLimit = 50;

/** So many missing ids at most are looked up one by one; beyond that they count as deleted. */
const lookupLimit = 10;

export interface Selection {
  readonly properties: readonly string[];
  readonly history: readonly string[];
}

/** What to ask for: the object's own properties and those that the mapping reads. */
export function selectionOf(object: CrmObject, options: PullOptions | undefined): Selection {
  const isProperty = (name: string) => /^\w+$/.test(name);
  const wanted = (options?.fields ?? []).filter(isProperty);
  return {
    properties: [...new Set([...object.properties, ...wanted])],
    history: [...new Set((options?.history ?? []).filter(isProperty))],
  };
}

/** The live rows among `ids`, without associations. Merged-away ids may answer with their winner's row. */
export async function batchRead(
  ctx: HubSpotContext,
  object: string,
  ids: readonly string[],
  { properties, history }: Selection,
): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  const size = history.length > 0 ? historyLimit : readLimit;
  for (let start = 0; start < ids.length; start += size) {
    const inputs = ids.slice(start, start + size).map((id) => ({ id }));
    const body = { inputs, properties: [...properties], propertiesWithHistory: [...history] };
    const answer = await ask(ctx, build.batch.read(object, body));
    const { results, errors } = shaped(batchSchema, answer.json(), `the records of ${object}`);
    failUnlessMissing(errors);
    rows.push(...results);
  }
  return rows;
}

/** A missing record is told in a 207 or left out; any other error would be taken for a deletion. */
function failUnlessMissing(errors: readonly JsonObject[]): void {
  for (const error of errors.map(readError)) {
    if (error !== null && error.category !== 'OBJECT_NOT_FOUND') throw toFault({ error });
  }
}

/** Re-reads the named records with their associations; what is gone comes back as a tombstone. */
export async function fetchRecords(
  ctx: HubSpotContext,
  object: CrmObject,
  ids: readonly string[],
  options?: PullOptions,
): Promise<VendorRecord[]> {
  const asked = [...new Set(ids)];
  const readAt = ctx.clock.now();
  const rows = await batchRead(ctx, object.name, asked, selectionOf(object, options));
  const whole = await withAssociations(ctx, object.name, object.associated, rows, false);
  const records = distinct(whole.map((row) => toRecord(object, row, readAt)));
  const losers = records.flatMap(losersOf);
  const known = new Set([...records, ...losers].map(({ id }) => id));
  const gone = asked.filter((id) => !known.has(id));
  return [...records, ...losers, ...(await tombstonesOf(ctx, object, gone, readAt))];
}

function distinct(records: readonly VendorRecord[]): VendorRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

/** Why records are gone: merged into another one, which then still answers to the old id, or deleted. */
export async function tombstonesOf(
  ctx: HubSpotContext,
  object: CrmObject,
  gone: readonly string[],
  at: number,
): Promise<VendorRecord[]> {
  const tombstones: VendorRecord[] = [];
  for (const [index, id] of gone.entries()) {
    const winner = index < lookupLimit ? await winnerOf(ctx, object, id) : null;
    tombstones.push(
      winner === null
        ? deleted(object.name, id, at)
        : { ...deleted(object.name, id, winner.modifiedAt), tombstone: { kind: 'merged', into: winner.id } },
    );
  }
  return tombstones;
}

/** The record that answers to another one's id; null when none does. */
async function winnerOf(ctx: HubSpotContext, object: CrmObject, id: string): Promise<VendorRecord | null> {
  try {
    const answer = await ask(ctx, build.objects.getById(object.name, id, [mergedProperties.join(',')]));
    const record = toRecord(
      object,
      shaped(rowSchema, answer.json(), `a record of ${object.name}`),
      ctx.clock.now(),
    );
    if (record.body.archived === true) return null;
    if (record.id !== id) return record;
  } catch (error) {
    if (error instanceof Fault && error.status === 404) return null;
    throw error;
  }
  throw new Fault('unavailable', `HubSpot left ${object.name} ${id} out of a batch although it is there`, {
    code: 'INCONSISTENT_READ',
  });
}

/** Of `ids`, those that live on in another record: found in one call as far as batch reads follow merges. */
export async function mergedAmong(
  ctx: HubSpotContext,
  object: CrmObject,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await batchRead(ctx, object.name, ids, { properties: mergedProperties, history: [] });
  const pairs = rows.flatMap((row) => mergedIdsOf(row).map((loser) => [loser, idOf(row)] as const));
  return new Map(pairs.filter(([loser]) => ids.includes(loser)));
}
