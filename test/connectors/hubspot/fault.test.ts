import { describe, expect, test } from 'vitest';
import { complaintsOf, readError } from '../../../connectors/hubspot/wire/errors.ts';
import { faultOf } from '../../../connectors/hubspot/wire/fault.ts';
import { textResponse } from '../../../src/connector/response.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 2, 10, 12);

function fault(status: number, body: unknown, headers: Record<string, string> = {}, now = noon) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return faultOf(textResponse(status, headers, text, 'GET /'), { now });
}

const page = '<html><head><title>502 Bad Gateway</title></head></html>';

describe('what the hub does next', () => {
  test.each([
    [
      'a search over its rate',
      429,
      { message: 'You have reached your secondly limit.', category: 'RATE_LIMITS' },
      'throttled',
      1_000,
    ],
    [
      'a burst',
      429,
      { message: 'You have reached your ten_secondly_rolling limit.', policyName: 'TEN_SECONDLY_ROLLING' },
      'throttled',
      10_000,
    ],
    [
      'a spent day',
      429,
      { message: 'You have reached your daily limit.', policyName: 'DAILY' },
      'throttled',
      30 * minute,
    ],
    ['a page of the CDN', 429, page, 'throttled', 10_000],
    ['a locked record', 423, { message: 'locked' }, 'throttled', 2_000],
    ['an account on the move', 477, { message: 'migration in progress' }, 'throttled', 600_000],
    [
      'a dead token',
      401,
      { category: 'EXPIRED_AUTHENTICATION', message: 'expired' },
      'unauthorized',
      undefined,
    ],
    ['a proxy', 502, page, 'unavailable', undefined],
    ['a broken TLS hop', 525, '', 'unavailable', undefined],
    ['no such record', 404, { category: 'OBJECT_NOT_FOUND', message: 'not found' }, 'rejected', undefined],
    ['a bad request', 400, { category: 'VALIDATION_ERROR', message: 'bad' }, 'rejected', undefined],
  ])('about %s', (_, status, body, kind, retryAfterMs) => {
    expect(fault(status, body)).toMatchObject({ kind, status, retryAfterMs });
  });

  test('a spent day is asked about when one may end in some time zone, by the vendor’s clock', () => {
    const spent = { message: 'You have reached your daily limit.', policyName: 'DAILY' };
    const waits = [1, 29, 30, 59].map((past) => fault(429, spent, {}, noon + past * minute)?.retryAfterMs);
    expect(waits).toEqual([29 * minute, minute, 30 * minute, minute]);
  });

  test('a Retry-After counts more than our own guess, a date by the vendor’s clock', () => {
    expect(fault(503, {}, { 'retry-after': 'Tue, 10 Mar 2026 12:01:00 GMT' })?.retryAfterMs).toBe(minute);
    expect(fault(477, {}, { 'retry-after': '86400' })?.retryAfterMs).toBe(86_400_000);
    expect(fault(503, {}, { 'retry-after': '7' })?.retryAfterMs).toBe(7_000);
  });

  test('successes and mixed answers are no faults', () => {
    expect([fault(200, {}), fault(204, ''), fault(207, { errors: [{}] })]).toEqual([null, null, null]);
  });
});

describe('what a fault tells', () => {
  test('the field, code and words of a complaint inside the message', () => {
    const list =
      '[{"isValid":false,"message":"Email address x@ is invalid","error":"INVALID_EMAIL","name":"email"}]';
    const body = { category: 'VALIDATION_ERROR', message: `Property values were not valid: ${list}` };
    expect(fault(400, body)).toMatchObject({
      code: 'INVALID_EMAIL',
      field: 'email',
      message: 'HubSpot says: email: Email address x@ is invalid',
    });
  });

  test('the field and code of the list of errors', () => {
    const errors = [
      { message: '"y" is not an option', code: 'INVALID_OPTION', context: { propertyName: ['dealstage'] } },
    ];
    expect(fault(400, { category: 'VALIDATION_ERROR', message: 'invalid', errors })).toMatchObject({
      code: 'INVALID_OPTION',
      field: 'dealstage',
    });
  });

  test('the record in the way', () => {
    const message = 'Contact already exists. Existing ID: 171591000198';
    expect(fault(409, { category: 'CONFLICT', message })).toMatchObject({
      kind: 'conflict',
      existingId: '171591000198',
    });
    const unique =
      'Cannot set PropertyValueCoordinates{propertyName=hub_id, value=7} on 5. 512 already has that value.';
    expect(fault(400, { category: 'VALIDATION_ERROR', message: unique })).toMatchObject({
      kind: 'conflict',
      existingId: '512',
    });
  });

  test('the scopes to grant', () => {
    const errors = [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: ['crm.objects.deals.read'] },
      },
    ];
    const missing = fault(403, { category: 'MISSING_SCOPES', message: 'scopes', errors });
    expect(missing).toMatchObject({ kind: 'unauthorized', code: 'MISSING_SCOPES' });
    expect(missing?.message).toContain('Grant the scopes crm.objects.deals.read');
  });

  test('what to do about a refresh token that is dead', () => {
    const body = {
      status: 'BAD_REFRESH_TOKEN',
      message: 'missing or unknown refresh token',
      error: 'invalid_grant',
    };
    expect(fault(400, body)).toMatchObject({ kind: 'unauthorized', code: 'BAD_REFRESH_TOKEN' });
    expect(fault(400, body)?.message).toContain('refreshToken');
  });
});

test.each([
  null,
  [],
  'text',
  { errors: 'none' },
  { errors: [{ context: { a: 1 } }], context: { ids: 5 } },
])('error body %j is read without a crash', (body) => {
  const error = readError(body);
  expect(error === null ? [] : complaintsOf(error)).toBeInstanceOf(Array);
  expect(fault(400, JSON.stringify(body))?.kind).toBe('rejected');
});
