/** The least that a client of the API needs: signs in, sends JSON, shows the whole answer. */
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined for an empty body. */
  readonly json: Shown;
  /** The same, to be compared or handed on; null for an empty body. */
  readonly body: Json;
  /** The objects in a list of the body: `list('records')`. */
  list(name: string): readonly JsonObject[];
}

/** What a test reaches into: any property of anything. */
export interface Shown {
  readonly [name: string]: Shown;
  readonly [index: number]: Shown;
}

export interface Client {
  send(method: string, path: string, body?: Json, headers?: Record<string, string>): Promise<Answer>;
  /** Below `/services/data/v62.0/`. */
  get(path: string): Promise<Answer>;
  post(path: string, body: Json): Promise<Answer>;
  patch(path: string, body: Json): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  query(soql: string): Promise<Answer>;
  queryAll(soql: string): Promise<Answer>;
  raw(method: string, path: string, body: string, contentType: string): Promise<Answer>;
  readonly token: string;
}

export const base = '/services/data/v62.0';

export async function tokenOf(emulator: RunningEmulator): Promise<Answer> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: String(emulator.config.clientId),
    client_secret: String(emulator.config.clientSecret),
  });
  return answerOf(await fetch(`${emulator.url}/services/oauth2/token`, { method: 'POST', body: form }));
}

export async function signIn(emulator: RunningEmulator): Promise<Client> {
  const token = String((await tokenOf(emulator)).json.access_token);
  const send: Client['send'] = async (method, path, body, headers = {}) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return answerOf(
      await fetch(`${emulator.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...type, ...headers },
        ...json,
      }),
    );
  };
  const raw: Client['raw'] = async (method, path, body, contentType) =>
    answerOf(
      await fetch(`${emulator.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
        body,
      }),
    );
  return {
    token,
    send,
    raw,
    get: (path) => send('GET', `${base}/${path}`),
    post: (path, body) => send('POST', `${base}/${path}`, body),
    patch: (path, body) => send('PATCH', `${base}/${path}`, body),
    delete: (path) => send('DELETE', `${base}/${path}`),
    query: (soql) => send('GET', `${base}/query?q=${encodeURIComponent(soql)}`),
    queryAll: (soql) => send('GET', `${base}/queryAll?q=${encodeURIComponent(soql)}`),
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
  const json: unknown = isJson ? JSON.parse(text) : undefined;
  const body = (json ?? null) as Json;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: json as Shown,
    body,
    list(name) {
      const value = isJsonObject(body) ? body[name] : undefined;
      return Array.isArray(value) ? value.filter(isJsonObject) : [];
    },
  };
}

export async function createdId(answer: Promise<Answer>): Promise<string> {
  return String((await answer).json.id);
}

/** Makes a field and grants it to the API user through a permission set. */
export async function provisionField(client: Client, fullName: string, metadata: JsonObject): Promise<void> {
  await client.post('tooling/sobjects/CustomField', { FullName: fullName, Metadata: metadata });
  await grantField(client, fullName);
}

export async function grantField(client: Client, fullName: string): Promise<void> {
  const set = await permissionSet(client);
  await client.post('sobjects/FieldPermissions', {
    ParentId: set,
    SobjectType: fullName.split('.')[0] ?? '',
    Field: fullName,
    PermissionsRead: true,
    PermissionsEdit: true,
  });
}

export async function grantObject(client: Client, name: string): Promise<void> {
  const set = await permissionSet(client);
  const flags = {
    PermissionsRead: true,
    PermissionsCreate: true,
    PermissionsEdit: true,
    PermissionsDelete: true,
  };
  await client.post('sobjects/ObjectPermissions', { ParentId: set, SobjectType: name, ...flags });
}

async function permissionSet(client: Client): Promise<string> {
  const found = await client.query("SELECT Id FROM PermissionSet WHERE Name = 'Tested'");
  if (Number(found.json.totalSize) > 0) return String(found.json.records?.[0]?.Id);
  const set = await createdId(client.post('sobjects/PermissionSet', { Name: 'Tested', Label: 'Tested' }));
  const user = await client.query("SELECT Id FROM User WHERE Username = 'integration@example.com'");
  await client.post('sobjects/PermissionSetAssignment', {
    PermissionSetId: set,
    AssigneeId: String(user.json.records?.[0]?.Id),
  });
  return set;
}
