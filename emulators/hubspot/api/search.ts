import { z } from 'zod';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import { invalid } from '../state/refusal.ts';
import type { Row, Values } from '../state/rows.ts';
import type { Table } from '../state/table.ts';
import { type Call, readBody, tableOf } from './call.ts';
import { filterBody, type Matcher, matcher, order } from './filters.ts';
import { searchJson, select } from './shape.ts';

/** https://developers.hubspot.com/docs/api-reference/search/guide (limitations) */
const limits = {
  groups: 5,
  filtersPerGroup: 6,
  filters: 18,
  body: 3_000,
  page: 200,
  reach: 10_000,
  sorts: 1,
};

const sortBody = z.union([
  z
    .string()
    .transform((text) => ({ propertyName: text.replace(/^-/, ''), descending: text.startsWith('-') })),
  z
    .object({ propertyName: z.string(), direction: z.string().default('ASCENDING') })
    .transform(({ propertyName, direction }) => ({ propertyName, descending: direction === 'DESCENDING' })),
]);
const searchBody = z.object({
  filterGroups: z.array(z.object({ filters: z.array(filterBody) })).default([]),
  query: z.string().default(''),
  sorts: z.array(sortBody).default([]),
  properties: z.array(z.string()).default([]),
  limit: z.number().int().default(10),
  after: z.union([z.string(), z.number()]).transform(String).default('0'),
});
type Search = z.output<typeof searchBody>;

interface Hit {
  readonly row: Row;
  readonly known: Values;
}

export function searchRecords(call: Call): LoopbackAnswer {
  const { portal, request } = call;
  if (request.body.length > limits.body)
    throw invalid(`The request body is longer than ${limits.body} characters`);
  const table = tableOf(call);
  const search = readBody(call, searchBody);
  const start = assertWithinLimits(search);
  const hits = sorted(table, search, findAll(call, table, search));
  const page = hits.slice(start, start + search.limit);
  const { names } = select(table, { properties: search.properties });
  const results = page.map(({ row, known }) => searchJson(portal, table, row, known, names));
  const end = start + page.length;
  const paging = end < hits.length ? { paging: { next: { after: String(end) } } } : {};
  return { status: 200, json: { total: hits.length, results, ...paging } };
}

/** Returns where the page starts. */
function assertWithinLimits({ filterGroups, sorts, limit, after }: Search): number {
  const filters = filterGroups.map((group) => group.filters.length);
  const total = filters.reduce((sum, count) => sum + count, 0);
  if (filterGroups.length > limits.groups)
    throw invalid(`Too many filter groups: the limit is ${limits.groups}`);
  if (Math.max(0, ...filters) > limits.filtersPerGroup || total > limits.filters) {
    throw invalid(
      `Too many filters: the limits are ${limits.filtersPerGroup} in a group and ${limits.filters} in all`,
    );
  }
  if (sorts.length > limits.sorts) throw invalid('Only one sort is allowed');
  if (limit < 0 || limit > limits.page)
    throw invalid(`Invalid limit ${limit}: it must be at most ${limits.page}`);
  if (!/^\d+$/.test(after)) throw invalid(`Invalid paging cursor: ${after}`);
  if (Number(after) + limit > limits.reach)
    throw invalid(`Search does not page beyond ${limits.reach} results`);
  return Number(after);
}

function findAll({ portal }: Call, table: Table, { filterGroups, query }: Search): Hit[] {
  const groups = filterGroups.map(({ filters }) => filters.map((filter) => matcher(table.schema, filter)));
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const hits: Hit[] = [];
  for (const row of table.live()) {
    const known = portal.crm.indexed(row);
    if (known && matchesAny(groups, known) && mentions(table, known, words)) hits.push({ row, known });
  }
  return hits;
}

/** No group at all matches everything. */
function matchesAny(groups: readonly (readonly Matcher[])[], values: Values): boolean {
  return groups.length === 0 || groups.some((group) => group.every((matches) => matches(values)));
}

function mentions({ type }: Table, values: Values, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [...type.defaults, 'phone', 'company']
    .map((name) => values[name] ?? '')
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Without a sort, the oldest first. Equal values keep no promised order: here the younger id comes first. */
function sorted({ schema }: Table, { sorts: [sort] }: Search, hits: Hit[]): Hit[] {
  if (!sort) return hits;
  const property = schema.find(sort.propertyName);
  if (!property) throw invalid(`Property ${sort.propertyName} does not exist`);
  const sign = sort.descending ? -1 : 1;
  const value = ({ known }: Hit) => known[sort.propertyName] ?? '';
  return hits.reverse().sort((a, b) => sign * order(value(a), value(b), property));
}
