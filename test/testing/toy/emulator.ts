/** A vendor just large enough to try the conformance kit on: one object, one rate limit, signed webhooks. */
import { createHmac } from 'node:crypto';
import type {
  EmulatedRecords,
  EmulatorDefinition,
  EmulatorOptions,
  RunningEmulator,
} from '../../../emulators/loopback/contract.ts';
import {
  type LoopbackAnswer,
  type LoopbackRequest,
  startLoopback,
} from '../../../emulators/loopback/loopback.ts';
import { systemClock } from '../../../src/support/clock.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { type Row, Rows, recordsOf } from './rows.ts';

export const toyEmulator: EmulatorDefinition = { system: 'toy', start };

const clientSecret = 'toy-client-secret';
const signingSecret = 'toy-signing-secret';
const signIn = { name: 'POST token', counted: false };

interface Desk {
  readonly rows: Rows;
  readonly fields: Map<string, JsonObject>;
  readonly usable: Set<string>;
  readonly generated: number;
  readonly scopes: readonly string[];
  /** How long an export takes, and when each will be done. */
  readonly fieldMs: number;
  readonly exportMs: number;
  readonly exports: Map<string, number>;
  readonly imports: Imports;
  /** All that arrived, one that came twice twice. */
  readonly events: ToyEvent[];
  readonly clock: { now(): number };
  tokens: number;
  epoch: number;
}

async function start({ clock = systemClock, knobs = {} }: EmulatorOptions): Promise<RunningEmulator> {
  const desk: Desk = {
    rows: new Rows(clock),
    fields: new Map([['name', { name: 'name', label: 'Name' }]]),
    usable: new Set(['name']),
    generated: Number(knobs.generated ?? 0),
    scopes: knobs.readOnly === true ? ['read'] : ['read', 'write'],
    fieldMs: Number(knobs.fieldMs ?? 0),
    exportMs: Number(knobs.exportMs ?? 0),
    exports: new Map(),
    events: [],
    imports: new Imports(Number(knobs.importMs ?? 0)),
    clock,
    tokens: 0,
    epoch: 1,
  };
  const fail = (status: number, code: string): LoopbackAnswer => ({
    status,
    json: { code, message: `toy: ${code}` },
  });
  const loopback = await startLoopback({
    clock,
    route: ({ method, path }) =>
      path === '/token' ? signIn : { name: `${method} ${path.slice(1)}`, counted: true },
    answer: (request) => answer(desk, request),
    vendorFaults: {
      throttle: () => ({ ...fail(429, 'SLOW_DOWN'), headers: { 'retry-after': '2' } }),
      dailyLimit: () => ({ ...fail(429, 'DAY_SPENT'), headers: { 'retry-after': '40000' } }),
      unauthorized: () => fail(401, 'BAD_TOKEN'),
    },
  });
  const courier = openCourier(clock, desk.rows);
  return {
    system: 'toy',
    url: loopback.url,
    get config() {
      return { url: loopback.url, clientSecret, signingSecret, key: tokenOf(desk) };
    },
    requests: loopback.requests,
    faults: loopback.faults,
    records: withEvents(recordsOf(desk.rows), desk.events),
    expireTokens: () => {
      desk.tokens += 1;
    },
    expireCursors: () => {
      desk.epoch += 1;
    },
    ...courier,
    close: loopback.close,
  };
}

function openCourier(clock: { now(): number }, rows: Rows) {
  let target: string | null = null;
  let sent: Promise<unknown>[] = [];
  rows.onCreated = (row) => {
    if (target === null) return;
    const body = JSON.stringify({ changed: [row.id], box: row.fields.box ?? null });
    const time = String(clock.now());
    const signature = createHmac('sha256', signingSecret).update(`${time}.${body}`).digest('hex');
    sent.push(fetch(target, { method: 'POST', body, headers: { 'x-time': time, 'x-signature': signature } }));
  };
  return {
    deliverTo: (url: string | null) => {
      target = url;
    },
    delivered: async () => {
      await Promise.all(sent);
      sent = [];
    },
  };
}

