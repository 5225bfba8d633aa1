import { describe, expect, test } from 'vitest';
import { emulated, handClock } from './emulated.ts';

const inputs = (count: number, make: (index: number) => object) => ({
  inputs: Array.from({ length: count }, (_, index) => make(index)),
});
const person = (index: number) => ({ properties: { email: `p${index}@example.com`, lastname: `P${index}` } });

describe('one record', () => {
  test('a create tells computed values, an update what was sent and what changed', async () => {
    const clock = handClock();
    const { post, send } = await emulated({ clock });
    const made = await post('/crm/v3/objects/contacts', {
      properties: { email: ' Ada@Example.COM ', phone: '(030) 12 34-5' },
    });
    expect(made.status).toBe(201);
    expect(made.body.properties).toMatchObject({
      email: 'ada@example.com',
      phone: '(030) 12 34-5',
      hs_email_domain: 'example.com',
      hs_object_id: made.body.id,
      lastmodifieddate: '2026-06-30T12:00:00.000Z',
    });
    clock.advance(5_000);
    const changed = await send('PATCH', `/crm/v3/objects/contacts/${made.body.id}`, {
      properties: { lastname: 'Lovelace', phone: '' },
    });
    expect(changed.body.properties).toEqual({
      createdate: '2026-06-30T12:00:00.000Z',
      hs_object_id: made.body.id,
      lastmodifieddate: '2026-06-30T12:00:05.000Z',
      lastname: 'Lovelace',
      phone: '',
    });
  });

  test('is read by id, by unique property, by any name of its type, in both path families', async () => {
    const { get, emulator } = await emulated();
    const id = emulator.records.create('contacts', { email: 'ada@example.com' });
    const paths = [
      `/crm/v3/objects/contacts/${id}`,
      `/crm/v3/objects/CONTACT/${id}`,
      `/crm/v3/objects/0-1/ADA@example.com?idProperty=email`,
      `/crm/objects/2026-03/contacts/${id}`,
      `/crm/objects/2026-09/contact/${id}`,
    ];
    for (const path of paths) expect((await get(path)).body.id, path).toBe(id);
    expect((await get('/crm/v3/objects/butterflies/1')).body.message).toContain(
      'Unable to infer object type',
    );
    expect((await get(`/crm/v3/objects/contacts/x?idProperty=lastname`)).status).toBe(400);
  });

  test('tells default properties, or those asked for; null is blank, an unknown name is passed over', async () => {
    const { get, emulator } = await emulated();
    const id = emulator.records.create('contacts', { email: 'ada@example.com' });
    const plain = await get(`/crm/v3/objects/contacts/${id}`);
    expect(Object.keys(plain.body.properties)).toEqual([
      'createdate',
      'email',
      'firstname',
      'hs_object_id',
      'lastmodifieddate',
      'lastname',
    ]);
    const asked = await get(`/crm/v3/objects/contacts/${id}?properties=phone,city&properties=nonsense`);
    expect(asked.body.properties).toMatchObject({ phone: null, city: null });
    expect(Object.keys(asked.body.properties)).not.toContain('nonsense');
  });

  test('keeps the history of each property, newest first, with who made the change', async () => {
    const clock = handClock();
    const { get, emulator } = await emulated({ clock });
    const id = emulator.records.create('deals', { dealname: 'D', dealstage: 'qualifiedtobuy' });
    clock.advance(60_000);
    emulator.records.update('deals', id, { dealstage: 'closedwon' }, { by: 'integration' });
    const { body } = await get(
      `/crm/v3/objects/deals/${id}?propertiesWithHistory=dealstage&properties=hs_is_closed_won`,
    );
    const history = body.propertiesWithHistory.dealstage ?? [];
    expect(history.map(({ value, timestamp, sourceType }) => [value, timestamp, sourceType])).toEqual([
      ['closedwon', '2026-06-30T12:01:00.000Z', 'INTEGRATION'],
      ['qualifiedtobuy', '2026-06-30T12:00:00.000Z', 'CRM_UI'],
    ]);
    expect(body.properties.hs_is_closed_won).toBe('true');
  });

  test('a write that changes nothing leaves no trace', async () => {
    const clock = handClock();
    const { send, emulator } = await emulated({ clock });
    const id = emulator.records.create('companies', { name: 'Acme', domain: 'acme.example' });
    const before = emulator.records.get('companies', id);
    clock.advance(1_000);
    await send('PATCH', `/crm/v3/objects/companies/${id}`, { properties: { name: 'Acme' } });
    expect(emulator.records.get('companies', id)).toEqual(before);
    expect(before).toMatchObject({ website: 'acme.example' });
  });

  test('archived ones are gone for reads, listed apart, and can be restored', async () => {
    const { get, send, emulator } = await emulated();
    const id = emulator.records.create('contacts', { email: 'ada@example.com' });
    expect((await send('DELETE', `/crm/v3/objects/contacts/${id}`)).status).toBe(204);
    expect((await send('DELETE', `/crm/v3/objects/contacts/${id}`)).status).toBe(204);
    expect((await get(`/crm/v3/objects/contacts/${id}`)).body.category).toBe('OBJECT_NOT_FOUND');
    expect((await get(`/crm/v3/objects/contacts/${id}?archived=true`)).body).toMatchObject({
      id,
      archived: true,
    });
    expect((await get('/crm/v3/objects/contacts?archived=true')).body.results[0]?.archivedAt).toBeDefined();
    expect((await get('/crm/v3/objects/contacts')).body.results).toEqual([]);
    emulator.records.act?.('restore', 'contacts', id);
    expect((await get('/crm/v3/objects/contacts')).body.results).toHaveLength(1);
  });
});

