/** The API described for programs: OpenAPI 3.1. */

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
  readonly answers: Readonly<Record<string, string>>;
}

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
    summary: 'The database answers.',
    secured: false,
    answers: { 200: 'It does.', 503: 'It does not.' },
  },
  {
    path: '/metrics',
    method: 'get',
    summary: 'Prometheus text format.',
    secured: false,
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
    answers: {
      200: 'Taken, durably.',
      400: 'Not understood.',
      401: 'Wrong signature.',
      409: 'Replayed.',
      413: 'Too large.',
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
    answers: { 200: 'A page of deals.', 401: 'API key needed.' },
  },
  {
    path: '/api/deals/{id}',
    method: 'get',
    summary: 'One deal: journey, every touch under each model, why.',
    secured: true,
    parameters: [{ name: 'id', in: 'path', what: 'The hub’s id, or a record id at any CRM.' }],
    answers: { 200: 'The explanation.', 404: 'Nobody knows it.' },
  },
  {
    path: '/api/admin/sync/{connection}',
    method: 'post',
    summary: 'Pull what changed, now.',
    secured: true,
    parameters: [
      { name: 'connection', in: 'path', what: 'Name of the connection.' },
      { name: 'full', in: 'query', what: '`true` reads everything again.' },
    ],
    answers: { 200: 'What came in.', 401: 'API key needed.', 502: 'The connected system refused.' },
  },
  {
    path: '/api/admin/parked',
    method: 'get',
    summary: 'Work that waits for a person.',
    secured: true,
    answers: { 200: 'Parked work.', 401: 'API key needed.' },
  },
  {
    path: '/api/admin/parked/retry',
    method: 'post',
    summary: 'Bring parked work back.',
    secured: true,
    answers: { 200: 'How many.', 400: 'Wrong filter.', 401: 'API key needed.' },
  },
  {
    path: '/api/admin/parked/drop',
    method: 'post',
    summary: 'Give parked work up.',
    secured: true,
    answers: { 200: 'How many.', 400: 'Wrong filter.', 401: 'API key needed.' },
  },
  {
    path: '/api/admin/runs',
    method: 'get',
    summary: 'The latest runs.',
    secured: true,
    answers: { 200: 'Runs.', 401: 'API key needed.' },
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

function operation({ summary, secured, parameters = [], answers }: Route): object {
  return {
    summary,
    ...(secured ? { security: [{ apiKey: [] }] } : {}),
    parameters: parameters.map(({ name, in: where, what }) => ({
      name,
      in: where,
      required: where === 'path',
      description: what,
      schema: { type: 'string' },
    })),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, description]) => [status, answer(status, description)]),
    ),
  };
}

function answer(status: string, description: string): object {
  if (Number(status) < 400) return { description };
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
