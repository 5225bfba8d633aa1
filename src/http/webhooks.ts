/** Webhooks: verified on the raw bytes, marked durably, answered; the work itself is done by the road. */
import { type Context, Hono } from 'hono';
import { refText } from '../canonical/model.ts';
import type { Delivery, WebhookRequest, Webhooks } from '../connector/contract.ts';
import { Fault } from '../connector/fault.ts';
import type { Hub, System } from '../sync/hub.ts';
import { land } from '../sync/pull.ts';
import { limitedBody } from './body.ts';
import { problem } from './problem.ts';

const maxBody = 5 * 1024 * 1024;
/** Senders repeat for a day; a replay older than that fails its age check anyway. */
const keepReplayKeysMs = 48 * 3_600_000;

export function webhookRoutes(hub: Hub): Hono {
  const routes = new Hono();
  routes.post('/:connection', limitedBody(maxBody), async (c) => {
    const system = hub.systems.get(c.req.param('connection') ?? '');
    const { webhooks } = system?.connector ?? {};
    if (!system || !webhooks)
      return problem(c, 404, 'Not found', 'There is no connection of that name that takes webhooks.');
    return receive(hub, system, webhooks, c);
  });
  return routes;
}

async function receive(hub: Hub, system: System, webhooks: Webhooks, c: Context): Promise<Response> {
  const request = await webhookRequest(hub, c);
  const context = { config: system.context.config, clock: hub.clock };
  const verdict = webhooks.verify(context, request);
  if (!verdict.accepted) {
    hub.log.warn({ connection: system.name, reason: verdict.reason }, 'a webhook was refused');
    return problem(c, verdict.status, 'Refused', verdict.reason);
  }
  const delivery = parse(webhooks, context, request);
  if (delivery instanceof Fault) return problem(c, 400, 'Not understood', delivery.message);
  const first = await take(hub, system, delivery, verdict.replayKey);
  const reply = webhooks.reply?.();
  // A sender that waits for its own acknowledgement repeats an honest delivery to the letter; others sign anew.
  if (!first && !reply) return problem(c, 409, 'Replayed', 'This very delivery was taken before.');
  return reply ? c.body(reply.body, 200, { 'content-type': reply.contentType }) : c.body(null, 200);
}

async function webhookRequest(hub: Hub, c: Context): Promise<WebhookRequest> {
  const called = new URL(c.req.url);
  const { publicUrl } = hub.settings.server;
  // Behind a proxy the signature covers the public address, not the one that the proxy calls.
  const url = publicUrl ? `${publicUrl.replace(/\/$/, '')}${called.pathname}${called.search}` : called.href;
  const headers: Record<string, string> = {};
  c.req.raw.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  return { method: c.req.method, url, headers, body: new Uint8Array(await c.req.arrayBuffer()) };
}

function parse(
  webhooks: Webhooks,
  context: Parameters<Webhooks['parse']>[0],
  request: WebhookRequest,
): Delivery | Fault {
  try {
    return webhooks.parse(context, request);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** Marks or lands in one transaction with the replay key: after the answer, nothing of it can be lost. */
async function take(hub: Hub, system: System, delivery: Delivery, replayKey: string): Promise<boolean> {
  return hub.store.transaction(async (store) => {
    const first = await store.connections.firstSeen(
      system.name,
      replayKey,
      hub.clock.now(),
      keepReplayKeysMs,
    );
    if (!first) return false;
    await store.work.mark(
      'fetch',
      delivery.changes.map(({ object, id }) => refText({ connection: system.name, object, id })),
    );
    if (delivery.records.length > 0) await land({ ...hub, store }, system.name, delivery.records);
    return true;
  });
}