describe('bad values', () => {
  test.each([
    ['contacts', { email: 'no' }, 'INVALID_EMAIL'],
    ['contacts', { nonsense: '1' }, 'PROPERTY_DOESNT_EXIST'],
    ['contacts', { createdate: '2026-01-01' }, 'READ_ONLY_VALUE'],
    ['contacts', { lifecyclestage: 'hero' }, 'INVALID_OPTION'],
    ['contacts', { hs_email_optout: 'yes' }, 'INVALID_BOOLEAN_OPTION'],
    ['contacts', { hubspot_owner_id: '1' }, 'INVALID_OWNER_ID'],
    ['deals', { dealstage: 'won' }, 'INVALID_OPTION'],
    ['deals', { pipeline: 'mine' }, 'INVALID_OPTION'],
    ['deals', { amount: '1,000' }, 'INVALID_INTEGER'],
    ['deals', { amount: ' 1000' }, 'INVALID_INTEGER'],
    ['deals', { closedate: 'soon' }, 'INVALID_LONG'],
  ])('%s %o: %s', async (object, properties, code) => {
    const { post } = await emulated();
    const { status, body } = await post(`/crm/v3/objects/${object}`, { properties });
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'error', category: 'VALIDATION_ERROR', errors: [{ code }] });
    const told = JSON.parse(body.message.slice(body.message.indexOf('[')));
    expect(told).toMatchObject([{ isValid: false, error: code, name: Object.keys(properties)[0] }]);
  });

  test('dates take midnight UTC in ms, or the day; times take ms or ISO', async () => {
    const { post, send } = await emulated();
    const define = (name: string, type: string) => ({
      name,
      label: name,
      type,
      fieldType: 'date',
      groupName: 'dealinformation',
    });
    await post('/crm/v3/properties/deals', define('signed_on', 'date'));
    const made = await post('/crm/v3/objects/deals', {
      properties: { signed_on: String(Date.UTC(2026, 4, 1)), closedate: String(Date.UTC(2026, 4, 1, 7)) },
    });
    expect(made.body.properties).toMatchObject({
      signed_on: '2026-05-01',
      closedate: '2026-05-01T07:00:00.000Z',
    });
    const refused = await send('PATCH', `/crm/v3/objects/deals/${made.body.id}`, {
      properties: { signed_on: String(Date.UTC(2026, 4, 1, 7)) },
    });
    expect(refused.body.message).toContain('not midnight');
  });

  test('broken JSON and a missing member are told as bad input', async () => {
    const { emulator, token, post } = await emulated();
    const headers = { authorization: `Bearer ${token}` };
    const torn = await fetch(`${emulator.url}/crm/v3/objects/contacts`, {
      method: 'POST',
      headers,
      body: '{"prop',
    });
    expect(torn.status).toBe(400);
    expect(await torn.json()).toMatchObject({ message: expect.stringContaining('Invalid input JSON') });
    expect((await post('/crm/v3/objects/contacts/batch/create', {})).status).toBe(400);
  });
});

