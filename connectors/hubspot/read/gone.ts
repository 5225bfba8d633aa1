/** What became of records that are no longer there: swallowed by another one in a merge, or deleted. */
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { type CrmObject, mergedProperties } from '../wire/objects.ts';
import { rowSchema, shaped } from '../wire/shapes.ts';
import { batchRead } from './read.ts';
import { idOf, propertiesOf, toRecord } from './record.ts';

/** So many missing ids at most are looked up one by one; beyond that they count as deleted. */
const lookupLimit = 10;

export function deleted(object: string, id: string, at: number): VendorRecord {
  return { object, id, body: {}, modifiedAt: at, tombstone: { kind: 'deleted' } };
}

function merged(object: string, id: string, at: number, into: string): VendorRecord {
  return { object, id, body: {}, modifiedAt: at, tombstone: { kind: 'merged', into } };
}

/**
 * The records that this one has swallowed, as tombstones. A merge leaves no other trace: the losers answer to
 * the winner's name from then on, and of contacts and companies the winner has a new id itself.
 * https://developers.hubspot.com/changelog/updated-merge-functionality-for-contacts-and-companies
 */
export function losersOf({ object, id, modifiedAt, body }: VendorRecord): VendorRecord[] {
  const losers = mergedIdsOf(body).filter((loser) => loser !== id);
  return losers.map((loser) => merged(object, loser, modifiedAt, id));
}

/** The union of `hs_merged_object_ids` (`1;2`) and `hs_calculated_merged_vids` (`1:1637000000000;2:…`). */
function mergedIdsOf(row: JsonObject): string[] {
  const properties = propertiesOf(row);
  const entries = mergedProperties.flatMap((name) => String(properties[name] ?? '').split(';'));
  const ids = entries.map((entry) => entry.split(':', 1)[0]?.trim() ?? '');
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** Tombstones of ids that a batch read left out. */
export async function tombstonesOf(
  ctx: HubSpotContext,
  object: CrmObject,
  ids: readonly string[],
): Promise<VendorRecord[]> {
  const tombstones: VendorRecord[] = [];
  for (const [index, id] of ids.entries()) {
    const winner = index < lookupLimit ? await winnerOf(ctx, object, id) : null;
    tombstones.push(
      winner === null
        ? deleted(object.name, id, ctx.vendorClock.now())
        : merged(object.name, id, winner.modifiedAt, winner.id),
    );
  }
  return tombstones;
}

/** The record that answers to another one's id; null when none does. */
async function winnerOf(ctx: HubSpotContext, object: CrmObject, id: string): Promise<VendorRecord | null> {
  const record = await readOne(ctx, object, id);
  if (record === null || record.body.archived === true) return null;
  if (record.id !== id) return record;
  throw new Fault('unavailable', `HubSpot left ${object.name} ${id} out of a batch although it is there`, {
    code: 'INCONSISTENT_READ',
  });
}

async function readOne(ctx: HubSpotContext, object: CrmObject, id: string): Promise<VendorRecord | null> {
  try {
    const answer = await ask(ctx, build.objects.getById(object.name, id, [mergedProperties.join(',')]));
    const row = shaped(rowSchema, answer.json(), `a record of ${object.name}`);
    return toRecord(object, row, ctx.vendorClock.now());
  } catch (error) {
    if (error instanceof Fault && error.status === 404) return null;
    throw error;
  }
}

/** Of archived records, those that live on in another one, found in one call: archived id to the other's id. */
export async function mergedAmong(
  ctx: HubSpotContext,
  object: CrmObject,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await batchRead(ctx, object.name, ids, { properties: mergedProperties, history: [] });
  const pairs = rows.flatMap((row) => mergedIdsOf(row).map((loser) => [loser, idOf(row)] as const));
  return new Map(pairs.filter(([loser]) => ids.includes(loser)));
}

export function archivedRecord(
  object: CrmObject,
  id: string,
  at: number,
  into: string | undefined,
): VendorRecord {
  return into === undefined ? deleted(object.name, id, at) : merged(object.name, id, at, into);
}
