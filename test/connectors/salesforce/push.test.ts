import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import { readCsv } from '../../../connectors/salesforce/wire/csv.ts';
import type { Outcome, Write } from '../../../src/connector/contract/writing.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { type Answer, type Asked, id, type Org, openOrg, refusal, result } from './org.ts';

const upserts = '/services/data/v66.0/composite/sobjects/Lead/Hub_Id__c';
const updates = '/services/data/v66.0/composite/sobjects';

function push(org: Org, writes: readonly Write[], object = 'Lead'): Promise<Outcome[]> {
  const sink = salesforce.sink?.(object);
  return sink?.push(org.ctx, writes) ?? Promise.reject(new Error('no sink'));
}

function upsert(n: number, fields: Write['fields'] = { LastName: `Lead ${n}` }): Write {
  return { key: `w${n}`, op: 'upsert', alternateKey: { Hub_Id__c: `H-${n}` }, fields };
}

function update(n: number, fields: Write['fields'] = { LastName: `Lead ${n}` }): Write {
  return { key: `w${n}`, op: 'update', id: id('00Q', n), fields };
}

function recordsOf(asked: Asked): JsonObject[] {
  return JSON.parse(asked.body).records;
}

const saved = (n: number) => ({ id: id('00Q', n), success: true, errors: [], created: true });
const failed = (statusCode: string, message = 'no', fields: string[] = []) => ({
  success: false,
  errors: [{ statusCode, message, fields }],
});

/** Saves every record under a number of its own, but for those that `verdict` refuses. */
function saving(verdict: (record: JsonObject, asked: Asked) => object | null = () => null) {
  let next = 0;
  return (asked: Asked): Answer => ({
    json: recordsOf(asked).map((record) => {
      next += 1;
      return verdict(record, asked) ?? saved(next);
    }),
  });
}

