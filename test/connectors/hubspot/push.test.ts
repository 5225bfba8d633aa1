import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import type { Outcome, Write } from '../../../src/connector/contract/writing.ts';
import { faultOf } from '../../connector/connection.ts';
import { json, type Seen, serve, type TinyServer } from '../../connector/server.ts';
import { type Account, openAccount } from './account.ts';

interface Input {
  readonly id: string;
  readonly idProperty?: string;
  readonly objectWriteTraceId?: string;
  readonly properties: Record<string, string>;
}

type Answer = { readonly status?: number; readonly body: unknown };

/** A server whose batch endpoints answer as `reply` says; paths and inputs are what the tests look at. */
async function vendor(reply: (inputs: readonly Input[], path: string) => Answer) {
  const server = await serve((seen, response) => {
    const { status = 200, body } = reply(inputsOf(seen), seen.url);
    if (status === 204) response.writeHead(204).end();
    else json(response, body, status);
  });
  return { server, account: openAccount(server.url) };
}

function inputsOf(seen: Seen | undefined): Input[] {
  return seen === undefined || seen.body === '' ? [] : JSON.parse(seen.body).inputs;
}

function push(account: Account, writes: readonly Write[], object = 'contacts'): Promise<Outcome[]> {
  return hubspot.sink?.(object)?.push(account, writes) ?? Promise.resolve([]);
}

function update(id: string, fields: Write['fields'] = { phone: '1' }, key = `key ${id}`): Write {
  return { key, op: 'update', id, fields };
}

function upsert(value: string, fields: Write['fields'] = {}, field = 'hub_id'): Write {
  return { key: `key ${value}`, op: 'upsert', alternateKey: { [field]: value }, fields };
}

function rowOf({ id, properties, objectWriteTraceId }: Input, traced = false): object {
  const row = {
    id,
    properties,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-02T00:00:00Z',
    archived: false,
  };
  return traced ? { ...row, objectWriteTraceId } : row;
}

/** The vendor's order is its own. */
function shuffled<T>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? 1 : -1)).toReversed();
}

const complete = (results: readonly object[]): Answer => ({ body: { status: 'COMPLETE', results } });

function refusal(property: string, code: string, message: string): Answer {
  const list = JSON.stringify([{ isValid: false, message, error: code, name: property }]);
  const text = `Property values were not valid: ${list}`;
  return { status: 400, body: { status: 'error', category: 'VALIDATION_ERROR', message: text } };
}

function callsOf(server: TinyServer): string[] {
  return server.seen.map(({ method, url }) => `${method} ${url}`);
}

