/** HubSpot's ways to say that an object is not for this app, or not in this account. */
import type { Fault } from '../../../src/connector/fault.ts';
import { contextOf, readError } from './errors.ts';

const elsewise = 'or take it out of the mapping';

export function absenceIn(fault: Fault): string | null {
  const told = readError(fault.cause);
  // A page of a proxy has no category: it says nothing of the object.
  if (told?.category === undefined) return null;
  if (fault.status === 403) {
    const scopes = contextOf(told, 'requiredGranularScopes').join(', ');
    const grant = scopes === '' ? 'Grant its scopes' : `Grant the scopes ${scopes}`;
    return `${grant} to the app or key and sign in again, see that the subscription has this object, ${elsewise}.`;
  }
  const isUnknown = fault.status === 400 && /infer object type|unknown object type/i.test(told.message);
  return isUnknown || fault.status === 404
    ? `This account does not have it: switch it on, ${elsewise}.`
    : null;
}