describe('writing by collections', () => {
  it('sends up to 200 records in one call, none spoiling the others', async () => {
    const org = await openOrg(saving());
    const outcomes = await push(
      org,
      Array.from({ length: 401 }, (_, n) => upsert(n)),
    );
    expect(outcomes.every(({ status }) => status === 'written')).toBe(true);
    expect(org.asked.map((asked) => [asked.method, asked.path, recordsOf(asked).length])).toEqual([
      ['PATCH', upserts, 200],
      ['PATCH', upserts, 200],
      ['PATCH', upserts, 1],
    ]);
    const { allOrNone, records } = JSON.parse(org.asked[0]?.body ?? '');
    expect(allOrNone).toBe(false);
    expect(records[0]).toMatchObject({ Hub_Id__c: 'H-0', LastName: 'Lead 0', attributes: { type: 'Lead' } });
    expect(salesforce.sink?.('Lead')?.batchSize).toBe(200);
  });

  it('gives each write its own outcome, in the order of the writes', async () => {
    const answers = [
      saved(1),
      failed('REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]', ['LastName']),
      saved(3),
    ];
    const org = await openOrg(() => ({ json: answers }));
    const outcomes = await push(org, [upsert(1), upsert(2), upsert(3)]);
    expect(outcomes[0]).toEqual({ key: 'w1', status: 'written', id: id('00Q', 1), created: true });
    expect(outcomes[1]).toMatchObject({
      key: 'w2',
      status: 'failed',
      fault: { kind: 'rejected', field: 'LastName' },
    });
    expect(outcomes[2]).toMatchObject({ key: 'w3', status: 'written', id: id('00Q', 3) });
  });

  it('updates by id, and clears with null', async () => {
    const org = await openOrg(saving());
    const [outcome] = await push(org, [update(7, { Phone: null })]);
    expect(outcome).toMatchObject({ status: 'written', created: true });
    expect(org.asked[0]).toMatchObject({ method: 'PATCH', path: updates });
    expect(recordsOf(org.asked[0] as Asked)).toEqual([
      { id: id('00Q', 7), attributes: { type: 'Lead' }, Phone: null },
    ]);
  });

  it('repeats what met a lock, fewer together, until it gives up', async () => {
    let locks = 2;
    const org = await openOrg(
      saving((record) => {
        if (record.Hub_Id__c === 'H-1' && locks > 0) {
          locks -= 1;
          return failed('UNABLE_TO_LOCK_ROW');
        }
        return record.Hub_Id__c === 'H-2' ? failed('UNABLE_TO_LOCK_ROW') : null;
      }),
    );
    const outcomes = await push(org, [upsert(0), upsert(1), upsert(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'written', 'failed']);
    expect(outcomes[2]).toMatchObject({ fault: { kind: 'unavailable', code: 'UNABLE_TO_LOCK_ROW' } });
    expect(org.asked.map((asked) => recordsOf(asked).length)).toEqual([3, 2, 2, 1]);
  });

  it('finds the record whose value makes Salesforce refuse the whole call', async () => {
    const unreadable = (asked: Asked) => recordsOf(asked).some((record) => record.CloseDate === 'soon');
    const save = saving();
    const org = await openOrg((asked) =>
      unreadable(asked)
        ? refusal('JSON_PARSER_ERROR', 'Cannot deserialize instance of date from VALUE_STRING value soon')
        : save(asked),
    );
    const writes = Array.from({ length: 8 }, (_, n) =>
      upsert(n, n === 5 ? { CloseDate: 'soon' } : { LastName: 'x' }),
    );
    const outcomes = await push(org, writes);
    expect(outcomes.map(({ status }) => status === 'written')).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(outcomes[5]).toMatchObject({ fault: { kind: 'rejected', code: 'JSON_PARSER_ERROR' } });
  });

  it('does not look for a culprit when the object is the trouble, nor for ever', async () => {
    const org = await openOrg(() => refusal('NOT_FOUND', 'The requested resource does not exist', 404));
    await expect(push(org, [upsert(1), upsert(2)])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const bad = await openOrg(() => refusal('JSON_PARSER_ERROR', 'no'));
    const outcomes = await push(
      bad,
      Array.from({ length: 200 }, (_, n) => upsert(n)),
    );
    expect(outcomes.every(({ status }) => status === 'failed')).toBe(true);
    expect(bad.asked.length).toBeLessThan(140);
  });

  it('says of undecided writes why, once others are decided', async () => {
    const save = saving();
    const org = await openOrg((asked, count) =>
      count === 1 ? save(asked) : refusal('API_DISABLED_FOR_ORG', 'no API', 403),
    );
    const outcomes = await push(
      org,
      Array.from({ length: 201 }, (_, n) => upsert(n)),
    );
    expect(outcomes.filter(({ status }) => status === 'written')).toHaveLength(200);
    expect(outcomes[200]).toMatchObject({ status: 'failed', fault: { kind: 'unauthorized' } });
  });

  it('lets duplicates pass only where the admin says so', async () => {
    const org = await openOrg(saving());
    await push(org, [upsert(1)]);
    expect(org.asked[0]?.headers['sforce-duplicate-rule-header']).toBeUndefined();
    const lenient = await openOrg(saving(), { duplicateRules: 'override' });
    await push(lenient, [upsert(1)]);
    expect(lenient.asked[0]?.headers['sforce-duplicate-rule-header']).toBe('allowSave=true');
  });

  it('rejects a write that names no record, and sends the others', async () => {
    const org = await openOrg(saving());
    const outcomes = await push(org, [
      upsert(1),
      { ...upsert(2), alternateKey: { Hub_Id__c: '' } },
      { key: 'u', op: 'update', fields: {} },
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'failed', 'failed']);
    expect(outcomes[1]).toMatchObject({ fault: { kind: 'rejected', code: 'NO_RECORD_NAMED' } });
  });

  it('makes no call when there is nothing to write', async () => {
    const org = await openOrg(saving());
    expect(await push(org, [])).toEqual([]);
    expect(org.asked).toEqual([]);
  });
});

describe('deleting', () => {
  const remove = (n: number): Write => ({ key: `w${n}`, op: 'delete', id: id('00Q', n), fields: {} });

  it('goes by id, and is done when the record is gone already', async () => {
    const org = await openOrg(() => ({
      json: [saved(1), failed('ENTITY_IS_DELETED'), failed('INSUFFICIENT_ACCESS_OR_READONLY')],
    }));
    const outcomes = await push(org, [remove(1), remove(2), remove(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'written', 'failed']);
    expect(org.asked[0]).toMatchObject({ method: 'DELETE', path: updates });
    expect(org.asked[0]?.query.get('ids')).toBe([1, 2, 3].map((n) => id('00Q', n)).join());
  });

  it('looks up what is named by its external id', async () => {
    const rows = [
      { Id: id('a00', 1), Hub_Id__c: "t'1" },
      { Id: id('a00', 2), Hub_Id__c: 'T2' },
      { Id: id('a00', 3), Hub_Id__c: 't2' },
    ];
    const org = await openOrg((asked) => ({
      json: asked.method === 'GET' ? result(rows) : [{ id: id('a00', 1), success: true }],
    }));
    const writes = ["t'1", 't2', 't3'].map(
      (value): Write => ({ key: value, op: 'delete', alternateKey: { Hub_Id__c: value }, fields: {} }),
    );
    const outcomes = await push(org, writes, 'Chat_Touch__c');
    expect(outcomes[0]).toMatchObject({ status: 'written', id: id('a00', 1) });
    expect(outcomes[1]).toMatchObject({ status: 'failed', fault: { code: 'MULTIPLE_CHOICES' } });
    expect(outcomes[2]).toMatchObject({ status: 'written' });
    expect(org.soql()).toEqual([
      "SELECT Id, Hub_Id__c FROM Chat_Touch__c WHERE Hub_Id__c IN ('t\\'1', 't2', 't3')",
    ]);
  });
});

describe('writing in bulk', () => {
  const jobs = '/services/data/v66.0/jobs/ingest';
  const job = (state: string, more: object = {}) => ({
    json: {
      id: '750000000000001AAA',
      state,
      contentUrl: `${jobs.slice(1)}/750000000000001AAA/batches`,
      numberRecordsFailed: 0,
      ...more,
    },
  });
  const file = (header: string, ...lines: string[]) => ({ text: [header, ...lines].join('\n') });

  /** A job that is done at the second look. */
  function bulk(results: Readonly<Record<string, Answer>>, done: Answer = job('JobComplete')) {
    let looks = 0;
    return (asked: Asked): Answer => {
      const last = asked.path.split('/').at(-1) ?? '';
      if (asked.method === 'POST') return job('Open');
      if (asked.method === 'PUT') return { status: 201 };
      if (asked.method === 'PATCH' && asked.path.startsWith(jobs)) return job('UploadComplete');
      if (results[last] !== undefined) return results[last];
      if (asked.path.startsWith(jobs)) return ++looks < 2 ? job('InProgress') : done;
      return saving()(asked);
    };
  }

  it('sends one file, waits for the job, and finds each row by its external id', async () => {
    const org = await openOrg(
      bulk(
        {
          successfulResults: file(
            '"sf__Id","sf__Created",Hub_Id__c,LastName',
            `"${id('00Q', 2)}","false","H-2","x"`,
            `"${id('00Q', 0)}","true","H-0","x"`,
          ),
          failedResults: file(
            '"sf__Id","sf__Error",Hub_Id__c,LastName',
            '"","STRING_TOO_LONG:too long:LastName --","H-1","x"',
          ),
        },
        job('JobComplete', { numberRecordsFailed: 1 }),
      ),
      { bulkThreshold: 2 },
    );
    const outcomes = await push(org, [
      upsert(0),
      upsert(1, { LastName: 'a "b", c\nd', Phone: null }),
      upsert(2, { Amount: 0 }),
    ]);
    expect(outcomes).toMatchObject([
      { key: 'w0', status: 'written', id: id('00Q', 0), created: true },
      {
        key: 'w1',
        status: 'failed',
        fault: { kind: 'rejected', code: 'STRING_TOO_LONG', field: 'LastName' },
      },
      { key: 'w2', status: 'written', id: id('00Q', 2), created: false },
    ]);
    expect(JSON.parse(org.asked[0]?.body ?? '')).toEqual({
      object: 'Lead',
      operation: 'upsert',
      externalIdFieldName: 'Hub_Id__c',
      contentType: 'CSV',
      lineEnding: 'LF',
    });
    const upload = org.asked.find(({ method }) => method === 'PUT');
    expect(upload?.headers['content-type']).toBe('text/csv; charset=UTF-8');
    expect(readCsv(upload?.body ?? '')).toEqual([
      { Hub_Id__c: 'H-0', LastName: 'Lead 0', Phone: '', Amount: '' },
      { Hub_Id__c: 'H-1', LastName: 'a "b", c\nd', Phone: '#N/A', Amount: '' },
      { Hub_Id__c: 'H-2', LastName: '', Phone: '', Amount: '0' },
    ]);
    expect(org.asked.map(({ method, path }) => `${method} ${path.slice(jobs.length)}`)).toEqual([
      'POST ',
      'PUT /750000000000001AAA/batches',
      'PATCH /750000000000001AAA',
      'GET /750000000000001AAA',
      'GET /750000000000001AAA',
      'GET /750000000000001AAA/successfulResults',
      'GET /750000000000001AAA/failedResults',
    ]);
  });

  it('goes one call per 200 for what the job did not get to, and for what a CSV cannot tell', async () => {
    const org = await openOrg(
      bulk(
        { successfulResults: file('"sf__Id","sf__Created",Hub_Id__c', `"${id('00Q', 0)}","true","H-0"`) },
        job('Failed', { errorMessage: 'InvalidBatch' }),
      ),
      { bulkThreshold: 2 },
    );
    const outcomes = await push(org, [upsert(0), upsert(1), upsert(2, { LastName: '#N/A' })]);
    expect(outcomes.every(({ status }) => status === 'written')).toBe(true);
    const [single, ...others] = org.asked.filter(({ path }) => path === upserts);
    expect(others).toEqual([]);
    expect(recordsOf(single as Asked).map((record) => record.Hub_Id__c)).toEqual(['H-1', 'H-2']);
    expect(org.asked.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  it('goes one call per 200 where the object takes part in no bulk job', async () => {
    const save = saving();
    const org = await openOrg(
      (asked) =>
        asked.method === 'POST'
          ? refusal('INVALIDENTITY', 'Entity is not supported by the Bulk API')
          : save(asked),
      { bulkThreshold: 2 },
    );
    const outcomes = await push(org, [upsert(0), upsert(1), upsert(2)]);
    expect(outcomes.every(({ status }) => status === 'written')).toBe(true);
  });

  it('updates by record id, which comes back with 15 or 18 characters', async () => {
    const short = id('00Q', 2).slice(0, 15);
    const org = await openOrg(
      bulk({
        successfulResults: file(
          '"sf__Id","sf__Created",Id',
          ...[0, 1].map((n) => `"${id('00Q', n)}","false","${id('00Q', n)}"`),
          `"${short}","false","${short}"`,
        ),
      }),
      { bulkThreshold: 2 },
    );
    const outcomes = await push(org, [update(0), update(1), update(2)]);
    expect(outcomes.map((one) => one.status === 'written' && one.id)).toEqual(
      [0, 1, 2].map((n) => id('00Q', n)),
    );
  });
});
