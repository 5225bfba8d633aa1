import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { salesforceConfig } from '../../../connectors/salesforce/config.ts';
import { webhooks } from '../../../connectors/salesforce/read/webhooks.ts';
import type { WebhookRequest } from '../../../src/connector/contract/webhooks.ts';
import { virtualClock } from '../../../src/testing/clock.ts';
import { id, organizationId } from './org.ts';

const webhookToken = 'q0Zt7mP4vXk2sLr9bNw5yHd8';
const clock = virtualClock(0);

function context(settings: object = {}) {
  const config = {
    loginUrl: 'https://acme.my.salesforce.com',
    clientId: 'k',
    clientSecret: 's',
    webhookToken,
    ...settings,
  };
  return { config: salesforceConfig.parse(config), clock };
}

function notification(n: number, object = 'Opportunity', record = id('006', n)): string {
  return `<Notification><Id>04l00000000000${n}AAA</Id><sObject xsi:type="sf:${object}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>${record}</sf:Id><sf:Name>A &amp; B</sf:Name></sObject></Notification>`;
}

function message(notifications: string, organization = organizationId): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">
  <OrganizationId>${organization}</OrganizationId><ActionId>04k000000000001AAA</ActionId><SessionId xsi:nil="true"/>
  <EnterpriseUrl>https://acme.my.salesforce.com/services/Soap/c/66.0</EnterpriseUrl>
  ${notifications}
 </notifications></soapenv:Body>
</soapenv:Envelope>`;
}

function request(body: string, more: Partial<WebhookRequest> = {}): WebhookRequest {
  const url = `https://hub.example/webhooks/acme?token=${webhookToken}`;
  return { method: 'POST', url, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body), ...more };
}

describe('an Outbound Message', () => {
  const two = message(notification(1) + notification(2, 'Lead', id('00Q', 2).slice(0, 15)));

  it('names what changed; nothing of what it says about it is believed', () => {
    expect(webhooks.verify(context(), request(two)).accepted).toBe(true);
    expect(webhooks.parse(context(), request(two))).toEqual({
      changes: [
        { object: 'Opportunity', id: id('006', 1) },
        { object: 'Lead', id: id('00Q', 2) },
      ],
      records: [],
    });
  });

  it('has one key however often it is sent, and in whatever order', () => {
    const key = (body: string) => {
      const verdict = webhooks.verify(context(), request(body));
      return verdict.accepted ? verdict.replayKey : 'refused';
    };
    expect(key(message(notification(2, 'Lead', id('00Q', 2)) + notification(1)))).toBe(key(two));
    expect(key(message(notification(1)))).not.toBe(key(two));
  });

  it('is acknowledged in words that Salesforce understands', () => {
    const reply = webhooks.reply?.();
    expect(reply?.contentType).toMatch(/^text\/xml/);
    expect(XMLValidator.validate(reply?.body ?? '')).toBe(true);
    expect(reply?.body).toContain('<Ack>true</Ack>');
  });

  it.each([
    ['without the token', { url: 'https://hub.example/webhooks/acme' }, 401],
    ['with a wrong token', { url: `https://hub.example/webhooks/acme?token=${webhookToken.slice(1)}x` }, 401],
    ['with a longer token', { url: `https://hub.example/webhooks/acme?token=${webhookToken}x` }, 401],
    ['by another method', { method: 'GET' }, 400],
    ['torn', { body: Buffer.from(two.slice(0, -40)) }, 400],
    ['empty', { body: new Uint8Array() }, 400],
    ['of another kind', { body: Buffer.from('{"Notification":[]}') }, 400],
    ['with nothing in it', { body: Buffer.from(message('')) }, 400],
    [
      'about something that is not a record',
      { body: Buffer.from(message(notification(1, 'Lead', 'no-id'))) },
      400,
    ],
    [
      'with a document type',
      { body: Buffer.from(two.replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>')) },
      400,
    ],
    ['too large', { body: new Uint8Array(3 * 1024 * 1024) }, 413],
  ])('%s is refused', (_, more, status) => {
    const verdict = webhooks.verify(context(), request(two, more));
    expect(verdict).toMatchObject({ accepted: false, status });
  });

  it('of another org is refused, where the admin named the org', () => {
    const settings = { organizationId: organizationId.slice(0, 15) };
    expect(webhooks.verify(context(settings), request(two)).accepted).toBe(true);
    const foreign = request(message(notification(1), '00D000000000002EAA'));
    expect(webhooks.verify(context(settings), foreign)).toMatchObject({ accepted: false, status: 403 });
  });

  it('is refused while no token is set', () => {
    expect(webhooks.verify(context({ webhookToken: undefined }), request(two))).toMatchObject({
      accepted: false,
      status: 403,
    });
  });

  it('of another shape is rejected when parsed', () => {
    expect(() => webhooks.parse(context(), request('<a/>'))).toThrow(
      expect.objectContaining({ kind: 'rejected' }),
    );
  });
});
