/** The list endpoint: for backfills, and the only one that shows archived records. It has no filter and no order. */
import { Fault } from '../../../src/connector/fault.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import type { LabelledPairs } from '../wire/labels.ts';
import type { CrmObject } from '../wire/objects.ts';
import { nextOf, pageSchema, shaped } from '../wire/shapes.ts';
import { withAssociations } from './associations.ts';
import { batchRead, historyLimit, type Rows, type Selection } from './read.ts';
import { idOf } from './record.ts';

export const listLimit = 100;

export interface ListPage extends Rows {
  /** Null on the last page. */
  readonly after: string | null;
}

/** Live records with their properties and associations, one call a page unless one has very many of either, or labels. */
export async function listLive(
  ctx: HubSpotContext,
  object: CrmObject,
  selection: Selection,
  after: string | null,
  labelled: LabelledPairs,
): Promise<ListPage> {
  const page = await listed(ctx, object, selection, after);
  const rows = await withAssociations(ctx, object.name, object.associated, page.rows, labelled);
  return { ...page, rows };
}

async function listed(
  ctx: HubSpotContext,
  object: CrmObject,
  selection: Selection,
  after: string | null,
): Promise<ListPage> {
  const { associated: associations } = object;
  try {
    return await list(ctx, object, { ...selection, associations, after, archived: false });
  } catch (error) {
    if (!(error instanceof Fault) || error.status !== 414) throw error;
    return listThenRead(ctx, object, selection, after);
  }
}

/** The names of the properties made the address too long: they go into the body of a batch read. */
async function listThenRead(
  ctx: HubSpotContext,
  object: CrmObject,
  selection: Selection,
  after: string | null,
) {
  const bare = await list(ctx, object, {
    properties: [],
    history: [],
    associations: object.associated,
    after,
    archived: false,
  });
  const { rows: whole } = await batchRead(ctx, object.name, bare.rows.map(idOf), selection);
  const byId = new Map(whole.map((row) => [idOf(row), row]));
  return { ...bare, rows: bare.rows.map((row) => ({ ...row, ...byId.get(idOf(row)) })) };
}

export function listArchived(
  ctx: HubSpotContext,
  object: CrmObject,
  after: string | null,
): Promise<ListPage> {
  return list(ctx, object, { properties: [], history: [], associations: [], after, archived: true });
}

interface ListQuery extends Selection {
  readonly associations: readonly string[];
  readonly after: string | null;
  readonly archived: boolean;
}

async function list(ctx: HubSpotContext, object: CrmObject, query: ListQuery): Promise<ListPage> {
  const { after, archived } = query;
  const request = build.objects.getPage(
    object.name,
    query.history.length > 0 ? historyLimit : listLimit,
    after ?? undefined,
    joined(query.properties),
    joined(query.history),
    joined(query.associations),
    archived,
  );
  const answer = await ask(ctx, request);
  const page = shaped(pageSchema, answer.json(), `the list of ${object.name}`);
  const { askedAt, servedAt } = answer;
  return { rows: page.results, askedAt, servedAt, after: nextOf(page) ?? null };
}

/** One parameter with commas is shorter than one parameter for each name. */
function joined(names: readonly string[]): string[] | undefined {
  return names.length > 0 ? [names.join(',')] : undefined;
}
