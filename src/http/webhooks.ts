/**
 * Webhooks: refused by their head where that is enough, verified on the raw bytes, kept durably as they came, and
 * answered. What they say is understood later, on the road (`sync/inbox.ts`).
 */
import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Refusal, WebhookContext, WebhookHead, Webhooks } from '../connector/contract/webhooks.ts';
import type { Hub, System } from '../sync/hub.ts';
import { inboxKey, keptHead } from '../sync/pull/inbox.ts';
import { headers } from './headers.ts';
import { Intake } from './intake.ts';
import { problem } from './problem.ts';
import { type Arriving, senderOf, type Upload, type UploadLimits, Uploads } from './uploads.ts';

const maxBody = 5 * 1024 * 1024;
const limits: UploadLimits = {
  together: 32 * 1024 * 1024,
  ofOneSender: 8 * 1024 * 1024,
  patienceMs: 5_000,
};

type Call = Context<{ Bindings: HttpBindings }>;

interface Desk {
  readonly hub: Hub;
  readonly uploads: Uploads;
  readonly intake: Intake;
}

interface Receiver {
  readonly system: System;
  readonly webhooks: Webhooks;
  readonly context: WebhookContext;
}

export function webhookRoutes(hub: Hub): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  const desk: Desk = { hub, uploads: new Uploads(limits), intake: new Intake(hub.store) };
  routes.post('/:connection', (c) => {
    const system = hub.systems.get(c.req.param('connection'));
    const { webhooks } = system?.connector ?? {};
    if (!system || !webhooks)
      return unread(c, 404, 'Not found', 'There is no connection of that name that takes webhooks.');
    const context = { config: system.context.config, clock: system.context.vendorClock };
    return receive(desk, { system, webhooks, context }, c);
  });
  return routes;
}

/** Answers before the body was read: what is left of it is not, so the connection is of no further use. */
function unread(c: Call, ...[status, title, detail]: [...Answer]): Response {
  c.header('connection', 'close');
  return problem(c, status, title, detail);
}

type Answer = [status: Parameters<typeof problem>[1], title: string, detail: string];

async function receive(desk: Desk, receiver: Receiver, c: Call): Promise<Response> {
  const { webhooks, context } = receiver;
  const coding = c.req.header('content-encoding') ?? 'identity';
  if (coding.toLowerCase() !== 'identity') {
    c.header('accept-encoding', 'identity');
    return unread(c, 415, 'Compressed', `Send the body as it is signed, without content-encoding ${coding}.`);
  }
  const head = headOf(desk.hub, c);
  const refusal = webhooks.admit?.(context, head);
  if (refusal) {
    c.header('connection', 'close');
    return refused(desk.hub, receiver, refusal, c);
  }
  const maxBytes = Math.min(webhooks.maxBytes ?? maxBody, maxBody);
  return desk.uploads.read(arriving(c.env.incoming, maxBytes), (upload) =>
    'body' in upload
      ? take(desk, receiver, { ...head, body: upload.body }, c)
      : notRead(desk.hub, receiver, upload, maxBytes, c),
  );
}

function arriving(incoming: IncomingMessage, maxBytes: number): Arriving {
  const announced = Number(incoming.headers['content-length'] ?? 0);
  return { stream: incoming, announced, sender: senderOf(incoming.socket.remoteAddress), maxBytes };
}

type NotRead = Extract<Upload, { readonly refused: string }>;

function notRead(
  hub: Hub,
  { system }: Receiver,
  { refused: why }: NotRead,
  maxBytes: number,
  c: Call,
): Promise<Response> {
  hub.log.debug({ connection: system.name, why }, 'a webhook was not read to its end');
  if (why === 'tooMany') c.header('retry-after', '2');
  const answers: Record<typeof why, Answer> = {
    tooLarge: [413, 'Too large', `At most ${maxBytes} bytes at a time.`],
    tooMany: [503, 'Busy', 'Too much is arriving at once. Send it again in a moment.'],
    tooSlow: [408, 'Too slow', 'Others needed the room. Send it again.'],
    hungUp: [400, 'Torn', 'The body did not arrive.'],
  };
  return Promise.resolve(unread(c, ...answers[why]));
}

function refused(hub: Hub, { system }: Receiver, { status, reason }: Refusal, c: Call): Response {
  hub.log.warn({ connection: system.name, reason }, 'a webhook was refused');
  return problem(c, status, 'Refused', reason);
}

function headOf(hub: Hub, c: Call): WebhookHead {
  const { publicUrl } = hub.settings.server;
  // Behind a proxy the signature covers the public address, not the one that the proxy calls.
  const url = publicUrl ? addressAt(publicUrl, new URL(c.req.url)) : c.req.url;
  return { method: c.req.method, url, headers: textHeaders(c.env.incoming) };
}

function addressAt(publicUrl: string, { pathname, search }: URL): string {
  return `${publicUrl.replace(/\/$/, '')}${pathname}${search}`;
}

/** As Node has read them; the web's `Headers` would be made for this alone. */
function textHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) texts[name] = String(value ?? '');
  return texts;
}

async function take(
  { hub, intake }: Desk,
  receiver: Receiver,
  request: WebhookHead & { readonly body: Buffer },
  c: Call,
): Promise<Response> {
  const { system, webhooks, context } = receiver;
  const verdict = webhooks.verify(context, request);
  if (!verdict.accepted) return refused(hub, receiver, verdict, c);
  const isNew = await intake.take({
    key: inboxKey(system.name, verdict.replayKey),
    at: hub.clock.now(),
    request: keptHead(request),
    body: request.body,
  });
  const reply = webhooks.reply?.();
  // A sender that waits for its own acknowledgement repeats an honest delivery to the letter; others sign anew.
  if (!isNew && !reply) return problem(c, 409, 'Replayed', 'This very delivery was taken before.');
  return taken(reply);
}

/** Made of constants, so that Node writes it as it is. */
function taken(reply?: { readonly body: string; readonly contentType: string }): Response {
  if (!reply) return new Response(null, { status: 200, headers });
  return new Response(reply.body, {
    status: 200,
    headers: { ...headers, 'content-type': reply.contentType },
  });
}
