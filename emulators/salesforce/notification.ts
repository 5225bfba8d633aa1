/** The envelope of an Outbound Message. It carries no session: Salesforce took that out in February 2026. */
import type { Org } from './org.ts';
import { escapeXml } from './rest/xml.ts';
import type { ObjectDef, Row } from './schema/model.ts';
import { reader } from './soql/columns.ts';

export interface Notification {
  readonly id: string;
  readonly object: ObjectDef;
  readonly recordId: string;
}

export function envelope(org: Org, group: readonly Notification[], ownUrl: string): string {
  const org15 = org.id.slice(0, 15);
  const version = org.knobs.apiVersion;
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>${org.id}</OrganizationId>
   <ActionId>${actionId(org, group)}</ActionId>
   <SessionId xsi:nil="true"/>
   <EnterpriseUrl>${ownUrl}/services/Soap/c/${version}/${org15}</EnterpriseUrl>
   <PartnerUrl>${ownUrl}/services/Soap/u/${version}/${org15}</PartnerUrl>
${group.map((one) => write(org, one)).join('\n')}
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`;
}

/** Every object has one workflow action, always the same. */
function actionId(org: Org, [first]: readonly Notification[]): string {
  return `04k${org.id.slice(3, 12)}${first?.object.keyPrefix ?? '000'}AAA`;
}

const told = ['Name', 'Email', 'Phone', 'StageName', 'Amount', 'CloseDate', 'Status', 'SystemModstamp'];

function write(org: Org, { id, object, recordId }: Notification): string {
  const row: Row = org.table(object.name).get(recordId) ?? { Id: recordId };
  const values = object.fields
    .filter((field) => told.includes(field.name))
    .map((field) => [field.name, reader(field)(row)] as const)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `     <sf:${name}>${escapeXml(soapValue(String(value)))}</sf:${name}>`);
  return `   <Notification>
    <Id>${id}</Id>
    <sObject xsi:type="sf:${object.name}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>${recordId}</sf:Id>
${values.join('\n')}
    </sObject>
   </Notification>`;
}

/** SOAP writes times with a Z. */
function soapValue(value: string): string {
  return value.replace(/\+0000$/, 'Z');
}