describe('the list', () => {
  test('pages through every record once, also those made meanwhile', async () => {
    const { get, emulator } = await emulated();
    for (let index = 0; index < 25; index++) emulator.records.create('tickets', { subject: `T${index}` });
    const seen: string[] = [];
    let path: string | undefined = '/crm/v3/objects/tickets?limit=10';
    while (path !== undefined) {
      const { body } = await get(path);
      seen.push(...body.results.map(({ id }) => id));
      if (seen.length === 10) emulator.records.create('tickets', { subject: 'late' });
      path = body.paging && `/crm/v3/objects/tickets?limit=10&after=${body.paging.next.after}`;
    }
    expect(new Set(seen).size).toBe(26);
    expect(seen).toHaveLength(26);
  });

  test('takes at most 100, and 50 with history', async () => {
    const { get } = await emulated();
    expect((await get('/crm/v3/objects/deals?limit=100')).status).toBe(200);
    expect((await get('/crm/v3/objects/deals?limit=101')).status).toBe(400);
    expect((await get('/crm/v3/objects/deals?limit=51&propertiesWithHistory=dealstage')).status).toBe(400);
  });

  test('serves generated contacts that change like any other', async () => {
    const { get, send, emulator } = await emulated({ knobs: { generate: { contacts: 1_000_000 } } });
    expect(emulator.records.count('contacts')).toBe(1_000_000);
    const page = await get('/crm/v3/objects/contacts?limit=3&properties=email');
    const [first, second] = page.body.results;
    await send('PATCH', `/crm/v3/objects/contacts/${first?.id}`, { properties: { city: 'Ghent' } });
    await send('DELETE', `/crm/v3/objects/contacts/${second?.id}`);
    const again = await get('/crm/v3/objects/contacts?limit=2&properties=city');
    expect(again.body.results[0]?.properties.city).toBe('Ghent');
    expect(again.body.results[1]?.id).toBe(page.body.results[2]?.id);
    expect(emulator.records.count('contacts')).toBe(999_999);
    const byEmail = await get(`/crm/v3/objects/contacts/${first?.properties.email}?idProperty=email`);
    expect(byEmail.body.id).toBe(first?.id);
  });
});

