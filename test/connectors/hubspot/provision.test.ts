import { describe, expect, test } from 'vitest';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import type { FieldSpec, ProvisionStep } from '../../../src/connector/contract/fields.ts';
import { json, serve, type TinyServer } from '../../connector/server.ts';
import { type Account, openAccount } from './account.ts';

interface Property {
  readonly name: string;
  readonly type: string;
  readonly fieldType: string;
  readonly hasUniqueValue?: boolean;
  options?: readonly { readonly value: string; readonly label: string; readonly displayOrder?: number }[];
}

interface Crm {
  readonly server: TinyServer;
  readonly account: Account;
  readonly properties: Map<string, Property>;
  readonly groups: Set<string>;
  /** A new property is shown only after so many readings of the list. */
  hiddenFor: number;
  /** Answers the next creation with an error, all done. */
  loseAnswer: boolean;
}

const exists = (name: string) => ({
  status: 'error',
  category: 'OBJECT_ALREADY_EXISTS',
  subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
  message: `A property named '${name}' already exists.`,
  context: { name: [name] },
});

async function open(...present: Property[]): Promise<Crm> {
  const properties = new Map(present.map((property) => [property.name, property]));
  const groups = new Set<string>();
  const hidden = new Map<string, number>();
  const server = await serve((seen, response) => {
    const path = seen.url.replace(/\?.*/, '').replace('/crm/v3/properties/deals', '');
    const body = seen.body === '' ? {} : JSON.parse(seen.body);
    if (seen.method === 'GET' && path === '/groups')
      return json(response, { results: [...groups].map((name) => ({ name })) });
    if (seen.method === 'GET') {
      for (const [name, readings] of hidden) hidden.set(name, readings - 1);
      const shown = [...properties.values()].filter(({ name }) => (hidden.get(name) ?? 0) <= 0);
      return json(response, { results: shown });
    }
    if (path === '/groups') {
      if (groups.has(body.name)) return json(response, exists(body.name), 409);
      groups.add(body.name);
      return json(response, body, 201);
    }
    if (seen.method === 'PATCH') {
      const property = properties.get(path.slice(1));
      if (property) property.options = body.options;
      return json(response, property);
    }
    const inputs: Property[] = body.inputs;
    const invalid = inputs.find(({ type, options = [] }) => type === 'enumeration' && options.length === 0);
    if (invalid)
      return json(response, { category: 'VALIDATION_ERROR', message: 'Enumerations need options' }, 400);
    const old = inputs.filter(({ name }) => properties.has(name));
    for (const input of inputs) {
      if (!properties.has(input.name)) hidden.set(input.name, crm.hiddenFor);
      if (!properties.has(input.name)) properties.set(input.name, input);
    }
    if (crm.loseAnswer) {
      crm.loseAnswer = false;
      return response.destroy();
    }
    const results = inputs.filter((input) => !old.includes(input));
    const errors = old.map(({ name }) => exists(name));
    if (errors.length === 0) return json(response, { status: 'COMPLETE', results }, 201);
    return json(response, { status: 'COMPLETE', results, errors, numErrors: errors.length }, 207);
  });
  const crm: Crm = {
    server,
    account: openAccount(server.url),
    properties,
    groups,
    hiddenFor: 0,
    loseAnswer: false,
  };
  return crm;
}

const share: FieldSpec = {
  object: 'deals',
  name: 'chat_credit',
  label: 'Chat credit',
  type: 'percent',
  help: 'By the hub',
};
const role: FieldSpec = {
  object: 'deals',
  name: 'chat_role',
  label: 'Chat role',
  type: 'picklist',
  options: ['sourced', 'assisted'],
};
const key: FieldSpec = { object: 'deals', name: 'hub_id', label: 'Hub id', type: 'text', unique: true };
const flag: FieldSpec = { object: 'deals', name: 'chat_won', label: 'Won by chat', type: 'boolean' };

function provision({ account }: Crm, wanted: readonly FieldSpec[], apply = true): Promise<ProvisionStep[]> {
  return hubspot.fields?.provision(account, wanted, { apply }) ?? Promise.resolve([]);
}

const told = (steps: readonly ProvisionStep[]) => steps.map(({ name, status }) => `${name} ${status}`);