describe('a batch', () => {
  test('holds a hundred updates by id and comes back in any order', async () => {
    const { server, account } = await vendor((inputs) =>
      complete(shuffled(inputs.map((input) => rowOf(input)))),
    );
    const writes = Array.from({ length: 250 }, (_, n) => update(String(n), { phone: `+49 ${n}` }));
    const outcomes = await push(account, writes);
    expect(outcomes.map((one) => (one.status === 'written' ? [one.key, one.id, one.answer] : one))).toEqual(
      writes.map(({ key, id, fields }) => [key, id, fields]),
    );
    expect(callsOf(server)).toEqual(
      Array.from({ length: 3 }, () => 'POST /crm/v3/objects/contacts/batch/update'),
    );
    expect(outcomes[0]).toMatchObject({ created: false, modifiedAt: Date.parse('2026-01-02T00:00:00Z') });
  });

  test('of upserts is told apart by the unique property', async () => {
    const { server, account } = await vendor((inputs) =>
      complete(
        shuffled(inputs).map((input, n) => ({
          ...rowOf(input),
          id: `9${input.properties.hub_id}`,
          new: n === 0,
        })),
      ),
    );
    const outcomes = await push(
      account,
      ['1', '2', '3'].map((value) => upsert(value, { firstname: 'Ünal' })),
    );
    expect(outcomes.map((one) => one.status === 'written' && one.id)).toEqual(['91', '92', '93']);
    expect(outcomes.filter((one) => one.status === 'written' && one.created)).toHaveLength(1);
    expect(inputsOf(server.seen[0])[0]).toEqual({
      id: '1',
      idProperty: 'hub_id',
      objectWriteTraceId: '0',
      properties: { hub_id: '1', firstname: 'Ünal' },
    });
  });

  test('finds e-mail addresses again whatever their case', async () => {
    const { server, account } = await vendor((inputs) =>
      complete(
        shuffled(inputs).map(({ id }, n) => ({ id: `${n}-${id}`, properties: { email: id.toLowerCase() } })),
      ),
    );
    const emails = ['B@x.org', 'A@x.org'];
    const outcomes = await push(
      account,
      emails.map((email) => upsert(email, {}, 'email')),
    );
    expect(outcomes.map((one) => one.status === 'written' && one.id.slice(2))).toEqual(emails);
    expect(server.seen).toHaveLength(1);
  });

  test('is told apart by trace ids where rows carry them and nothing else', async () => {
    const { server, account } = await vendor((inputs) =>
      complete(
        shuffled(inputs).map(({ id, objectWriteTraceId }) => ({
          id: `9${id}`,
          objectWriteTraceId,
          properties: {},
        })),
      ),
    );
    const outcomes = await push(
      account,
      ['1', '2', '3'].map((value) => upsert(value)),
    );
    expect(outcomes.map((one) => one.status === 'written' && one.id)).toEqual(['91', '92', '93']);
    expect(server.seen).toHaveLength(1);
  });

  test('never names a record twice; the later write goes later', async () => {
    const { server, account } = await vendor((inputs) => complete(inputs.map((input) => rowOf(input))));
    const writes = [update('1', { phone: 'a' }, 'first'), update('2'), update('1', { phone: 'b' }, 'second')];
    const outcomes = await push(account, writes);
    expect(outcomes.map(({ key, status }) => [key, status])).toEqual([
      ['first', 'written'],
      ['key 2', 'written'],
      ['second', 'written'],
    ]);
    expect(server.seen.map((seen) => inputsOf(seen).map(({ properties }) => properties.phone))).toEqual([
      ['a', '1'],
      ['b'],
    ]);
  });

  test('sends text only, and an empty one to clear', async () => {
    const { server, account } = await vendor((inputs) => complete(inputs.map((input) => rowOf(input))));
    await push(account, [update('1', { a: null, b: 0.4, c: false, d: ['x', 'y'], e: 'text' })]);
    expect(inputsOf(server.seen[0])[0]?.properties).toEqual({
      a: '',
      b: '0.4',
      c: 'false',
      d: 'x;y',
      e: 'text',
    });
  });

  test('outcomes match their writes under any shuffle, trace ids or none', async () => {
    const order: number[] = [];
    let traced = false;
    const { account } = await vendor((inputs) =>
      complete(
        order
          .filter((n) => n < inputs.length)
          .map((n) => rowOf(inputs[n] ?? { id: '', properties: {} }, traced)),
      ),
    );
    const writes = Array.from({ length: 8 }, (_, n) => update(String(n)));
    const shuffles = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(shuffles, fc.boolean(), async (permutation, withTraces) => {
        order.splice(0, order.length, ...permutation);
        traced = withTraces;
        const outcomes = await push(account, writes);
        expect(outcomes.map((one) => one.status === 'written' && one.id)).toEqual(writes.map(({ id }) => id));
      }),
      { numRuns: 40 },
    );
  });
});