describe('batches', () => {
  test('answer in another order than asked', async () => {
    const { post } = await emulated();
    for (const count of [2, 3, 20]) {
      const emails = Array.from({ length: count }, (_, index) => `c${count}-${index}@example.com`);
      const made = await post('/crm/v3/objects/contacts/batch/create', {
        inputs: emails.map((email) => ({ properties: { email } })),
      });
      expect(made.status).toBe(201);
      const told = made.body.results.map(({ properties }) => properties.email);
      expect(told).not.toEqual(emails);
      expect(told.toSorted()).toEqual(emails.toSorted());
    }
  });

  test('refuse more than 100, and the same id twice', async () => {
    const { post } = await emulated();
    expect((await post('/crm/v3/objects/contacts/batch/create', inputs(101, person))).status).toBe(400);
    for (const call of ['read', 'archive', 'update', 'upsert']) {
      const twice = await post(
        `/crm/v3/objects/contacts/batch/${call}`,
        inputs(2, () => ({ id: '7', properties: {} })),
      );
      expect(twice.body, call).toMatchObject({
        message: 'Duplicate IDs found in batch input: [7]. IDs must be unique',
        context: { ids: ['7'] },
      });
    }
  });

  test('a duplicate spoils a whole create without trace ids, and only itself with them', async () => {
    const { post, emulator } = await emulated();
    const existing = emulator.records.create('contacts', { email: 'p1@example.com' });
    const whole = await post('/crm/v3/objects/contacts/batch/create', inputs(3, person));
    expect([whole.status, whole.body.message]).toEqual([409, 'Contact already exists']);
    expect(emulator.records.count('contacts')).toBe(1);
    const traced = inputs(3, (index) => ({ ...person(index), objectWriteTraceId: `t${index}` }));
    const split = await post('/crm/v3/objects/contacts/batch/create', traced);
    expect(split.status).toBe(207);
    expect(split.body).toMatchObject({
      status: 'COMPLETE',
      numErrors: 1,
      errors: [
        {
          status: 'error',
          category: 'CONFLICT',
          message: `Contact already exists. Existing ID: ${existing}`,
          context: { objectWriteTraceId: ['t1'], existingId: [existing] },
        },
      ],
    });
    const traces = split.body.results.map((one) => one.objectWriteTraceId);
    expect(traces.toSorted()).toEqual(['t0', 't2']);
  });

  test('bad values of a whole batch are told together; two inputs may not claim one address', async () => {
    const { post, emulator } = await emulated();
    const bad = await post(
      '/crm/v3/objects/contacts/batch/create',
      inputs(2, (index) => ({ properties: { [`x${index}`]: '1' } })),
    );
    expect(bad.body.errors.map((error) => error.context.propertyName?.[0])).toEqual(['x0', 'x1']);
    const same = await post(
      '/crm/v3/objects/contacts/batch/create',
      inputs(2, () => person(1)),
    );
    expect(same.status).toBe(409);
    expect(emulator.records.count('contacts')).toBe(0);
  });

  test.each([
    ['create', 201],
    ['update', 200],
    ['read', 200],
  ])('under 2026-09 the errors of a batch %s stand in a plain answer', async (operation, status) => {
    const { post, emulator } = await emulated();
    const id = emulator.records.create('contacts', { email: 'ada@example.com' });
    const inputs = [
      { id: '404404', properties: { email: 'broken' }, objectWriteTraceId: 'bad' },
      { id, properties: { email: 'b@example.com' }, objectWriteTraceId: 'good' },
    ];
    const answer = await post(`/crm/objects/2026-09/contacts/batch/${operation}`, { inputs });
    const { results, numErrors, errors } = answer.body;
    expect([answer.status, results.length, numErrors]).toEqual([status, 1, 1]);
    const members = { category: expect.any(String), context: expect.any(Object), errors: expect.any(Array) };
    expect(errors[0]).toMatchObject({ status: 'error', links: {}, ...members });
  });

  test('an update names unknown ids in a 207 and refuses email as key', async () => {
    const { post, emulator } = await emulated();
    const id = emulator.records.create('contacts', { email: 'ada@example.com' });
    const { status, body } = await post('/crm/v3/objects/contacts/batch/update', {
      inputs: [
        { id, properties: { lastname: 'L' } },
        { id: '404404', properties: { lastname: 'L' } },
      ],
    });
    expect(status).toBe(207);
    expect(body.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['404404'] } }]);
    const byEmail = await post('/crm/v3/objects/contacts/batch/update', {
      inputs: [{ id: 'ada@example.com', idProperty: 'email', properties: { lastname: 'L' } }],
    });
    expect(byEmail.body.message).toBe('Unable to perform update/upsert by non-unique 0-1 property email');
  });

  test('an upsert tells what is new, by email or by a unique property of ours', async () => {
    const { post, emulator } = await emulated();
    emulator.records.create('contacts', { email: 'old@example.com' });
    const upsert = (id: string) => ({ id, idProperty: 'email', properties: { lastname: 'L' } });
    const { body } = await post('/crm/v3/objects/contacts/batch/upsert', {
      inputs: ['OLD@example.com', 'new@example.com'].map(upsert),
    });
    const told = body.results.map((one) => one.new);
    expect(told.toSorted()).toEqual([false, true]);
    expect(emulator.records.all('contacts').map(({ email }) => email)).toEqual([
      'old@example.com',
      'new@example.com',
    ]);

    const byName = await post('/crm/v3/objects/deals/batch/upsert', {
      inputs: [{ id: 'D', idProperty: 'dealname', properties: {} }],
    });
    expect(byName.body.message).toBe('Unable to perform update/upsert by non-unique 0-3 property dealname');
    await post('/crm/v3/properties/deals', {
      name: 'hub_key',
      label: 'Key',
      type: 'string',
      fieldType: 'text',
      groupName: 'dealinformation',
      hasUniqueValue: true,
    });
    const byKey = { inputs: [{ id: 'k-1', idProperty: 'hub_key', properties: { dealname: 'D' } }] };
    expect((await post('/crm/v3/objects/deals/batch/upsert', byKey)).body.results[0]?.new).toBe(true);
    expect((await post('/crm/v3/objects/deals/batch/upsert', byKey)).body.results[0]?.new).toBe(false);
    expect(emulator.records.all('deals')).toMatchObject([{ hub_key: 'k-1', dealname: 'D' }]);
    const taken = await post('/crm/v3/objects/deals', { properties: { hub_key: 'K-1' } });
    expect(taken.body.errors[0]?.code).toBe('CONFLICTING_UNIQUE_VALUE');
  });

  test('an upsert by email fails as a whole even with trace ids, by knob only in part', async () => {
    const body = {
      inputs: ['a@example.com', 'broken'].map((id) => ({
        id,
        idProperty: 'email',
        properties: {},
        objectWriteTraceId: id,
      })),
    };
    const whole = await emulated();
    expect((await whole.post('/crm/v3/objects/contacts/batch/upsert', body)).status).toBe(400);
    expect(whole.emulator.records.count('contacts')).toBe(0);
    const partial = await emulated({ knobs: { partialUpsertByEmail: true } });
    const split = await partial.post('/crm/v3/objects/contacts/batch/upsert', body);
    expect([split.status, split.body.errors[0]?.context.objectWriteTraceId]).toEqual([207, ['broken']]);
    expect(partial.emulator.records.count('contacts')).toBe(1);
  });

  test('a read tells unknown ids in a 207, or by knob nothing of them', async () => {
    for (const [unknownInBatchRead, status] of [
      ['error', 207],
      ['missing', 200],
    ] as const) {
      const { post, emulator } = await emulated({ knobs: { unknownInBatchRead } });
      const id = emulator.records.create('contacts', { email: 'ada@example.com' });
      const answer = await post('/crm/v3/objects/contacts/batch/read', {
        inputs: [{ id }, { id: '404' }],
        properties: ['email'],
      });
      expect(answer.status).toBe(status);
      expect(answer.body.results).toMatchObject([{ id, properties: { email: 'ada@example.com' } }]);
    }
  });
});

