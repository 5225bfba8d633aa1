/** Before stage 1: deliveries that were acknowledged as they came are understood, and land or mark what they name. */
import type { Unreadable } from '../../connector/contract/reading.ts';
import type { Delivery, WebhookHead } from '../../connector/contract/webhooks.ts';
import type { ReceivedDelivery } from '../../store/contract/inbox.ts';
import type { Store } from '../../store/contract/store.ts';
import type { Claim } from '../../store/contract/work.ts';
import { eachInBreaths } from '../../support/breath.ts';
import { eachForItself, park } from '../batch.ts';
import type { Causes } from '../editions.ts';
import { type Hub, leaseMs } from '../hub.ts';
import { land } from './landing.ts';
import { namedKey } from './unit.ts';

/** Senders repeat for a day; a replay older than that fails its age check anyway. */
const keepReplayKeysMs = 48 * 3_600_000;
/** Bodies that are read and understood in one transaction. */
const maxBytes = 1024 * 1024;

export function inboxKey(connection: string, replayKey: string): string {
  return `${connection}|${replayKey}`;
}

/** Where a secret may stand: in the address (a token) or in headers that sign somebody in. */
const secretHeaders: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** The part of a request's head that is kept with its body: no secrets. */
export function keptHead({ method, url, headers }: WebhookHead): ReceivedDelivery['request'] {
  const kept = Object.entries(headers).filter(([name]) => !secretHeaders.has(name));
  return { method, url: url.replace(/\?.*$/s, ''), headers: Object.fromEntries(kept) };
}

/** What a pull brought and could not be read goes the road of what arrives: it is parked with the reason, in sight. */
export function pulledDelivery(
  { clock }: Pick<Hub, 'clock'>,
  connection: string,
  object: string,
  { name, body }: Unreadable,
): ReceivedDelivery {
  const request = { method: 'GET', url: `a pull of ${object}`, headers: {} };
  return { key: inboxKey(connection, name), at: clock.now(), request, body: Buffer.from(body) };
}

/** One batch of marked deliveries. `causes`: of these connections. Returns how many it worked on. */
export async function readInbox(hub: Hub, limit = 100, causes?: Causes): Promise<number> {
  const claims = await hub.store.work.claim('inbox', limit, leaseMs, { causes });
  if (claims.length === 0) return 0;
  await forgetReplays(hub);
  const sizes = await hub.store.inbox.sizes(claims.map(({ key }) => key));
  for (const group of groupsOf(claims, sizes)) {
    hub.signal.throwIfAborted();
    await eachForItself(hub, group, (store, part) => readBatch(hub, store, part));
  }
  return claims.length;
}

function groupsOf(claims: readonly Claim[], sizes: ReadonlyMap<string, number>): Claim[][] {
  const groups: Claim[][] = [];
  let room = 0;
  for (const claim of claims) {
    const size = sizes.get(claim.key) ?? 0;
    if (room < size || groups.length === 0) {
      groups.push([]);
      room = maxBytes;
    }
    groups.at(-1)?.push(claim);
    room -= size;
  }
  return groups;
}

const swept = new WeakMap<Store, number>();

/** Once an hour and process: which keys are too old does not depend on what comes in. */
async function forgetReplays({ store, clock }: Hub): Promise<void> {
  const now = clock.now();
  if (now - (swept.get(store) ?? Number.NEGATIVE_INFINITY) < 3_600_000) return;
  swept.set(store, now);
  await store.inbox.forgetReplays(now - keepReplayKeysMs);
}

async function readBatch(hub: Hub, store: Store, claims: readonly Claim[]): Promise<void> {
  const byKey = new Map(claims.map((claim) => [claim.key, claim]));
  const strangers: Claim[] = [];
  const understood: { readonly received: ReceivedDelivery; readonly delivery: Delivery }[] = [];
  const read = await eachInBreaths(await store.inbox.get([...byKey.keys()]), (received) => ({
    received,
    delivery: understand(hub, received),
  }));
  for (const { received, delivery } of read) {
    const claim = byKey.get(received.key);
    if (delivery instanceof Error && claim) {
      byKey.delete(claim.key);
      await park(hub, store, claim, delivery);
    } else if (delivery === null && claim) {
      byKey.delete(claim.key);
      strangers.push(claim);
    } else if (delivery && !(delivery instanceof Error)) understood.push({ received, delivery });
  }
  await leave(hub, store, strangers);
  const fresh = await store.inbox.settle(understood.map(({ received }) => received));
  for (const [connection, group] of Map.groupBy(understood, ({ received }) => connectionOf(received))) {
    const news = group.filter(({ received }) => fresh.has(received.key)).map(({ delivery }) => delivery);
    await takeIn(hub, store, connection, news);
  }
  await store.work.done([...byKey.values()]);
}

function connectionOf({ key }: ReceivedDelivery): string {
  return key.slice(0, key.indexOf('|'));
}

/** A process with another configuration may know the connection; one that nobody knows any more shows in `status`. */
async function leave(hub: Hub, store: Store, strangers: readonly Claim[]): Promise<void> {
  if (strangers.length === 0) return;
  hub.log.warn({ deliveries: strangers.length }, 'deliveries for connections that are not configured wait');
  await store.work.retry(strangers, hub.clock.now() + 60_000);
}

/** An error says why it cannot be understood: it waits for a person. Null: the connection is not known here. */
function understand(hub: Hub, received: ReceivedDelivery): Delivery | Error | null {
  const system = hub.systems.get(connectionOf(received));
  const webhooks = system?.connector.webhooks;
  if (!system || !webhooks) return null;
  try {
    const context = { config: system.context.config, clock: system.context.vendorClock };
    return webhooks.parse(context, { ...received.request, body: received.body });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function takeIn(
  hub: Hub,
  store: Store,
  connection: string,
  deliveries: readonly Delivery[],
): Promise<void> {
  const changes = deliveries.flatMap((delivery) => delivery.changes);
  await store.work.mark(
    'fetch',
    changes.map((change) => namedKey(connection, change)),
  );
  const records = deliveries.flatMap((delivery) => delivery.records);
  if (records.length > 0) await land({ ...hub, store }, connection, records);
}