describe('one bad record spoils only itself', () => {
  test('in a mixed answer, by trace id', async () => {
    const { server, account } = await vendor((inputs) => ({
      status: 207,
      body: {
        status: 'COMPLETE',
        results: inputs.filter(({ id }) => id !== '2').map((input) => rowOf(input)),
        numErrors: 1,
        errors: [
          {
            status: 'error',
            category: 'CONFLICT',
            message: 'Contact already exists. Existing ID: 171591000198',
            context: { objectWriteTraceId: ['1'], existingId: ['171591000198'] },
          },
        ],
      },
    }));
    const outcomes = await push(
      account,
      ['1', '2', '3'].map((id) => update(id)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'failed', 'written']);
    expect(outcomes[1]).toMatchObject({ fault: { kind: 'conflict', existingId: '171591000198' } });
    expect(server.seen).toHaveLength(1);
  });

  test('in a mixed answer, by id', async () => {
    const { account } = await vendor((inputs) => ({
      status: 207,
      body: {
        results: inputs.filter(({ id }) => id !== '2').map((input) => rowOf(input)),
        errors: [{ category: 'OBJECT_NOT_FOUND', message: 'Could not get some', context: { ids: ['2'] } }],
      },
    }));
    const outcomes = await push(
      account,
      ['1', '2', '3'].map((id) => update(id)),
    );
    expect(outcomes[1]).toMatchObject({
      status: 'failed',
      fault: { kind: 'rejected', code: 'OBJECT_NOT_FOUND' },
    });
    expect(outcomes.filter(({ status }) => status === 'written')).toHaveLength(2);
  });

  test('when the refusal quotes its value: two calls more', async () => {
    const isBad = ({ properties }: Input) => properties.email?.endsWith('@') === true;
    const { server, account } = await vendor((inputs) => {
      const bad = inputs.find(isBad);
      if (bad === undefined) return complete(inputs.map((input) => rowOf(input)));
      return refusal('email', 'INVALID_EMAIL', `Email address ${bad.properties.email} is invalid`);
    });
    const writes = Array.from({ length: 100 }, (_, n) =>
      update(String(n), { email: n === 57 ? 'broken@' : `p${n}@x.org` }),
    );
    const outcomes = await push(account, writes);
    expect(
      outcomes.flatMap((one) => (one.status === 'failed' ? [one.key, one.fault.code, one.fault.field] : [])),
    ).toEqual(['key 57', 'INVALID_EMAIL', 'email']);
    expect(server.seen).toHaveLength(3);
  });

  test('when its value depends on the rest of its record: those of that value are set apart', async () => {
    const isBad = ({ id, properties }: Input) => properties.dealstage === 'won' && id === '90';
    const { server, account } = await vendor((inputs) =>
      inputs.some(isBad)
        ? refusal(
            'dealstage',
            'INVALID_OPTION',
            'won is not a valid pipeline stage ID. Valid options are: lost',
          )
        : complete(inputs.map((input) => rowOf(input))),
    );
    const writes = Array.from({ length: 100 }, (_, n) =>
      update(String(n), { dealstage: n >= 90 ? 'won' : 'lost' }),
    );
    const outcomes = await push(account, writes, 'deals');
    expect(outcomes.filter(({ status }) => status === 'failed').map(({ key }) => key)).toEqual(['key 90']);
    // All, the ten, the first five of them, three, two, one, and whatever was split off on the way.
    expect(server.seen.length).toBeLessThanOrEqual(1 + 1 + 2 * Math.ceil(Math.log2(10)) + 1);
  });

  test('when HubSpot had no time for it', async () => {
    const { account } = await vendor((inputs) => ({
      status: 207,
      body: {
        results: inputs.filter(({ id }) => id !== '2').map((input) => rowOf(input)),
        errors: [{ category: 'RATE_LIMITS', message: 'secondly limit', context: { ids: ['2'] } }],
      },
    }));
    const outcomes = await push(account, [update('1'), update('2')]);
    expect(outcomes).toMatchObject([
      { status: 'written' },
      { status: 'failed', fault: { kind: 'throttled' } },
    ]);
  });

  test('when the refusal names nothing: by halves', async () => {
    const { server, account } = await vendor((inputs) =>
      inputs.some(({ id }) => id === '57')
        ? { status: 400, body: { status: 'error', category: 'VALIDATION_ERROR', message: 'Invalid input' } }
        : complete(inputs.map((input) => rowOf(input))),
    );
    const outcomes = await push(
      account,
      Array.from({ length: 100 }, (_, n) => update(String(n))),
    );
    expect(outcomes.filter(({ status }) => status === 'failed').map(({ key }) => key)).toEqual(['key 57']);
    expect(server.seen.length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(100)));
  });

  test('a property that does not exist is refused for all its writers in one call', async () => {
    const { server, account } = await vendor((inputs) =>
      inputs.some(({ properties }) => 'missing' in properties)
        ? refusal('missing', 'PROPERTY_DOESNT_EXIST', 'Property "missing" does not exist')
        : complete(inputs.map((input) => rowOf(input))),
    );
    const writes = Array.from({ length: 20 }, (_, n) =>
      update(String(n), n < 15 ? { missing: '1' } : { phone: '1' }),
    );
    const outcomes = await push(account, writes);
    expect(outcomes.filter(({ status }) => status === 'failed')).toHaveLength(15);
    expect(outcomes[0]).toMatchObject({ fault: { code: 'PROPERTY_DOESNT_EXIST', field: 'missing' } });
    expect(server.seen).toHaveLength(2);
  });

  test('a value that was refused once is not asked about again', async () => {
    const { server, account } = await vendor((inputs) =>
      inputs.some(({ properties }) => properties.tier === 'gold')
        ? refusal('tier', 'INVALID_OPTION', 'gold was not one of the allowed options: [silver]')
        : complete(inputs.map((input) => rowOf(input))),
    );
    const writes = Array.from({ length: 64 }, (_, n) =>
      update(String(n), { tier: n % 2 === 0 ? 'gold' : 'silver' }),
    );
    const outcomes = await push(account, writes);
    expect(outcomes.map(({ status }) => status)).toEqual(
      writes.map((_, n) => (n % 2 === 0 ? 'failed' : 'written')),
    );
    expect(server.seen).toHaveLength(3);
  });

  test('an answer that leaves records out is asked again about those', async () => {
    const { account } = await vendor((inputs) =>
      complete(inputs.slice(0, Math.ceil(inputs.length / 2)).map((input) => rowOf(input))),
    );
    const outcomes = await push(
      account,
      ['1', '2', '3', '4', '5'].map((id) => update(id)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'written'));
  });

  test('writes that name no record, or hold what is no text, are refused here', async () => {
    const { server, account } = await vendor((inputs) => complete(inputs.map((input) => rowOf(input))));
    const outcomes = await push(account, [
      { key: 'a', op: 'update', fields: {} },
      { key: 'b', op: 'upsert', id: '5', fields: {} },
      update('7', { company: { object: 'companies', field: 'hub_id', value: '1' } }, 'c'),
      update('8', { phone: '1' }, 'd'),
    ]);
    expect(outcomes.map(({ key, status }) => [key, status])).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
      ['c', 'failed'],
      ['d', 'written'],
    ]);
    expect(inputsOf(server.seen[0])).toHaveLength(1);
  });
});

