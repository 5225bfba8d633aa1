import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { signIn } from './emulator-client.ts';

const ack = (value: boolean) =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>${value}</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>`;

let emulator: RunningEmulator;
let listener: Server;
let url: string;
let messages: string[];
let answers: string[];

beforeEach(async () => {
  messages = [];
  answers = [];
  listener = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    messages.push(body);
    response.writeHead(200, { 'content-type': 'text/xml' }).end(answers.shift() ?? ack(true));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/webhooks/salesforce`;
});
afterEach(async () => {
  await emulator.close();
  listener.closeAllConnections();
  listener.close();
});

async function start(outbound: JsonObject = {}): Promise<void> {
  emulator = await salesforceEmulator.start({ knobs: { outbound: { retryMs: 2, ...outbound } } });
  emulator.deliverTo?.(url);
}

const all = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map((match) => match[1]);

describe('outbound messages', () => {
  it('tell a changed record in an envelope without a session', async () => {
    await start();
    const id = emulator.records.create('Lead', { LastName: 'A & B', Company: 'C' });
    await emulator.delivered?.();
    const [message = ''] = messages;
    expect(all(/<OrganizationId>(.*?)<\/OrganizationId>/g, message)).toEqual([
      emulator.config.organizationId,
    ]);
    expect(message).toContain('<SessionId xsi:nil="true"/>');
    expect(message).toContain(
      `<sObject xsi:type="sf:Lead" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">`,
    );
    expect(message).toContain(`<sf:Id>${id}</sf:Id>`);
    expect(message).toContain('<sf:Name>A &amp; B</sf:Name>');
    expect(all(/<Notification>\s*<Id>(04l\w{15})<\/Id>/g, message)).toHaveLength(1);
  });

  it('carry at most a hundred notifications, of one kind of record', async () => {
    await start();
    for (let n = 0; n < 150; n++) emulator.records.create('Contact', { LastName: `L${n}` });
    emulator.records.create('Account', { Name: 'A' });
    await emulator.delivered?.();
    const sizes = messages.map((message) => all(/<Notification>()/g, message).length);
    expect(sizes.toSorted((one, other) => one - other)).toEqual([1, 50, 100]);
  });

  it('leave in another order than the changes, when they are shuffled', async () => {
    await start({ shuffle: true });
    const made = Array.from({ length: 30 }, (_, n) =>
      emulator.records.create('Contact', { LastName: `L${n}` }),
    );
    await emulator.delivered?.();
    const told = messages.flatMap((message) => all(/<sf:Id>(\w+)</g, message));
    expect(told).not.toEqual(made);
    expect(told.toSorted()).toEqual(made);
  });

  it('come again, with the same ids and the newest values, until they are acknowledged', async () => {
    await start({ retryMs: 500 });
    answers = [ack(false), '<html>busy</html>'];
    const id = emulator.records.create('Contact', { LastName: 'first' });
    await expect.poll(() => messages.length, { interval: 1, timeout: 60_000 }).toBe(1);
    emulator.deliverTo?.(null);
    emulator.records.update('Contact', id, { LastName: 'second' });
    await emulator.delivered?.();
    expect(messages).toHaveLength(3);
    expect(new Set(messages.flatMap((message) => all(/<Notification>\s*<Id>(\w+)</g, message))).size).toBe(1);
    expect(messages.map((message) => all(/<sf:Name>(.*?)</g, message)[0])).toEqual([
      'first',
      'second',
      'second',
    ]);
  });

  it('are given up at last', async () => {
    await start({ attempts: 2 });
    answers = Array.from({ length: 5 }, () => ack(false));
    emulator.records.create('Contact', { LastName: 'x' });
    await emulator.delivered?.();
    expect(messages).toHaveLength(2);
  });

  it('say nothing of deletions, of other objects, or of what was rolled back', async () => {
    await start();
    const client = await signIn(emulator);
    const records = [
      { attributes: { type: 'Account' }, Name: 'kept back' },
      { attributes: { type: 'Account' } },
    ];
    await client.post('composite/sobjects', { allOrNone: true, records });
    emulator.records.create('Campaign', { Name: 'x' });
    await emulator.delivered?.();
    expect(messages).toEqual([]);
    const id = emulator.records.create('Account', { Name: 'x' });
    await emulator.delivered?.();
    emulator.records.remove('Account', id);
    await emulator.delivered?.();
    expect(messages).toHaveLength(1);
  });
});
