/** A few pages of HubSpot's reading endpoints, as strict as the vendor where the connector has to be careful. */
import { json, serve, type TinyServer } from '../../connector/server.ts';

export interface Row {
  readonly id: string;
  modifiedAt: number;
  archivedAt?: number;
  properties: Record<string, string | null>;
  history?: Record<string, { value: string; timestamp: string }[]>;
  associations?: Record<string, { id: string; type: string }[]>;
  /** Id of the record that answers in this one's place. */
  mergedInto?: string;
}

export interface Crm extends TinyServer {
  readonly rows: Map<string, Row>;
  add(count: number, at: (n: number) => number): void;
  /** Calls by method and path, the version left out. */
  calls(): Record<string, number>;
  lagMs: number;
  now(): number;
}

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Body;
}

interface Filter {
  readonly propertyName: string;
  readonly operator: string;
  readonly value: string;
}

interface Body {
  readonly inputs?: readonly { readonly id: string; readonly after?: string }[];
  readonly filterGroups?: readonly { readonly filters: readonly Filter[] }[];
  readonly limit?: number;
  readonly after?: string;
  readonly propertiesWithHistory?: readonly string[];
}

type Answer = { readonly status?: number; readonly body: unknown };

export async function startCrm(now: () => number): Promise<Crm> {
  const rows = new Map<string, Row>();
  const server = await serve((seen, response) => {
    const url = new URL(seen.url, 'http://crm');
    const asked = {
      path: url.pathname,
      query: url.searchParams,
      body: seen.body === '' ? {} : JSON.parse(seen.body),
    };
    const { status = 200, body } = answer(crm, asked);
    json(response, body, status, { date: new Date(now()).toUTCString() });
  });
  const crm: Crm = {
    ...server,
    rows,
    lagMs: 0,
    now,
    add: (count, at) => {
      for (let n = 0; n < count; n += 1) {
        const id = String(1_000 + rows.size);
        rows.set(id, { id, modifiedAt: at(n), properties: { firstname: `Name ${id}` } });
      }
    },
    calls: () =>
      countBy(server.seen.map(({ method, url }) => `${method} ${new URL(url, 'http://crm').pathname}`)),
  };
  return crm;
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function answer(crm: Crm, asked: Asked): Answer {
  if (asked.path.endsWith('/search')) return search(crm, asked.body);
  if (/associations\/.*\/batch\/read$/.test(asked.path)) return associations(crm, asked);
  if (asked.path.endsWith('/batch/read')) return batchRead(crm, asked.body);
  if (/objects(\/[\d-]+)?\/\w+$/.test(asked.path)) return list(crm, asked.query);
  return one(crm, asked.path.split('/').at(-1) ?? '');
}

function list(crm: Crm, query: URLSearchParams): Answer {
  if (query.toString().length > 4_000) return { status: 414, body: {} };
  const archived = query.get('archived') === 'true';
  const rows = [...crm.rows.values()].filter((row) =>
    archived ? row.archivedAt !== undefined : isLive(row),
  );
  const start = Number(query.get('after') ?? 0);
  const limit = Number(query.get('limit'));
  if (limit > 100) return refused('limit');
  const next = start + limit < rows.length ? { paging: { next: { after: String(start + limit) } } } : {};
  const shown = { associations: true, bare: query.get('properties') === null };
  return { body: { results: rows.slice(start, start + limit).map((row) => show(row, shown)), ...next } };
}

function isLive(row: Row): boolean {
  return row.archivedAt === undefined && row.mergedInto === undefined;
}

/** The row that answers to an id: that of the winner where it was merged away. */
function behind(crm: Crm, id: string): Row | undefined {
  const row = crm.rows.get(id);
  const target = row?.mergedInto === undefined ? row : crm.rows.get(row.mergedInto);
  return target !== undefined && isLive(target) ? target : undefined;
}

function search(crm: Crm, body: Body): Answer {
  const offset = Number(body.after ?? 0);
  const limit = body.limit ?? 10;
  if (offset + limit > 10_000) return refused('after beyond 10000');
  if (limit > 200 || JSON.stringify(body).length > 3_000) return refused('too much');
  const hits = [...crm.rows.values()]
    .filter((row) => isLive(row) && row.modifiedAt + crm.lagMs <= crm.now())
    .filter((row) => (body.filterGroups?.[0]?.filters ?? []).every((filter) => passes(row, filter)))
    .sort((a, b) => Number(a.id) - Number(b.id));
  const next = offset + limit < hits.length ? { paging: { next: { after: String(offset + limit) } } } : {};
  return {
    body: {
      total: hits.length,
      results: hits.slice(offset, offset + limit).map((row) => show(row, {})),
      ...next,
    },
  };
}

function passes(row: Row, { propertyName, operator, value }: Filter): boolean {
  const held = propertyName === 'hs_object_id' ? Number(row.id) : row.modifiedAt;
  if (operator === 'GTE') return held >= Number(value);
  if (operator === 'LTE') return held <= Number(value);
  return operator === 'GT' && held > Number(value);
}

function batchRead(crm: Crm, { inputs = [], propertiesWithHistory = [] }: Body): Answer {
  if (inputs.length > (propertiesWithHistory.length > 0 ? 50 : 100)) return refused('too many inputs');
  const found = new Set(inputs.flatMap(({ id }) => behind(crm, id) ?? []));
  const results = [...found].reverse().map((row) => show(row, { history: propertiesWithHistory.length > 0 }));
  const gone = inputs.map(({ id }) => id).filter((id) => behind(crm, id) === undefined);
  if (gone.length === 0) return { body: { status: 'COMPLETE', results } };
  const errors = [
    { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'Could not get some', context: { ids: gone } },
  ];
  return { status: 207, body: { status: 'COMPLETE', results, errors, numErrors: 1 } };
}

function one(crm: Crm, id: string): Answer {
  const row = behind(crm, id);
  if (row !== undefined) return { body: show(row, {}) };
  return {
    status: 404,
    body: { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'resource not found' },
  };
}

/** Three associations a page. */
function associations(crm: Crm, { path, body }: Asked): Answer {
  const to = path.split('/').at(-3) ?? '';
  if ((body.inputs?.length ?? 0) > 1_000) return refused('too many inputs');
  const results = (body.inputs ?? []).flatMap(({ id, after = '0' }) => {
    const all = crm.rows.get(id)?.associations?.[to] ?? [];
    const end = Number(after) + 3;
    const targets = all.slice(Number(after), end).map((target) => ({
      toObjectId: Number(target.id),
      associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: typeIds[target.type], label: null }],
    }));
    const paging = end < all.length ? { paging: { next: { after: String(end) } } } : {};
    return targets.length === 0 ? [] : [{ from: { id }, to: targets, ...paging }];
  });
  return { body: { status: 'COMPLETE', results } };
}

