/**
 * Outbound Messages: SOAP that Salesforce posts when a record meets a rule, up to 100 records at once, repeated
 * for a day until it is acknowledged. There is no signature. What speaks for a message is the unguessable token
 * in the URL that it was sent to, and the id of the org; what it names is read again through the API.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import type {
  Delivery,
  Refusal,
  Verdict,
  WebhookContext,
  WebhookHead,
  WebhookRequest,
  Webhooks,
} from '../../../src/connector/contract/webhooks.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { fingerprint } from '../../../src/support/fingerprint.ts';
import type { SalesforceConfig } from '../config.ts';
import { isRecordId, longId } from '../wire/ids.ts';

const largestBody = 2 * 1024 * 1024;

const acknowledgement =
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
  '</soapenv:Body></soapenv:Envelope>';

export const webhooks: Webhooks<SalesforceConfig> = {
  maxBytes: largestBody,
  admit,
  verify,
  parse(_ctx, { body }): Delivery {
    const message = readMessage(body);
    if (message === null)
      throw new Fault('rejected', 'not an Outbound Message of Salesforce', { code: 'NOT_A_MESSAGE' });
    return {
      changes: message.notifications.map(({ object, recordId }) => ({ object, id: recordId })),
      records: [],
    };
  },
  reply: () => ({ contentType: 'text/xml; charset=UTF-8', body: acknowledgement }),
};

function admit({ config }: WebhookContext<SalesforceConfig>, { method, url }: WebhookHead): Refusal | null {
  if (config.webhookToken === undefined) return refused(403, 'no webhookToken is set on this connection');
  if (!isSame(tokenIn(url), config.webhookToken)) return refused(401, 'the URL lacks the webhook token');
  return method === 'POST' ? null : refused(400, 'Outbound Messages come by POST');
}

function verify(ctx: WebhookContext<SalesforceConfig>, request: WebhookRequest): Verdict {
  const { config } = ctx;
  const refusal = admit(ctx, request);
  if (refusal) return refusal;
  if (request.body.byteLength > largestBody) return refused(413, 'the message is too large');
  const message = readMessage(request.body);
  if (message === null) return refused(400, 'not an Outbound Message of Salesforce');
  if (config.organizationId !== undefined && message.organizationId !== longId(config.organizationId)) {
    return refused(403, 'the message comes from another Salesforce org');
  }
  const ids = message.notifications.map(({ id }) => id).sort();
  return { accepted: true, replayKey: fingerprint(ids.join(' ')) };
}

function refused(status: 400 | 401 | 403 | 413, reason: string): Refusal {
  return { accepted: false, status, reason };
}

function tokenIn(url: string): string {
  return URL.parse(url)?.searchParams.get('token') ?? '';
}

/** In constant time, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

interface Message {
  readonly organizationId: string;
  readonly notifications: readonly {
    readonly id: string;
    readonly object: string;
    readonly recordId: string;
  }[];
}

// Ids stay text: `001E5…` would be read as a number otherwise.
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => name === 'Notification',
});

const recordId = z.string().refine(isRecordId).transform(longId);
const envelope = z.object({
  Envelope: z.object({
    Body: z.object({
      notifications: z.object({
        OrganizationId: recordId,
        Notification: z
          .array(
            z.object({ Id: z.string().min(15), sObject: z.object({ '@type': z.string(), Id: recordId }) }),
          )
          .min(1)
          .max(100),
      }),
    }),
  }),
});

/** Null for anything else. A document type is refused unread: entities are how XML attacks its reader. */
function readMessage(body: Uint8Array): Message | null {
  const text = new TextDecoder().decode(body);
  if (/<!DOCTYPE/i.test(text) || XMLValidator.validate(text) !== true) return null;
  const read = envelope.safeParse(parsed(text));
  if (!read.success) return null;
  const { OrganizationId: organizationId, Notification: notifications } =
    read.data.Envelope.Body.notifications;
  return {
    organizationId,
    notifications: notifications.map(({ Id: id, sObject }) => ({
      id,
      object: sObject['@type'].replace(/^.*:/, ''),
      recordId: sObject.Id,
    })),
  };
}

function parsed(text: string): unknown {
  try {
    return parser.parse(text);
  } catch {
    return null;
  }
}
