/** The API described for programs: OpenAPI 3.1. */
import { stages } from '../store/contract/work.ts';

interface Route {
  readonly path: string;
  readonly method: 'get' | 'post';
  readonly summary: string;
  readonly secured: boolean;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly what: string;
  }[];
  /** A JSON body that may be left out. */
  readonly body?: object;
  /** What a good answer holds; default: application/json. */
  readonly type?: string;
  /** Without those that every route of its kind can give. */
  readonly answers: Readonly<Record<string, string>>;
}

const filter = {
  type: 'object',
  additionalProperties: false,
  properties: { stage: { type: 'string', enum: [...stages] }, key: { type: 'string' } },
};

/** What may come instead of an answer, by what a route is. */
const secured = { 401: 'API key needed.', 403: 'No API key is configured.' };
const taking = { 413: 'Too large.' };

const routes: readonly Route[] = [
  {
    path: '/health',
    method: 'get',
    summary: 'The process is up.',
    secured: false,
    answers: { 200: 'It is.' },
  },
  {
    path: '/ready',
    method: 'get',
    summary: 'The store takes writes.',
    secured: false,
    answers: { 200: 'It does.', 503: 'It does not.' },
  },
  {
    path: '/metrics',
    method: 'get',
    summary: 'Prometheus text format.',
    secured: false,
    type: 'text/plain',
    answers: { 200: 'Metrics.' },
  },
  {
    path: '/api/status',
    method: 'get',
    summary: 'Connections, records, waiting and parked work.',
    secured: false,
    answers: { 200: 'Status.' },
  },
  {
    path: '/openapi.json',
    method: 'get',
    summary: 'This document.',
    secured: false,
    answers: { 200: 'OpenAPI 3.1.' },
  },
  {
    path: '/webhooks/{connection}',
    method: 'post',
    summary: 'Signed deliveries of a connected system.',
    secured: false,
    parameters: [{ name: 'connection', in: 'path', what: 'Name of the connection in config/hub.yaml.' }],
    type: '*/*',
    answers: {
      200: 'Taken, durably.',
      400: 'The head is not that of a delivery.',
      401: 'Wrong or old signature.',
      403: 'The connection has no secret to check signatures with.',
      404: 'No such connection takes webhooks.',
      409: 'Replayed.',
      413: 'Larger than the sender sends.',
      415: 'Compressed.',
      503: 'Too much at once: again after `Retry-After`.',
    },
  },
  {
    path: '/api/deals',
    method: 'get',
    summary: 'Deals with their chat credit.',
    secured: true,
    parameters: [
      { name: 'after', in: 'query', what: 'Last id of the page before.' },
      { name: 'limit', in: 'query', what: '1 to 500.' },
    ],
    answers: { 200: 'A page of deals.', 400: 'Wrong query.' },
  },
  {
    path: '/api/deals/{id}',
    method: 'get',
    summary: 'One deal: journey, every touch under each model, why.',
    secured: true,
    parameters: [
      { name: 'id', in: 'path', what: 'The hub’s id, or a record id at any CRM.' },
      { name: 'asOf', in: 'query', what: 'A date (its end, UTC) or a time: the credit that stood then.' },
    ],
    answers: { 200: 'The explanation.', 400: 'Not a date.', 404: 'Nobody knows it.' },
  },
  {
    path: '/api/models',
    method: 'get',
    summary: 'The model that credits deals, and all fits with counts, quality, checks and drift.',
    secured: true,
    answers: { 200: 'Models.', 401: 'API key needed.' },
  },
  {
    path: '/api/models/compare',
    method: 'get',
    summary:
      'All models side by side over the same deals, by currency and channel, or what else is asked for.',
    secured: true,
    parameters: [
      { name: 'status', in: 'query', what: '`won` (the default), `lost`, `open` or `all`.' },
      { name: 'from', in: 'query', what: 'Closed from this date on.' },
      { name: 'to', in: 'query', what: 'Closed before this date.' },
      {
        name: 'by',
        in: 'query',
        what: '`channel` (the default), `campaign`, `source`, `medium`, `content`, `topic` or `bot`.',
      },
    ],
    answers: { 200: 'The table.', 400: 'Wrong query.', 401: 'API key needed.' },
  },
  {
    path: '/api/models/compare/{from}/{to}',
    method: 'get',
    summary: 'Two fits of one model: shares by channel, quality, drift.',
    secured: true,
    parameters: [
      { name: 'from', in: 'path', what: 'Version of a fit.' },
      { name: 'to', in: 'path', what: 'Version of another fit of the same model.' },
    ],
    answers: { 200: 'The comparison.', 400: 'No such fit.', 401: 'API key needed.' },
  },
  {
    path: '/api/admin/sync/{connection}',
    method: 'post',
    summary: 'Pull what changed, now.',
    secured: true,
    parameters: [
      { name: 'connection', in: 'path', what: 'Name of the connection.' },
      { name: 'full', in: 'query', what: '`true` reads everything again.' },
      {
        name: 'yes',
        in: 'query',
        what: '`true` lets a full reading withdraw however many records no longer come.',
      },
    ],
    answers: { 200: 'What came in.', 404: 'No such connection.', 502: 'The connected system refused.' },
  },
  {
    path: '/api/admin/parked',
    method: 'get',
    summary: 'Work that waits for a person.',
    secured: true,
    answers: { 200: 'Parked work.' },
  },
  {
    path: '/api/admin/parked/retry',
    method: 'post',
    summary: 'Bring parked work back.',
    secured: true,
    body: filter,
    answers: { 200: 'How many.', 400: 'Wrong filter.' },
  },
  {
    path: '/api/admin/parked/drop',
    method: 'post',
    summary: 'Give parked work up.',
    secured: true,
    body: filter,
    answers: { 200: 'How many.', 400: 'Wrong filter.' },
  },
  {
    path: '/api/admin/runs',
    method: 'get',
    summary: 'The latest runs that wrote to a CRM, newest first, as `hub undo` lists them: counts by object.',
    secured: true,
    answers: { 200: 'Up to 100 runs.' },
  },
];

export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: { title: 'Connector hub', version: '1' },
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Problem: {
          type: 'object',
          required: ['title', 'status', 'detail'],
          properties: { title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' } },
        },
      },
    },
  };
}

function operation({
  summary,
  method,
  secured: closed,
  parameters = [],
  body,
  type,
  answers,
}: Route): object {
  const all = { ...answers, ...(closed ? secured : {}), ...(method === 'post' ? taking : {}) };
  return {
    summary,
    ...(closed ? { security: [{ apiKey: [] }] } : {}),
    ...(body ? { requestBody: { content: { 'application/json': { schema: body } } } } : {}),
    parameters: parameters.map(({ name, in: where, what }) => ({
      name,
      in: where,
      required: where === 'path',
      description: what,
      schema: { type: 'string' },
    })),
    responses: Object.fromEntries(
      Object.entries(all).map(([status, description]) => [status, answer(status, description, type)]),
    ),
  };
}

function answer(status: string, description: string, type = 'application/json'): object {
  if (Number(status) < 400) return { description, content: { [type]: {} } };
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
