import { describe, expect, it } from 'vitest';
import {
  bulkRecordFault,
  faultOf as faultAt,
  recordFault,
  vendorErrors,
} from '../../../connectors/salesforce/wire/faults.ts';
import type { FaultKind } from '../../../src/connector/fault.ts';
import type { HttpResponse } from '../../../src/connector/http.ts';
import { textResponse } from '../../../src/connector/response.ts';
import { fixtureJson, fixtureText, hasFixtures } from './fixtures.ts';

function answer(status: number, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return textResponse(status, { 'content-type': 'application/json' }, text, 'GET /query');
}

const noon = Date.UTC(2026, 2, 10, 12);

function faultOf(told: HttpResponse) {
  return faultAt(told, { now: noon });
}

const rest: readonly [status: number, code: string, message: string, kind: FaultKind][] = [
  [400, 'INVALID_FIELD', "No such column 'X' on entity 'Lead'", 'rejected'],
  [400, 'MALFORMED_QUERY', 'unexpected token', 'rejected'],
  [400, 'INVALID_QUERY_LOCATOR', 'invalid query locator', 'expired'],
  [400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access', 'unavailable'],
  [401, 'INVALID_SESSION_ID', 'Session expired or invalid', 'unauthorized'],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 'throttled'],
  [403, 'API_DISABLED_FOR_ORG', 'API is disabled for this Organization', 'unauthorized'],
  [403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights', 'unauthorized'],
  [404, 'NOT_FOUND', 'The requested resource does not exist', 'rejected'],
  [404, 'ENTITY_IS_DELETED', 'entity is deleted', 'conflict'],
  [409, 'UNKNOWN', 'conflict', 'conflict'],
  [500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred.', 'unavailable'],
  [503, 'SERVER_UNAVAILABLE', 'Server Too Busy', 'unavailable'],
  [500, 'QUERY_TIMEOUT', 'Your query request was running for too long.', 'rejected'],
];

describe('what an answer means', () => {
  it.each(rest)('%i %s (%s) is %s', (status, errorCode, message, kind) => {
    const fault = faultOf(answer(status, [{ errorCode, message }]));
    expect(fault).toMatchObject({ kind, code: errorCode, status });
    expect(fault?.message).toContain(message);
  });

  it('is nothing when it is a success', () => {
    expect(faultOf(answer(200, []))).toBeNull();
    expect(faultOf(answer(204, ''))).toBeNull();
  });

  it('tells a spent day from too many calls at once', () => {
    const limit = (message: string) =>
      faultOf(answer(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message }]));
    const day = limit('TotalRequests Limit exceeded.')?.retryAfterMs ?? 0;
    const moment = limit('ConcurrentPerOrgLongTxn Limit exceeded.')?.retryAfterMs ?? 0;
    expect(moment).toBeGreaterThan(0);
    expect(day).toBeGreaterThan(moment * 10);
  });

  it('takes the wait that the answer asks for', () => {
    const busy = (header: string) => faultOf(textResponse(503, { 'retry-after': header }, '', 'GET /'));
    expect(busy('7')).toMatchObject({ kind: 'unavailable', retryAfterMs: 7_000 });
    expect(busy('Tue, 10 Mar 2026 12:01:00 GMT')?.retryAfterMs).toBe(60_000);
    expect(busy('soon')?.retryAfterMs).toBeUndefined();
  });

  it('names all records that carry one external id', () => {
    const urls = ['/services/data/v66.0/sobjects/Lead/00Q1', '/services/data/v66.0/sobjects/Lead/00Q2'];
    const fault = faultOf(answer(300, urls));
    expect(fault).toMatchObject({ kind: 'rejected', code: 'MULTIPLE_CHOICES' });
    expect(fault?.message).toMatch(/00Q1, 00Q2.*merge/s);
  });

  it('asks again when two refreshes meet, and asks a person for everything else about sign-in', () => {
    const oauth = (error_description: string) =>
      faultOf(answer(400, { error: 'invalid_grant', error_description }));
    expect(oauth('token request is already being processed')).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 2_000,
    });
    expect(oauth('expired access/refresh token')?.message).toMatch(/Authorise the hub again/);
    expect(oauth('no client credentials user enabled')?.message).toMatch(/run-as user/);
    expect(oauth('something new')).toMatchObject({ kind: 'unauthorized', code: 'invalid_grant' });
  });

  it('reads SOAP faults', () => {
    const soap = (code: string) =>
      faultOf(
        answer(500, `<Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: no</faultstring></Fault>`),
      );
    expect(soap('INVALID_SESSION_ID')).toMatchObject({ kind: 'unauthorized', code: 'INVALID_SESSION_ID' });
    expect(soap('INSUFFICIENT_ACCESS')?.message).toMatch(/Customize Application/);
    expect(soap('INVALID_TYPE')).toMatchObject({ kind: 'rejected' });
  });

  it('goes by the status where the body is a proxy’s page, or names no reason', () => {
    expect(faultOf(answer(502, '<html><body>Bad Gateway</body></html>'))).toMatchObject({
      kind: 'unavailable',
    });
    expect(faultOf(answer(429, ''))).toMatchObject({ kind: 'throttled' });
    expect(faultOf(answer(410, '[]'))?.message).toMatch(/newer apiVersion/);
    expect(faultOf(answer(431, ''))?.message).toMatch(/map fewer/);
  });
});

