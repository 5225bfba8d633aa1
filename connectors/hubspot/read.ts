/** Reading named records: by batch, with property history where change times are wanted. */
import type { PullOptions } from '../../src/connector/contract.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { ask, build, type HubSpotContext } from './client.ts';
import { readError } from './errors.ts';
import { toFault } from './fault.ts';
import type { CrmObject } from './objects.ts';
import { batchSchema, shaped } from './shapes.ts';

/** Ids in one batch read; half of it with history. */
const readLimit = 100;
const historyLimit = 50;

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
