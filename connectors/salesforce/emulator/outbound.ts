/**
 * Outbound Messages: SOAP notifications of changed records, at least once, in no promised order, telling the
 * record as it is when the message leaves. A message is repeated until it is acknowledged.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_understanding.htm
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Org } from './org.ts';
import { escapeXml } from './rest/xml.ts';
import type { ObjectDef, Row } from './schema/model.ts';
import { reader } from './soql/columns.ts';

export interface Outbound {
  deliverTo(url: string | null): void;
  /** Resolves when nothing is waiting or under way. */
  delivered(): Promise<void>;
  close(): void;
}

interface Notification {
  readonly id: string;
  readonly object: ObjectDef;
  readonly recordId: string;
}

const perMessage = 100;
const longestPause = 2 * 60 * 60 * 1000;
const answerWithin = 60_000;

export function createOutbound(org: Org, ownUrl: () => string): Outbound {
  const { knobs } = org;
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  let waiting: Notification[] = [];
  let url: string | null = null;
  let scheduled = false;

  const send = async (group: readonly Notification[], target: string) => {
    let pause = knobs.outbound.retryMs;
    for (let attempt = 1; attempt <= knobs.outbound.attempts; attempt++) {
      if (attempt > 1) {
        await wait(pause, undefined, { signal: closing.signal });
        pause = Math.min(pause * 2, longestPause);
      }
      if (await post(target, envelope(org, group, ownUrl()), closing.signal)) return;
    }
  };
  const flush = () => {
    scheduled = false;
    const target = url;
    const due = knobs.outbound.shuffle ? org.chance.shuffled(waiting) : waiting;
    waiting = [];
    if (target === null) return;
    for (const group of messages(due)) {
      const delivery = send(group, target).catch(() => {});
      underWay.add(delivery);
      void delivery.finally(() => underWay.delete(delivery));
    }
  };
  org.onChange((object, row) => {
    if (url === null || !knobs.outbound.objects.includes(object.name)) return;
    const notification = { id: org.ids.next('04l'), object, recordId: String(row.Id) };
    waiting.push(notification);
    org.journal.note(() => {
      waiting = waiting.filter((one) => one !== notification);
    });
    if (!scheduled) setImmediate(flush);
    scheduled = true;
  });
  return {
    deliverTo(next) {
      url = next;
      if (next === null) waiting = [];
    },
    async delivered() {
      while (scheduled || underWay.size > 0) {
        await Promise.all(underWay);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close: () => closing.abort(),
  };
}

/** One kind of record per message. */
function messages(notifications: readonly Notification[]): Notification[][] {
  const groups = [...Map.groupBy(notifications, (one) => one.object.name).values()];
  return groups.flatMap((group) => {
    const count = Math.ceil(group.length / perMessage);
    return Array.from({ length: count }, (_, index) =>
      group.slice(index * perMessage, (index + 1) * perMessage),
    );
  });
}

async function post(url: string, body: string, closing: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=UTF-8', soapaction: '""', 'user-agent': 'SFDC-Callout' },
      body,
      signal: AbortSignal.any([closing, AbortSignal.timeout(answerWithin)]),
    });
    const text = await response.text();
    return response.ok && /<(?:\w+:)?Ack>\s*true\s*</.test(text);
  } catch {
    return false;
  }
}

function envelope(org: Org, group: readonly Notification[], ownUrl: string): string {
  const version = org.knobs.apiVersion;
  const head = [
    `<OrganizationId>${org.id}</OrganizationId>`,
    `<ActionId>${actionId(org, group)}</ActionId>`,
    '<SessionId xsi:nil="true"/>',
    `<EnterpriseUrl>${ownUrl}/services/Soap/c/${version}/${org.id.slice(0, 15)}</EnterpriseUrl>`,
    `<PartnerUrl>${ownUrl}/services/Soap/u/${version}/${org.id.slice(0, 15)}</PartnerUrl>`,
  ];
  const body = group.map((one) => notification(org, one));
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
${[...head, ...body].join('\n')}
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`;
}

/** Every object has one workflow action, always the same. */
function actionId(org: Org, [first]: readonly Notification[]): string {
  return `04k${org.id.slice(3, 12)}${first?.object.keyPrefix ?? '000'}AAA`;
}

const told = ['Name', 'Email', 'Phone', 'StageName', 'Amount', 'CloseDate', 'Status', 'SystemModstamp'];

function notification(org: Org, { id, object, recordId }: Notification): string {
  const row: Row = org.table(object.name).get(recordId) ?? { Id: recordId };
  const fields = object.fields.filter((field) => told.includes(field.name));
  const values = fields.flatMap((field) => {
    const value = reader(field)(row);
    if (value === null) return [];
    return [`     <sf:${field.name}>${escapeXml(wireValue(String(value)))}</sf:${field.name}>`];
  });
  return `   <Notification>
    <Id>${id}</Id>
    <sObject xsi:type="sf:${object.name}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>${recordId}</sf:Id>
${values.join('\n')}
    </sObject>
   </Notification>`;
}

/** SOAP writes times with a Z. */
function wireValue(value: string): string {
  return value.replace(/\+0000$/, 'Z');
}
