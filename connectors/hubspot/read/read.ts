/** Reading named records: by batch, with property history where change times are wanted. */
import type { PullOptions } from '../../../src/connector/contract/reading.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { readError } from '../wire/errors.ts';
import { toFault } from '../wire/fault.ts';
import type { CrmObject } from '../wire/objects.ts';
import { batchSchema, shaped } from '../wire/shapes.ts';

/** Ids in one batch read; half of it with history. */
export const readLimit = 100;
/** Records in one call that tells histories, also of the list. */
export const historyLimit = 50;

export interface Selection {
  readonly properties: readonly string[];
  /** Properties whose history comes along. */
  readonly history: readonly string[];
  /** Those of them whose past values belong to the record; of the others only the change times are wanted. */
  readonly past?: readonly string[];
}

/** What to ask for of a changed record: the object's own properties and those that the mapping reads. */
export function selectionOf(object: CrmObject, options: PullOptions | undefined): Selection {
  const { fields = [], history = [], past = [] } = options ?? {};
  return {
    properties: propertiesAmong([...object.properties, ...fields]),
    history: propertiesAmong([...history, ...past]),
    past,
  };
}

/** The same of a backfill: the change times of present values alone are not worth twice the calls. */
export function backfillSelectionOf(object: CrmObject, options: PullOptions | undefined): Selection {
  return selectionOf(object, { ...options, history: [] });
}

function propertiesAmong(names: readonly string[]): string[] {
  return [...new Set(names.filter((name) => /^\w+$/.test(name)))];
}

/** Rows, and when HubSpot was asked for the first of them and began to tell them, by its own clock. */
export interface Rows {
  readonly rows: readonly JsonObject[];
  readonly askedAt: number | undefined;
  readonly servedAt: number | undefined;
}

/** The live rows among `ids`, without associations. Merged-away ids may answer with their winner's row. */
export async function batchRead(
  ctx: HubSpotContext,
  object: string,
  ids: readonly string[],
  { properties, history }: Selection,
): Promise<Rows> {
  const rows: JsonObject[] = [];
  let askedAt: number | undefined;
  let servedAt: number | undefined;
  const size = history.length > 0 ? historyLimit : readLimit;
  for (let start = 0; start < ids.length; start += size) {
    const inputs = ids.slice(start, start + size).map((id) => ({ id }));
    const body = { inputs, properties: [...properties], propertiesWithHistory: [...history] };
    const answer = await ask(ctx, build.batch.read(object, body));
    askedAt ??= answer.askedAt;
    servedAt ??= answer.servedAt;
    const { results, errors } = shaped(batchSchema, answer.json(), `the records of ${object}`);
    failUnlessMissing(errors);
    rows.push(...results);
  }
  return { rows, askedAt, servedAt };
}

/** A missing record is told in a 207 or left out; any other error would be taken for a deletion. */
function failUnlessMissing(errors: readonly JsonObject[]): void {
  for (const error of errors.map(readError)) {
    if (error !== null && error.category !== 'OBJECT_NOT_FOUND') throw toFault({ error });
  }
}