describe('an outage', () => {
  test('before anything was decided is thrown', async () => {
    const { account } = await vendor(() => ({ status: 503, body: {} }));
    expect(await faultOf(push(account, [update('1')]))).toMatchObject({ kind: 'unavailable', status: 503 });
  });

  test('after that leaves what was written written', async () => {
    const { account } = await vendor((inputs) =>
      inputs.some(({ id }) => id === '150')
        ? { status: 503, body: {} }
        : complete(inputs.map((input) => rowOf(input))),
    );
    const outcomes = await push(
      account,
      Array.from({ length: 200 }, (_, n) => update(String(n))),
    );
    expect(outcomes.filter(({ status }) => status === 'written')).toHaveLength(100);
    expect(outcomes[150]).toMatchObject({ status: 'failed', fault: { kind: 'unavailable' } });
  });
});

describe('deleting', () => {
  test('archives by id', async () => {
    const { server, account } = await vendor(() => ({ status: 204, body: null }));
    const outcomes = await push(
      account,
      ['1', '2'].map((id) => ({ key: id, op: 'delete', id, fields: {} })),
    );
    expect(outcomes).toEqual(['1', '2'].map((id) => ({ key: id, status: 'written', id, created: false })));
    expect(callsOf(server)).toEqual(['POST /crm/v3/objects/contacts/batch/archive']);
  });

  test('looks an external id up first; what is not there is gone', async () => {
    const { server, account } = await vendor((_, path) =>
      path.endsWith('read')
        ? complete([{ id: '77', properties: { hub_id: 'a' } }])
        : { status: 204, body: null },
    );
    const outcomes = await push(
      account,
      ['a', 'b'].map((value) => ({
        key: value,
        op: 'delete',
        alternateKey: { hub_id: value },
        fields: {},
      })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'written']);
    expect(inputsOf(server.seen[1])).toEqual([{ id: '77' }]);
  });
});

