import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Signature } from '@hubspot/api-client';
import { expect, onTestFinished, test } from 'vitest';
import { signV3 } from '../../../emulators/hubspot/webhooks/signature.ts';
import { emulated } from './emulated.ts';

interface Delivery {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** An app's endpoint that answers with `statuses` in turn, then with 200. */
async function endpoint(statuses: number[] = []) {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    deliveries.push({ headers: request.headers, body, events: JSON.parse(body) });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/hubspot?tenant=a%3Ab`;
  return { url, deliveries, events: () => deliveries.flatMap((delivery) => delivery.events) };
}

async function listening(knobs: Record<string, boolean | number> = {}, statuses: number[] = []) {
  const hook = await endpoint(statuses);
  const portal = await emulated({ knobs: { webhooks: knobs } });
  portal.emulator.deliverTo?.(hook.url);
  return { ...portal, ...hook, delivered: () => portal.emulator.delivered?.() };
}

test('signs as the documented vector says, and as the SDK checks', async () => {
  const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
  const body = "{'example_field':'example_value'}";
  const signed = {
    method: 'POST',
    url: 'https://www.example.com/webhook_uri',
    body,
    timestamp: 1693657560000,
  };
  expect(signV3(secret, signed)).toBe('K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=');

  const { emulator, url, deliveries, delivered } = await listening();
  emulator.records.create('contacts', { lastname: 'Ångström' });
  await delivered();
  const { headers, body: sent } = deliveries[0] ?? { headers: {} as Delivery['headers'], body: '' };
  const timestamp = Number(headers['x-hubspot-request-timestamp']);
  const clientSecret = String(emulator.config.webhookSecret);
  const text = `POST${url.replace('%3A', ':')}${sent}${timestamp}`;
  const expected = createHmac('sha256', clientSecret).update(text).digest('base64');
  expect(headers['x-hubspot-signature-v3']).toBe(expected);
  const checked = Signature.isValid({
    signature: expected,
    clientSecret,
    requestBody: sent,
    signatureVersion: 'v3',
    method: 'POST',
    url: url.replace('%3A', ':'),
    timestamp,
  });
  expect(checked).toBe(true);
});

test('tells creation, each changed property, and deletion', async () => {
  const { emulator, send, events, delivered } = await listening();
  const id = emulator.records.create('contacts', { lastname: 'A', phone: '1' });
  await send('PATCH', `/crm/v3/objects/contacts/${id}`, { properties: { lastname: 'B', phone: '1' } });
  emulator.records.remove('contacts', id);
  await delivered();
  const told = events().map((event) => [
    event.subscriptionType,
    event.propertyName,
    event.propertyValue,
    event.changeSource,
  ]);
  expect(told).toEqual([
    ['contact.creation', undefined, undefined, 'CRM_UI'],
    ['contact.propertyChange', 'lastname', 'A', 'CRM_UI'],
    ['contact.propertyChange', 'phone', '1', 'CRM_UI'],
    ['contact.propertyChange', 'lastname', 'B', 'INTEGRATION'],
    ['contact.deletion', undefined, undefined, 'CRM_UI'],
  ]);
  expect(events()[0]).toMatchObject({
    objectId: Number(id),
    portalId: expect.any(Number),
    appId: expect.any(Number),
    subscriptionId: expect.any(Number),
    occurredAt: expect.any(Number),
    attemptNumber: 0,
  });
});

test('a merge is told as such, with deletions and without the moved values', async () => {
  const { emulator, events, delivered } = await listening();
  emulator.deliverTo?.(null);
  const winner = emulator.records.create('contacts', { email: 'a@example.com' });
  const loser = emulator.records.create('contacts', { email: 'b@example.com', phone: '1' });
  emulator.deliverTo?.((await endpoint()).url);
  const hook = await endpoint();
  emulator.deliverTo?.(hook.url);
  const survivor = emulator.records.merge?.('contacts', winner, loser);
  await delivered();
  expect(events()).toEqual([]);
  expect(hook.events().map(({ subscriptionType }) => subscriptionType)).toEqual([
    'contact.merge',
    'contact.deletion',
    'contact.deletion',
  ]);
  expect(hook.events()[0]).toMatchObject({
    primaryObjectId: Number(winner),
    mergedObjectIds: [Number(loser)],
    newObjectId: Number(survivor),
  });
});

test('an association is told from both sides', async () => {
  const { emulator, events, delivered } = await listening();
  const deal = emulator.records.create('deals', {});
  const contact = emulator.records.create('contacts', {});
  emulator.records.update('deals', deal, { associations: [{ object: 'contacts', id: contact }] });
  await delivered();
  const told = events().filter(({ subscriptionType }) =>
    String(subscriptionType).endsWith('associationChange'),
  );
  expect(told).toMatchObject([
    {
      subscriptionType: 'deal.associationChange',
      associationType: 'DEAL_TO_CONTACT',
      fromObjectId: Number(deal),
      associationRemoved: false,
    },
    {
      subscriptionType: 'contact.associationChange',
      associationType: 'CONTACT_TO_DEAL',
      toObjectId: Number(deal),
    },
  ]);
});

test('generic subscriptions name the object by its type id', async () => {
  const { emulator, events, delivered } = await listening({ generic: true });
  emulator.records.create('deals', {});
  await delivered();
  expect(events()).toMatchObject([{ subscriptionType: 'object.creation', objectTypeId: '0-3' }]);
});

test('comes in arrays of at most a hundred', async () => {
  const { emulator, deliveries, delivered } = await listening();
  for (let index = 0; index < 250; index++) emulator.records.create('contacts', {});
  await delivered();
  expect(deliveries.map(({ events }) => events.length).toSorted((a, b) => b - a)).toEqual([100, 100, 50]);
});

test('is tried again after a failure, with the number of the attempt, and given up at last', async () => {
  const { emulator, events, delivered } = await listening({ retryMs: 1, retries: 2 }, [500, 404]);
  emulator.records.create('contacts', {});
  await delivered();
  expect(events().map(({ attemptNumber }) => attemptNumber)).toEqual([0, 1, 2]);
  const hopeless = await listening({ retryMs: 1, retries: 2 }, [500, 500, 500, 500]);
  hopeless.emulator.records.create('contacts', {});
  await hopeless.delivered();
  expect(hopeless.events()).toHaveLength(3);
});

test('by knob out of order and more than once', async () => {
  const { emulator, events, delivered } = await listening({ reorder: true, duplicate: true });
  const ids = Array.from({ length: 9 }, () => Number(emulator.records.create('contacts', {})));
  await delivered();
  const told = events().map(({ objectId }) => Number(objectId));
  expect(told).toHaveLength(12);
  expect(new Set(told)).toEqual(new Set(ids));
  expect(told).not.toEqual(told.toSorted((a, b) => a - b));
});