const routes: Readonly<Record<string, (desk: Desk, request: LoopbackRequest) => LoopbackAnswer>> = {
  'GET /me': (desk) => ({ status: 200, json: { name: 'Toy Inc.', scopes: desk.scopes } }),
  'GET /things': list,
  'GET /things/ids': ({ rows }) => ({ status: 200, json: { ids: rows.live().map(({ id }) => id) } }),
  'GET /things/count': ({ rows }) => ({ status: 200, json: { count: rows.live().length } }),
  'GET /boxes': () => ({ status: 200, json: { boxes: ['left', 'right'] } }),
  'POST /exports': (desk) => {
    const id = `export-${desk.exports.size + 1}`;
    desk.exports.set(id, desk.clock.now() + desk.exportMs);
    return { status: 201, json: { id } };
  },
  'GET /exports': (desk, { query }) => {
    const doneAt = desk.exports.get(query.get('id') ?? '');
    if (doneAt === undefined) return { status: 404, json: { code: 'NO_EXPORT', message: 'no such export' } };
    const leftMs = Math.max(0, doneAt - desk.clock.now());
    return { status: 200, json: { leftMs } };
  },
  'POST /imports': (desk, request) => {
    const { writes } = request.json() as { writes: ToyWrite[] };
    return { status: 201, json: { id: desk.imports.start(desk, writes) } };
  },
  'GET /imports': (desk, { query }) => desk.imports.look(desk, query.get('id') ?? ''),
  'POST /events': ({ events }, request) => {
    const sent = request.json() as { merges: boolean; events: ToyEvent[] };
    const isBad = ({ body }: ToyEvent) => body.size === 'huge';
    const isRepeat = ({ id }: ToyEvent) => sent.merges && events.some((one) => one.id === id);
    events.push(...sent.events.filter((one) => !isBad(one) && !isRepeat(one)));
    const refused = sent.events
      .filter(isBad)
      .map(({ id }) => ({ id, code: 'TOO_BIG', message: 'huge is no size' }));
    return { status: 200, json: { refused } };
  },
  'POST /events/lookup': ({ events }, request) => {
    const { ids } = request.json() as { ids: string[] };
    return { status: 200, json: { ids: ids.filter((id) => events.some((one) => one.id === id)) } };
  },
  'POST /things/lookup': (desk, request) => {
    const { ids } = request.json() as { ids: string[] };
    return { status: 200, json: { things: ids.flatMap((id) => desk.rows.get(id) ?? []).map(shown) } };
  },
  'POST /things/batch': (desk, request) => {
    const { writes } = request.json() as { writes: ToyWrite[] };
    const results = writes.map((write) => ({ ref: write.ref, ...decideOne(desk, write) }));
    return { status: 200, json: { results: results.reverse() } };
  },
  'GET /fields': (desk) => {
    const fields = [...desk.fields.values()].map((field) => ({
      ...field,
      usable: desk.usable.has(String(field.name)),
      leftMs: Math.max(0, Number(field.readyAt ?? 0) - desk.clock.now()),
    }));
    return { status: 200, json: { fields } };
  },
  'POST /fields': (desk, request) => {
    const field = request.json() as { name: string };
    if (desk.fields.has(field.name)) return { status: 409, json: { code: 'EXISTS', message: 'it exists' } };
    desk.fields.set(field.name, { ...field, readyAt: desk.clock.now() + desk.fieldMs });
    return { status: 201, json: {} };
  },
  'POST /permissions': (desk, request) => {
    desk.usable.add((request.json() as { name: string }).name);
    return { status: 200, json: {} };
  },
};

function answer(desk: Desk, request: LoopbackRequest): LoopbackAnswer {
  if (request.path === '/token') return grant(desk, request);
  if (request.headers.authorization !== `Bearer ${tokenOf(desk)}`) {
    return {
      status: 401,
      json: { code: 'BAD_TOKEN', message: `unknown token ${request.headers.authorization}` },
    };
  }
  const route = routes[`${request.method} ${request.path}`];
  return route?.(desk, request) ?? { status: 404, json: { code: 'NOT_FOUND', message: 'no such address' } };
}

function grant(desk: Desk, request: LoopbackRequest): LoopbackAnswer {
  const given = new URLSearchParams(request.body.toString()).get('secret');
  if (given !== clientSecret)
    return { status: 400, json: { code: 'BAD_SECRET', message: `${given} is not the secret` } };
  return { status: 200, json: { token: tokenOf(desk) } };
}

function tokenOf(desk: Desk): string {
  return `toy-token-number-${desk.tokens}`;
}