describe('associations of a written record', () => {
  const types = { contacts: 3, companies: 341 };

  test('are made by batch, with the usual type of the pair', async () => {
    const { server, account } = await vendor((inputs, path) =>
      path.includes('associations')
        ? { status: 201, body: { status: 'COMPLETE', results: [] } }
        : complete(inputs.map((input) => rowOf(input))),
    );
    const ties = [
      { object: 'contacts', id: '5' },
      { object: 'companies', id: '6' },
    ];
    const outcomes = await push(account, [{ ...update('1'), associations: ties }], 'deals');
    expect(outcomes).toMatchObject([{ status: 'written' }]);
    const made = server.seen.slice(1).map((seen) => [seen.url, JSON.parse(seen.body).inputs]);
    expect(made).toEqual(
      ties.map(({ object, id }) => [
        `/crm/v4/associations/deals/${object}/batch/create`,
        [
          {
            from: { id: '1' },
            to: { id },
            types: [
              {
                associationCategory: 'HUBSPOT_DEFINED',
                associationTypeId: types[object as keyof typeof types],
              },
            ],
          },
        ],
      ]),
    );
  });

  test('go by a label of the customer where one is named', async () => {
    const labels = [{ category: 'USER_DEFINED', typeId: 37, label: 'Decision maker' }];
    const { server, account } = await vendor((inputs, path) => {
      if (path.endsWith('/labels')) return { body: { results: labels } };
      return path.includes('associations')
        ? { status: 201, body: { results: [] } }
        : complete(inputs.map((input) => rowOf(input)));
    });
    const associations = [{ object: 'contacts', id: '5', type: 'Decision maker' }];
    const wrong = [{ object: 'contacts', id: '5', type: 'Nobody' }];
    const outcomes = await push(
      account,
      [
        { ...update('1'), associations },
        { ...update('2'), associations: wrong },
      ],
      'deals',
    );
    expect(outcomes).toMatchObject([
      { status: 'written' },
      { status: 'failed', fault: { code: 'NO_SUCH_ASSOCIATION' } },
    ]);
    expect(JSON.parse(server.seen.at(-1)?.body ?? '').inputs[0].types).toEqual([
      { associationCategory: 'USER_DEFINED', associationTypeId: 37 },
    ]);
  });

  test('that fail make their write fail, and no other', async () => {
    const { account } = await vendor((inputs, path) => {
      if (!path.includes('associations')) return complete(inputs.map((input) => rowOf(input)));
      const bad = JSON.stringify(inputs).includes('"666"');
      return bad
        ? { status: 400, body: { status: 'error', category: 'VALIDATION_ERROR', message: 'invalid id' } }
        : { status: 201, body: { results: [] } };
    });
    const tied = (id: string, to: string): Write => ({
      ...update(id),
      associations: [{ object: 'contacts', id: to }],
    });
    const outcomes = await push(account, [tied('1', '5'), tied('2', '666'), tied('3', '7')], 'deals');
    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'failed', 'written']);
  });
});

test('what is only read has no sink', () => {
  expect(
    ['owners', 'pipelines', 'forms', 'deals'].map((object) => hubspot.sink?.(object) !== undefined),
  ).toEqual([false, false, false, true]);
});