describe('provisioning', () => {
  test('shows its plan and changes nothing', async () => {
    const crm = await open();
    expect(told(await provision(crm, [share, key], false))).toEqual([
      'deals.connector_hub missing',
      'deals.chat_credit missing',
      'deals.hub_id missing',
    ]);
    expect(crm.server.seen.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('creates what is missing in one call, in a group of its own', async () => {
    const crm = await open();
    expect(told(await provision(crm, [share, role, key, flag]))).toEqual([
      'deals.connector_hub created',
      'deals.chat_credit created',
      'deals.chat_role created',
      'deals.hub_id created',
      'deals.chat_won created',
    ]);
    expect(crm.properties.get('chat_credit')).toMatchObject({
      type: 'number',
      fieldType: 'number',
      groupName: 'connector_hub',
      description: 'By the hub',
    });
    expect(crm.properties.get('hub_id')).toMatchObject({ type: 'string', hasUniqueValue: true });
    expect(crm.properties.get('chat_won')?.options?.map(({ value }) => value)).toEqual(['true', 'false']);
    expect(crm.properties.get('chat_role')?.options).toEqual([
      { value: 'sourced', label: 'sourced', displayOrder: 0, hidden: false },
      { value: 'assisted', label: 'assisted', displayOrder: 1, hidden: false },
    ]);
    expect(crm.server.seen.filter(({ url }) => url.endsWith('batch/create'))).toHaveLength(1);
  });

  test('twice is once', async () => {
    const crm = await open();
    await provision(crm, [share, role]);
    crm.server.seen.length = 0;
    expect(told(await provision(crm, [share, role]))).toEqual([
      'deals.chat_credit exists',
      'deals.chat_role exists',
    ]);
    expect(crm.server.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  test('survives an answer that was lost', async () => {
    const crm = await open();
    crm.loseAnswer = true;
    expect(told(await provision(crm, [share, key])).slice(1)).toEqual([
      'deals.chat_credit exists',
      'deals.hub_id exists',
    ]);
  });

  test('waits until new properties can be written to', async () => {
    const crm = await open();
    crm.hiddenFor = 3;
    await provision(crm, [share]);
    expect(crm.account.clock.waits).toEqual([1_000, 1_000, 1_000]);
  });

  test('adds options to a list and keeps those that are there', async () => {
    const crm = await open({
      name: 'chat_role',
      type: 'enumeration',
      fieldType: 'select',
      options: [{ value: 'other', label: 'Something else', displayOrder: 7 }],
    });
    const planned = await provision(crm, [role], false);
    expect(planned).toEqual([
      {
        what: 'field',
        name: 'deals.chat_role',
        status: 'missing',
        detail: 'options to add: sourced, assisted',
      },
    ]);
    expect(told(await provision(crm, [role]))).toEqual(['deals.chat_role created']);
    expect(crm.properties.get('chat_role')?.options).toMatchObject([
      { value: 'other', label: 'Something else', displayOrder: 7 },
      { value: 'sourced' },
      { value: 'assisted' },
    ]);
  });

  test('says what does not fit and leaves it alone', async () => {
    const crm = await open(
      { name: 'hub_id', type: 'string', fieldType: 'text' },
      { name: 'chat_credit', type: 'string', fieldType: 'text' },
    );
    const steps = await provision(crm, [key, share]);
    expect(steps.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(steps.map(({ detail = '' }) => detail.split(':', 1)[0])).toEqual([
      'exists without unique values, which HubSpot cannot change',
      'exists as string, wanted as number',
    ]);
    expect(crm.server.seen).toHaveLength(1);
  });

  test('one bad field spoils only itself', async () => {
    const crm = await open();
    const bad: FieldSpec = { object: 'deals', name: 'no_options', label: 'No options', type: 'picklist' };
    expect(told(await provision(crm, [share, bad, key])).slice(1)).toEqual([
      'deals.chat_credit created',
      'deals.no_options failed',
      'deals.hub_id created',
    ]);
  });
});

test('describe tells what can be written, what is unique and what may be chosen', async () => {
  const { account } = await open(
    { name: 'hub_id', type: 'string', fieldType: 'text', hasUniqueValue: true },
    { name: 'amount', type: 'number', fieldType: 'number' },
    { name: 'hs_is_closed', type: 'bool', fieldType: 'booleancheckbox', ...{ calculated: true } },
    { name: 'stage', type: 'enumeration', fieldType: 'radio', options: [{ value: 'won', label: 'Won' }] },
    { name: 'tags', type: 'enumeration', fieldType: 'checkbox' },
    { name: 'strange', type: 'object_coordinates', fieldType: 'text' },
  );
  const fields = await hubspot.fields?.describe(account, 'deals');
  expect(
    fields?.map(({ name, type, writable, unique = false, options = [] }) => [
      name,
      type,
      writable,
      unique,
      options,
    ]),
  ).toEqual([
    ['hub_id', 'text', true, true, []],
    ['amount', 'number', true, false, []],
    ['hs_is_closed', 'boolean', false, false, []],
    ['stage', 'picklist', true, false, ['won']],
    ['tags', 'multipicklist', true, false, []],
    ['strange', 'other', true, false, []],
  ]);
});
