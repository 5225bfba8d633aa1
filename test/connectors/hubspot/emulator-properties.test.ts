import { expect, test } from 'vitest';
import { emulated, handClock } from './emulated.ts';

const deals = '/crm/v3/properties/deals';
const draft = (name: string, more: object = {}) => ({
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  groupName: 'dealinformation',
  ...more,
});
const choices = (...values: string[]) => ({
  type: 'enumeration',
  fieldType: 'select',
  options: values.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })),
});

test('a property is made once; the second time its name is taken', async () => {
  const { post, get } = await emulated();
  const made = await post(deals, draft('chat_share', { type: 'number', fieldType: 'number' }));
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: 'chat_share',
    hasUniqueValue: false,
    archived: false,
    modificationMetadata: { readOnlyValue: false },
  });
  expect((await get(`${deals}/chat_share`)).body).toEqual(made.body);
  const again = await post(deals, draft('chat_share'));
  expect([again.status, again.body]).toEqual([
    409,
    expect.objectContaining({
      message: "A property named 'chat_share' already exists.",
      category: 'OBJECT_ALREADY_EXISTS',
      subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
    }),
  ]);
  expect((await get(`${deals}/unknown`)).status).toBe(404);
});

test('a batch makes what it can', async () => {
  const { post } = await emulated();
  await post(deals, draft('first'));
  const split = await post(`${deals}/batch/create`, {
    inputs: [draft('first'), draft('second'), draft('third')],
  });
  expect(split.status).toBe(207);
  expect(split.body.results.map(({ name }) => name).toSorted()).toEqual(['second', 'third']);
  expect(split.body.errors).toMatchObject([
    { subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS', context: { name: ['first'] } },
  ]);
  expect(split.body.errors[0]).toMatchObject({ status: 'error', errors: [], links: {} });
  const dated = await post('/crm/properties/2026-09/deals/batch/create', {
    inputs: [draft('first'), draft('fourth')],
  });
  expect([dated.status, dated.body.results.length, dated.body.numErrors]).toEqual([200, 1, 1]);
  const many = Array.from({ length: 101 }, (_, index) => draft(`p${index}`));
  expect((await post(`${deals}/batch/create`, { inputs: many })).status).toBe(400);
  const read = await post(`${deals}/batch/read`, { inputs: [{ name: 'second' }, { name: 'amount' }] });
  expect(read.body.results).toHaveLength(2);
});

test.each([
  ['an unknown group', draft('x', { groupName: 'nowhere' })],
  ['an unknown type', draft('x', { type: 'text' })],
  ['a field type that does not fit', draft('x', { type: 'number', fieldType: 'select' })],
  ['a choice without options', draft('x', { type: 'enumeration', fieldType: 'select' })],
  [
    'a bool whose options are not true and false',
    draft('x', { ...choices('yes', 'no'), type: 'bool', fieldType: 'booleancheckbox' }),
  ],
  ['a name with capitals', draft('Chat Share')],
])('%s is refused', async (_what, body) => {
  const { post } = await emulated();
  expect((await post(deals, body)).status).toBe(400);
});

test('the tenth unique property is the last one', async () => {
  const { post } = await emulated();
  const statuses: number[] = [];
  for (let index = 0; index < 11; index++) {
    statuses.push((await post(deals, draft(`unique_${index}`, { hasUniqueValue: true }))).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 400]);
});

test('a patch of options replaces the list, and values are held to it', async () => {
  const { post, send } = await emulated();
  await post(deals, draft('model', choices('linear', 'first')));
  const write = async (value: string) =>
    (await post('/crm/v3/objects/deals', { properties: { model: value } })).status;
  expect(await write('linear')).toBe(201);
  const patched = await send('PATCH', `${deals}/model`, { options: choices('last').options });
  expect(patched.body.options).toMatchObject([{ value: 'last' }]);
  expect([await write('linear'), await write('last')]).toEqual([400, 201]);
  const renamed = await send('PATCH', `${deals}/model`, { label: 'Model' });
  expect(renamed.body).toMatchObject({ label: 'Model', options: [{ value: 'last' }] });
});

test('several choices are one text; a leading semicolon adds', async () => {
  const { post, send } = await emulated();
  await post(deals, draft('tags', { ...choices('a', 'b', 'c'), fieldType: 'checkbox' }));
  const { id } = (await post('/crm/v3/objects/deals', { properties: { tags: 'a;b' } })).body;
  const added = await send('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { tags: ';c' } });
  expect(added.body.properties.tags).toBe('a;b;c');
  expect((await send('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { tags: 'a;x' } })).status).toBe(
    400,
  );
});

test('an archived property is restored by creating it again, with its old definition or by knob the posted one', async () => {
  for (const [restoredDefinition, label] of [
    ['old', 'first'],
    ['posted', 'new'],
  ] as const) {
    const { post, get, send } = await emulated({ knobs: { restoredDefinition } });
    await post(deals, draft('first'));
    expect((await send('DELETE', `${deals}/first`)).status).toBe(204);
    expect((await get(`${deals}/first`)).status).toBe(404);
    expect((await get(`${deals}/first?archived=true`)).status).toBe(200);
    expect((await post('/crm/v3/objects/deals', { properties: { first: '1' } })).status).toBe(400);
    const restored = await post(deals, draft('first', { label: 'new' }));
    expect([restored.status, restored.body.label]).toEqual([201, label]);
  }
});

test('a new property is unknown for a moment', async () => {
  const clock = handClock();
  const { post, get } = await emulated({ clock, knobs: { propertyLagMs: 500 } });
  await post(deals, draft('late'));
  const write = () => post('/crm/v3/objects/deals', { properties: { late: '1' } });
  expect((await write()).body.errors[0]?.code).toBe('PROPERTY_DOESNT_EXIST');
  expect((await get(`${deals}/late`)).status).toBe(404);
  clock.advance(500);
  expect([(await write()).status, (await get(`${deals}/late`)).status]).toEqual([201, 200]);
});

test('groups are made, read, and archived when nothing is left in them', async () => {
  const { post, get, send } = await emulated();
  const group = { name: 'chat_credit', label: 'Chat credit' };
  expect((await post(`${deals}/groups`, group)).status).toBe(201);
  expect((await post(`${deals}/groups`, group)).status).toBe(409);
  expect((await get(`${deals}/groups/chat_credit`)).body).toMatchObject({ ...group, archived: false });
  expect((await get(`${deals}/groups`)).body.results.map(({ name }) => name)).toContain('chat_credit');
  await post(deals, draft('inside', { groupName: 'chat_credit' }));
  expect((await send('DELETE', `${deals}/groups/chat_credit`)).status).toBe(400);
  await send('DELETE', `${deals}/inside`);
  expect((await send('DELETE', `${deals}/groups/chat_credit`)).status).toBe(204);
  expect((await get(`${deals}/groups/chat_credit`)).status).toBe(404);
});

test('the newest path family wants a display order for each option', async () => {
  const { post } = await emulated();
  const body = draft('x', {
    type: 'enumeration',
    fieldType: 'select',
    options: [{ label: 'A', value: 'a' }],
  });
  expect((await post('/crm/properties/2026-09/deals', body)).status).toBe(400);
  expect((await post('/crm/properties/2026-03/deals', body)).status).toBe(201);
});