describe('what is said of one record', () => {
  const said = (statusCode: string, more: object = {}) =>
    recordFault(
      vendorErrors.parse([{ statusCode, message: 'words', fields: ['LastName'], ...more }]),
      'Contact',
    );

  it('keeps the vendor’s code, words and field', () => {
    expect(said('REQUIRED_FIELD_MISSING')).toMatchObject({
      kind: 'rejected',
      code: 'REQUIRED_FIELD_MISSING',
      field: 'LastName',
    });
    expect(said('REQUIRED_FIELD_MISSING').message).toContain('words');
  });

  it('never stops the other records', () => {
    for (const code of ['INSUFFICIENT_ACCESS_OR_READONLY', 'INVALID_SESSION_ID', 'NEW_CODE']) {
      expect(said(code).kind).toBe('rejected');
    }
  });

  it('is a conflict when the record changed under us', () => {
    expect(said('ENTITY_IS_DELETED').kind).toBe('conflict');
    expect(said('CANNOT_UPDATE_CONVERTED_LEAD').kind).toBe('conflict');
  });

  it('names the record in the way', () => {
    const message = 'duplicate value found: Hub_Id__c duplicates value on record with id: 0034S000005YJVl';
    expect(said('DUPLICATE_VALUE', { message })).toMatchObject({
      kind: 'conflict',
      existingId: '0034S000005YJVlQAO',
    });
  });

  it('takes from a duplicate rule a record of the same object only', () => {
    const match = (type: string, Id: string) => ({ record: { attributes: { type, url: `/x/${Id}` }, Id } });
    const duplicateResult = (...matchRecords: object[]) => ({
      duplicateResult: { matchResults: [{ matchRecords }] },
    });
    const lead = match('Lead', '00Q4S000002sSacUAE');
    const contact = match('Contact', '0034S000005YJVlQAO');
    expect(said('DUPLICATES_DETECTED', duplicateResult(lead, contact))).toMatchObject({
      kind: 'conflict',
      existingId: '0034S000005YJVlQAO',
    });
    expect(said('DUPLICATES_DETECTED', duplicateResult(lead))).toMatchObject({
      kind: 'rejected',
      existingId: undefined,
    });
  });

  it('is read from a bulk result file', () => {
    const text =
      "INVALID_FIELD:Failed to deserialize field at col 3. Due to, 'x' is not a valid value:CloseDate --";
    expect(bulkRecordFault(text, 'Opportunity')).toMatchObject({
      kind: 'rejected',
      code: 'INVALID_FIELD',
      field: 'CloseDate',
    });
    expect(bulkRecordFault('ENTITY_IS_DELETED:entity is deleted:--', 'Lead')).toMatchObject({
      kind: 'conflict',
    });
    expect(bulkRecordFault('something else', 'Lead')).toMatchObject({ kind: 'rejected', code: 'UNKNOWN' });
  });
});

describe.skipIf(!hasFixtures)('recorded refusals (needs the recordings beside the project)', () => {
  it.each([
    ['amp-labs/unknown-field.json', 400, 'rejected', 'INVALID_FIELD'],
    ['amp-labs/unknown-object.json', 400, 'rejected', 'INVALID_TYPE'],
    ['amp-labs/invalid-field-upsert.json', 400, 'rejected', 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    ['amp-labs/crm__delete__not-found.json', 404, 'conflict', 'ENTITY_IS_DELETED'],
    ['amp-labs/batch__create__contacts__err-bad-request.json', 400, 'rejected', 'REQUIRED_FIELD_MISSING'],
  ])('%s', (file, status, kind, code) => {
    expect(faultOf(answer(status, fixtureText(file)))).toMatchObject({ kind, code });
  });

  it('names the field that a refusal blames', () => {
    expect(faultOf(answer(400, fixtureText('amp-labs/invalid-field-upsert.json')))?.field).toBe(
      'MasterRecordId',
    );
  });

  it('a duplicate permission assignment is told from other duplicates by having no record to read', () => {
    const errors = vendorErrors.parse(
      fixtureJson('amp-labs/metadata__write__err-duplicate-permission-assignment.json'),
    );
    expect(recordFault(errors, 'PermissionSetAssignment')).toMatchObject({
      kind: 'rejected',
      code: 'DUPLICATE_VALUE',
    });
  });
});
