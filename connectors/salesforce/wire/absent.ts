/** Salesforce's ways to say that an object is not there for the hub's user: it tells hidden from missing by nothing. */
import type { Fault } from '../../../src/connector/fault.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm */
const codes: ReadonlySet<string> = new Set([
  'INVALID_TYPE',
  'NOT_FOUND',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'FUNCTIONALITY_NOT_ENABLED',
]);

export function absenceIn({ code }: Fault): string | null {
  if (code === undefined || !codes.has(code)) return null;
  return (
    'Give the hub’s user "Read" and "View All" on it in a permission set, switch the feature on in Setup, ' +
    'or take it out of the mapping.'
  );
}
