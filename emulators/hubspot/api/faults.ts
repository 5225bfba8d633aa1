/**
 * How HubSpot refuses, on demand. Its own faults, asked for with `what: 'vendor'`: `locked` (423), `migrating`
 * (477 with Retry-After), `cdn-throttle` (429 as a page of HTML), `forbidden` (403 MISSING_SCOPES).
 */
import { randomUUID } from 'node:crypto';
import type { LoopbackAnswer, VendorFaults } from '../../loopback/loopback.ts';
import { type ErrorBody, Refusal, toAnswer } from '../state/refusal.ts';
import { burstLimit, dailyLimit, searchLimit } from './limits.ts';
import { missingScope } from './scopes.ts';
import { expiredToken } from './sign-in.ts';

export const vendorFaults: VendorFaults = {
  throttle: ({ path }) => refuse(path.endsWith('/search') ? searchLimit() : burstLimit()),
  dailyLimit: () => refuse(dailyLimit()),
  unauthorized: () => refuse(expiredToken(75_000, 0)),
  serverError: () => answer(500, { message: 'internal error' }),
  named: {
    locked: () => answer(423, { message: 'The resource is locked.', category: 'LOCKED' }),
    migrating: () =>
      answer(
        477,
        { message: 'This account is being migrated.', category: 'MIGRATION_IN_PROGRESS' },
        { 'retry-after': '1' },
      ),
    'cdn-throttle': () => ({
      status: 429,
      headers: { 'content-type': 'text/html; charset=UTF-8' },
      body: '<!DOCTYPE html><html><head><title>Rate limited</title></head><body>Error 1015</body></html>',
    }),
    forbidden: () => refuse(missingScope('crm.objects.contacts.read')),
  },
};

function answer(status: number, body: ErrorBody, headers: Record<string, string> = {}): LoopbackAnswer {
  return refuse(new Refusal(status, body), headers);
}

function refuse(refusal: Refusal, headers: Record<string, string> = {}): LoopbackAnswer {
  const correlationId = randomUUID();
  return {
    ...toAnswer(refusal, correlationId),
    headers: { 'X-HubSpot-Correlation-Id': correlationId, ...headers },
  };
}