const mostPerPage = 10;
const mostGenerated = 1000;

/** By cursor, which can expire, or from a place on. */
function list(desk: Desk, { query }: LoopbackRequest): LoopbackAnswer {
  if (desk.generated > 0) return generated(desk, Number(query.get('cursor') ?? 0));
  const [epoch, stamp, id] = (
    query.get('cursor') ?? `${desk.epoch}|${query.get('since') ?? 0}|${query.get('after') ?? ''}`
  ).split('|');
  if (Number(epoch) !== desk.epoch)
    return { status: 410, json: { code: 'CURSOR', message: 'cursor expired' } };
  const rows = desk.rows.after(Number(stamp), id ?? '', mostPerPage, query.get('box'));
  const last = rows.at(-1);
  const cursor = last && rows.length === mostPerPage ? `${desk.epoch}|${last.stamp}|${last.id}` : null;
  return { status: 200, json: { things: rows.map(shown), cursor } };
}

function generated(desk: Desk, from: number): LoopbackAnswer {
  const to = Math.min(from + mostGenerated, desk.generated);
  const things = Array.from({ length: to - from }, (_, n) =>
    shown({ id: `g${from + n}`, stamp: 1000 + from + n, version: 1, fields: { name: `Thing ${from + n}` } }),
  );
  return { status: 200, json: { things, cursor: to < desk.generated ? String(to) : null } };
}

function shown({ id, stamp, version, fields, end }: Row) {
  return { id, stamp, version, fields, dead: end !== undefined, mergedInto: end?.mergedInto ?? null };
}

interface ToyEvent {
  readonly id: string;
  readonly body: JsonObject;
}

/** Events are seen by who sits at the vendor's own screen, and by nobody else. */
function withEvents(records: EmulatedRecords, events: readonly ToyEvent[]): EmulatedRecords {
  return {
    ...records,
    get: (name, id) => (name === 'Event' ? events.find((one) => one.id === id)?.body : records.get(name, id)),
    all: (name) => (name === 'Event' ? events.map(({ id }) => ({ id })) : records.all(name)),
  };
}

/** Writes that are decided when their time has come; known until the vendor forgets. */
class Imports {
  readonly #takesMs: number;
  readonly #running = new Map<string, { doneAt: number; epoch: number; decide: () => JsonObject[] }>();

  constructor(takesMs: number) {
    this.#takesMs = takesMs;
  }

  start(desk: Desk, writes: readonly ToyWrite[]): string {
    const id = `import-${this.#running.size + 1}`;
    let results: JsonObject[] | null = null;
    const decide = () => {
      results ??= writes.map((write) => ({ ref: write.ref, ...decideOne(desk, write) }));
      return results;
    };
    this.#running.set(id, { doneAt: desk.clock.now() + this.#takesMs, epoch: desk.epoch, decide });
    return id;
  }

  look(desk: Desk, id: string): LoopbackAnswer {
    const found = this.#running.get(id);
    if (found?.epoch !== desk.epoch)
      return { status: 410, json: { code: 'CURSOR', message: 'no such import' } };
    const leftMs = Math.max(0, found.doneAt - desk.clock.now());
    return { status: 200, json: { leftMs, results: leftMs > 0 ? [] : found.decide() } };
  }
}

interface ToyWrite {
  readonly ref: string;
  readonly id?: string;
  /** Values that are unique together. */
  readonly unique?: JsonObject;
  readonly version?: number;
  readonly remove?: boolean;
  readonly fields: JsonObject;
}

function decideOne(desk: Desk, write: ToyWrite) {
  const row = write.unique === undefined ? desk.rows.get(write.id ?? '') : desk.rows.named(write.unique);
  if (write.fields.size === 'huge') return { code: 'TOO_BIG', message: 'huge is no size', field: 'size' };
  if (row === undefined && write.unique !== undefined) {
    return { id: desk.rows.create({ ...write.fields, ...write.unique }).id, created: true };
  }
  if (row === undefined || row.end !== undefined) return { code: 'GONE', message: 'there is no such thing' };
  if (write.version !== undefined && write.version !== row.version)
    return { code: 'STALE', message: 'it has changed' };
  if (write.remove === true) desk.rows.end(row.id);
  else desk.rows.update(row.id, write.fields);
  return { id: row.id, created: false };
}
