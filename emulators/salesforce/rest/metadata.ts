/**
 * Metadata API over SOAP: create, update, upsert, read and delete of fields, objects and permission sets.
 * https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_upsertMetadata.htm
 */
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';
import { rolledBack, type SaveError, SaveFault } from '../errors.ts';
import type { Org } from '../org.ts';
import { dropComponent, type PutMode, putComponent } from '../setup/components.ts';
import { readPermissionSet } from '../setup/permission-set.ts';
import { readField, readObject } from '../setup/read-metadata.ts';
import { element, elements, parseXml } from './xml.ts';

export interface SoapAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Result {
  readonly fullName: string;
  readonly created?: boolean;
  readonly errors?: readonly SaveError[];
}

const mostComponents = 10;
const modes: Readonly<Record<string, PutMode>> = {
  createMetadata: 'create',
  updateMetadata: 'update',
  upsertMetadata: 'upsert',
};

/** The session of a SOAP call is in its envelope. */
export function soapSession(body: Buffer): string | undefined {
  return /<(?:\w+:)?sessionId>([^<]+)</.exec(body.toString('utf8'))?.[1];
}

export function callMetadata(org: Org, body: Buffer): SoapAnswer {
  let envelope: JsonObject;
  try {
    envelope = parseXml(body.toString('utf8'));
  } catch (error) {
    return soapFault('soapenv:Client', error instanceof Error ? error.message : 'malformed XML');
  }
  const content = path(envelope, 'Envelope', 'Body');
  const [operation = '', message = {}] =
    Object.entries(content).find(([name]) => !name.startsWith('@')) ?? [];
  const request = isJsonObject(message) ? message : {};
  const allOrNone = String(path(envelope, 'Envelope', 'Header', 'AllOrNoneHeader').allOrNone) === 'true';
  const mode = modes[operation];
  if (mode !== undefined) return putAll(org, operation, mode, listed(request.metadata), allOrNone);
  if (operation === 'deleteMetadata') return deleteAll(org, request, allOrNone);
  if (operation === 'readMetadata') return readAll(org, request);
  return soapFault(
    'soapenv:Client',
    `No operation available for request {http://soap.sforce.com/2006/04/metadata}${operation}`,
  );
}

function path(from: JsonObject, ...names: string[]): JsonObject {
  let at = from;
  for (const name of names) {
    const next = at[name] ?? null;
    at = isJsonObject(next) ? next : {};
  }
  return at;
}

function listed(value: Json | undefined): readonly JsonObject[] {
  return (Array.isArray(value) ? value : [value ?? null]).filter(isJsonObject);
}

function names(value: Json | undefined): readonly string[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
}

function putAll(
  org: Org,
  operation: string,
  mode: PutMode,
  metadata: readonly JsonObject[],
  allOrNone: boolean,
): SoapAnswer {
  if (metadata.length > mostComponents) return tooMany();
  const results = each(org, metadata, allOrNone, (one) => {
    const fullName = String(one.fullName ?? '');
    return { fullName, save: () => putComponent(org, typeOf(one), fullName, one, mode) };
  });
  const withCreated = mode === 'upsert';
  return answer(operation, results.map((result) => showResult(result, withCreated)).join(''));
}

function typeOf(metadata: JsonObject): string {
  return String(metadata['@type'] ?? '').replace(/^.*:/, '');
}

function deleteAll(org: Org, request: JsonObject, allOrNone: boolean): SoapAnswer {
  const type = String(request.type);
  const results = each(org, names(request.fullNames), allOrNone, (fullName) => ({
    fullName,
    save: () => {
      dropComponent(org, type, fullName);
      return false;
    },
  }));
  return answer('deleteMetadata', results.map((result) => showResult(result, false)).join(''));
}

function each<T>(
  org: Org,
  items: readonly T[],
  allOrNone: boolean,
  plan: (item: T) => { fullName: string; save: () => boolean },
): readonly Result[] {
  const results = org.journal.attempt(
    () => items.map((item) => attemptOne(org, plan(item))),
    (all) => !allOrNone || all.every((result) => result.errors === undefined),
  );
  if (!allOrNone || results.every((result) => result.errors === undefined)) return results;
  return results.map(({ fullName, errors }) => ({ fullName, errors: errors ?? [rolledBack] }));
}

function attemptOne(org: Org, { fullName, save }: { fullName: string; save: () => boolean }): Result {
  try {
    return { fullName, created: org.journal.attempt(save) };
  } catch (error) {
    if (!(error instanceof SaveFault)) throw error;
    return { fullName, errors: error.errors };
  }
}

function showResult({ fullName, created, errors }: Result, withCreated: boolean): string {
  const failed = errors !== undefined;
  const said = errors?.map(({ message, statusCode }) => ({ message, statusCode })) ?? null;
  return element('result', {
    created: withCreated ? created === true && !failed : null,
    errors: said,
    fullName,
    success: !failed,
  });
}

const readers: Readonly<Record<string, (org: Org, fullName: string) => JsonObject | undefined>> = {
  CustomField: readField,
  CustomObject: readObject,
  PermissionSet: readPermissionSet,
};

function readAll(org: Org, request: JsonObject): SoapAnswer {
  const type = String(request.type);
  const read = readers[type];
  if (read === undefined)
    return soapFault('sf:INVALID_TYPE', `INVALID_TYPE: This type of metadata is not available: ${type}`);
  const found = names(request.fullNames).map((fullName) => read(org, fullName));
  const records = found.map((one) => (one === undefined ? '<records xsi:nil="true"/>' : record(type, one)));
  return answer('readMetadata', `<result>${records.join('')}</result>`);
}

function record(type: string, metadata: JsonObject): string {
  return `<records xsi:type="${type}">${elements(metadata)}</records>`;
}

const open =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:sf="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>';
const close = '</soapenv:Body></soapenv:Envelope>';
const headers = { 'content-type': 'text/xml; charset=utf-8' };

function answer(operation: string, results: string): SoapAnswer {
  const body = `${open}<${operation}Response>${results}</${operation}Response>${close}`;
  return { status: 200, headers, body };
}

export function soapFault(code: string, message: string): SoapAnswer {
  const body = `${open}<soapenv:Fault>${element('faultcode', code)}${element('faultstring', message)}</soapenv:Fault>${close}`;
  return { status: 500, headers, body };
}

function tooMany(): SoapAnswer {
  const message = `EXCEEDED_ID_LIMIT: record limit reached. cannot submit more than ${mostComponents} records into this call`;
  return soapFault('sf:EXCEEDED_ID_LIMIT', message);
}