const typeIds: Readonly<Record<string, number>> = {
  deal_to_contact: 3,
  deal_to_company: 5,
  contact_to_company_unlabeled: 279,
};

interface Shown {
  readonly associations?: boolean;
  readonly history?: boolean;
  /** Without them the row is as bare as a list shows it that was asked for no property. */
  readonly bare?: boolean;
}

function show(row: Row, shown: Shown): object {
  const stamp = new Date(row.modifiedAt).toISOString();
  const firstPage = Object.entries(row.associations ?? {}).map(([to, all]) => {
    const paging = all.length > 3 ? { paging: { next: { after: '3' } } } : {};
    return [to, { results: all.slice(0, 3), ...paging }];
  });
  return {
    id: row.id,
    properties: shown.bare ? {} : row.properties,
    createdAt: '2020-01-01T00:00:00.000Z',
    updatedAt: stamp,
    archived: row.archivedAt !== undefined,
    ...(row.archivedAt === undefined ? {} : { archivedAt: new Date(row.archivedAt).toISOString() }),
    ...(shown.history && row.history ? { propertiesWithHistory: row.history } : {}),
    ...(shown.associations && firstPage.length > 0 ? { associations: Object.fromEntries(firstPage) } : {}),
  };
}

function refused(message: string): Answer {
  return { status: 400, body: { status: 'error', category: 'VALIDATION_ERROR', message } };
}