describe('merge and erasure', () => {
  test('the winner gets a new id, blanks are filled, the trail and the old ids lead to it', async () => {
    const { post, get, emulator } = await emulated();
    const winner = emulator.records.create('contacts', { email: 'a@example.com', lastname: 'A' });
    const loser = emulator.records.create('contacts', { email: 'b@example.com', phone: '1' });
    const company = emulator.records.create('companies', { name: 'Acme' });
    emulator.records.update('contacts', loser, { associations: [{ object: 'companies', id: company }] });
    const merged = await post('/crm/v3/objects/contacts/merge', {
      primaryObjectId: winner,
      objectIdToMerge: loser,
    });
    const { id } = merged.body;
    expect([winner, loser]).not.toContain(id);
    expect(emulator.records.all('contacts')).toMatchObject([
      {
        id,
        email: 'a@example.com',
        phone: '1',
        hs_merged_object_ids: `${winner};${loser}`,
        hs_calculated_merged_vids: expect.stringMatching(new RegExp(`^${winner}:\\d+;${loser}:\\d+$`)),
        associations: { companies: [company] },
      },
    ]);
    for (const old of [winner, loser])
      expect((await get(`/crm/v3/objects/contacts/${old}`)).body.id).toBe(id);
    expect((await get('/crm/v3/objects/contacts?archived=true')).body.results).toEqual([]);
    const both = await post('/crm/v3/objects/contacts/batch/read', {
      inputs: [{ id: winner }, { id: loser }],
    });
    expect(both.body.results).toMatchObject([{ id }]);
  });

  test('the merged contact answers to both addresses', async () => {
    const { post, get, emulator } = await emulated();
    const winner = emulator.records.create('contacts', { email: 'a@example.com' });
    const loser = emulator.records.create('contacts', { email: 'b@example.com' });
    const id = emulator.records.merge?.('contacts', winner, loser);
    expect(emulator.records.get('contacts', id ?? '')).toMatchObject({
      hs_additional_emails: 'b@example.com',
    });
    for (const email of ['a@example.com', 'B@example.com']) {
      expect((await get(`/crm/v3/objects/contacts/${email}?idProperty=email`)).body.id).toBe(id);
      const again = await post('/crm/v3/objects/contacts', { properties: { email } });
      expect(again.body.message).toBe(`Contact already exists. Existing ID: ${id}`);
    }
  });

  test('by knob the winner keeps its id, the loser is missing, and one trail is left out', async () => {
    const knobs = { mergeMakesNewId: false, mergedRead: 'missing', mergeTrail: 'vids' };
    const { get, emulator } = await emulated({ knobs });
    const winner = emulator.records.create('contacts', { email: 'a@example.com' });
    const loser = emulator.records.create('contacts', { email: 'b@example.com' });
    expect(emulator.records.merge?.('contacts', winner, loser)).toBe(winner);
    expect((await get(`/crm/v3/objects/contacts/${loser}`)).status).toBe(404);
    const record = emulator.records.get('contacts', winner);
    expect(record).not.toHaveProperty('hs_merged_object_ids');
    expect(record).toMatchObject({ hs_calculated_merged_vids: expect.stringMatching(`^${loser}:`) });
  });

  test('an erased contact leaves nothing', async () => {
    const { post, get, emulator } = await emulated();
    const id = emulator.records.create('contacts', { email: 'a@example.com' });
    const body = { objectId: 'a@example.com', idProperty: 'email' };
    expect((await post('/crm/v3/objects/contacts/gdpr-delete', body)).status).toBe(204);
    expect((await get(`/crm/v3/objects/contacts/${id}?archived=true`)).status).toBe(404);
    expect((await get('/crm/v3/objects/contacts?archived=true')).body.results).toEqual([]);
  });
});
