/** What the fault board can make Salesforce say. */
import type { VendorFaults } from '../loopback/loopback.ts';
import { ApiError } from './errors.ts';
import type { Api } from './rest/call.ts';
import { authorisationLost, refreshBusy } from './rest/oauth.ts';
import { concurrentLimit, dailyLimit } from './rest/usage.ts';
import { invalidSession, refuse } from './server.ts';

const faults: Readonly<Record<string, () => ApiError>> = {
  'server-unavailable': () =>
    new ApiError(503, 'SERVER_UNAVAILABLE', 'The server is temporarily unavailable'),
  'query-timeout': () => new ApiError(400, 'QUERY_TIMEOUT', 'Your query request was running for too long.'),
  'row-lock': () =>
    new ApiError(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record', []),
};

function unknownException(): ApiError {
  const message =
    'An unexpected error occurred. Please include this ErrorId if you contact support: 1518420-48213 (-1309112343)';
  return new ApiError(500, 'UNKNOWN_EXCEPTION', message);
}

/** `api` is asked for when a fault strikes: the server starts before it is complete. */
export function vendorFaults(api: () => Api): VendorFaults {
  const say = (fault: () => ApiError) => () => refuse(api(), fault());
  return {
    throttle: say(concurrentLimit),
    dailyLimit: say(dailyLimit),
    unauthorized: say(invalidSession),
    serverError: say(unknownException),
    named: {
      ...Object.fromEntries(Object.entries(faults).map(([name, fault]) => [name, say(fault)])),
      'refresh-busy': () => refreshBusy().toAnswer(),
      'authorisation-lost': () => authorisationLost().toAnswer(),
    },
  };
}
