/**
 * Finding what changed. A search shows at most 10,000 hits and shifts while records leave its window, so no
 * page is asked for by position: each is a search of its own for the ids after the last one seen, in id order.
 * So 10,000 is never reached, however many records share one timestamp, and nothing that moves hides another.
 */
import { Fault } from '../../../src/connector/fault.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { type HubSpotContext, send } from '../wire/client.ts';
import type { CrmObject } from '../wire/objects.ts';
import { nextOf, pageSchema, shaped, type VendorPage } from '../wire/shapes.ts';
import { batchRead, type Rows, type Selection } from './read.ts';
import { idOf } from './record.ts';

const pageLimit = 200;
/** Characters that the body of a search may have. */
const bodyLimit = 3_000;
/** Rows in one go: as many as one batch read of associations takes. */
const chunkLimit = 1_000;

/** Changes since a moment, of records with ids after `afterId`. */
export interface Window {
  readonly from: number;
  readonly afterId: string | null;
}

export interface Chunk extends Rows {
  /** Where the rest of the window starts; null when there is none. */
  readonly afterId: string | null;
}

/** The next changed rows of the window, at most a thousand, without associations. */
export async function changedRows(
  ctx: HubSpotContext,
  object: CrmObject,
  window: Window,
  selection: Selection,
): Promise<Chunk> {
  const inline = selection.history.length === 0 && fits(object, window, selection.properties);
  const found = await search(ctx, object, window, inline ? selection.properties : [object.cursor]);
  if (inline) return found;
  return {
    ...found,
    ...(await batchRead(ctx, object.name, found.rows.map(idOf), selection)),
    servedAt: found.servedAt,
  };
}

async function search(
  ctx: HubSpotContext,
  object: CrmObject,
  window: Window,
  properties: readonly string[],
): Promise<Chunk> {
  const rows: JsonObject[] = [];
  let { afterId } = window;
  let after: string | undefined;
  let asked: Asked | undefined;
  while (rows.length + pageLimit <= chunkLimit) {
    const answer = await searchPage(ctx, object, { ...window, afterId }, properties, after);
    const { page } = answer;
    asked ??= answer;
    rows.push(...page.results);
    const last = page.results.at(-1);
    if (last !== undefined) afterId = advanced(afterId, idOf(last));
    // An empty page that names a next one is not the end; only then is it asked for by position.
    after = last === undefined ? nextOf(page) : undefined;
    if (!hasMore(page)) return { rows, ...timesOf(asked), afterId: null };
  }
  return { rows, ...timesOf(asked), afterId };
}

type Asked = Pick<Rows, 'askedAt' | 'servedAt'>;

function timesOf(asked: Asked | undefined): Asked {
  return { askedAt: asked?.askedAt, servedAt: asked?.servedAt };
}

function hasMore(page: VendorPage): boolean {
  return nextOf(page) !== undefined || (page.results.length > 0 && (page.total ?? 0) > page.results.length);
}

async function searchPage(
  ctx: HubSpotContext,
  object: CrmObject,
  window: Window,
  properties: readonly string[],
  after: string | undefined,
): Promise<Asked & { page: VendorPage }> {
  const json = { ...searchBody(object, window, properties), ...(after === undefined ? {} : { after }) };
  const answer = await send(ctx, { method: 'POST', url: `/crm/v3/objects/${object.name}/search`, json });
  const page = shaped(pageSchema, answer.json(), `the search for ${object.name}`);
  return { page, askedAt: answer.askedAt, servedAt: answer.servedAt };
}

/** Built here, not by the SDK: its types take sorts for strings. */
function searchBody(object: CrmObject, { from, afterId }: Window, properties: readonly string[]) {
  const filters = [
    { propertyName: object.cursor, operator: 'GTE', value: String(from) },
    ...(afterId === null ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: afterId }]),
  ];
  return {
    filterGroups: [{ filters }],
    sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
    properties,
    limit: pageLimit,
  };
}

function fits(object: CrmObject, window: Window, properties: readonly string[]): boolean {
  const longest = { ...window, afterId: window.afterId ?? '9'.repeat(20) };
  return JSON.stringify(searchBody(object, longest, properties)).length <= bodyLimit;
}

/** A page that does not lead on would be read for ever. */
function advanced(before: string | null, last: string): string {
  if (before === null || BigInt(last) > BigInt(before)) return last;
  throw new Fault('unavailable', `HubSpot answered a search for ids after ${before} with ${last}`, {
    code: 'UNEXPECTED_ORDER',
  });
}
