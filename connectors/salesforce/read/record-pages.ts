/** Addresses of records, as Lightning and the classic pages spell them, and ids of either length. */
import type { Pages } from '../../../src/connector/contract/pages.ts';
import { pastedUrl } from '../../../src/support/urls.ts';
import { type SalesforceConfig, sharedLoginHosts } from '../config.ts';
import { isMistyped, typedId } from '../wire/ids.ts';

const contradiction =
  'The last three of its 18 characters say which of the others are capital letters, and here they say so of a digit.';

export const pages: Pages<SalesforceConfig> = {
  // `/<id>` leads to the record's page in whichever interface the user has switched on.
  address: ({ loginUrl }, site, _, id) => {
    const base = site ?? (sharedLoginHosts.has(new URL(loginUrl).hostname) ? null : loginUrl);
    return base === null ? null : new URL(`/${id}`, base).href;
  },
  named: (text, site) => {
    const given = text.trim();
    const typed = typedId(given);
    if (typed !== null) return { id: typed };
    if (isMistyped(given)) return { mistyped: contradiction };
    const address = pastedUrl(given);
    // `/lightning/r/Opportunity/006…/view`, `/lightning/r/006…/view`, `/006…`
    const parts = address?.pathname.split('/').filter((part) => part !== '') ?? [];
    const id = parts.find((part) => typedId(part) !== null);
    if (id === undefined) return null;
    const [theirs, own] = [orgOf(address), orgOf(URL.parse(site ?? ''))];
    if (theirs && own && theirs !== own) return { elsewhere: `the org ${theirs}, and this is ${own}` };
    const object = parts[0] === 'lightning' && parts[1] === 'r' && parts[2] !== id ? parts[2] : undefined;
    return { id: typedId(id) ?? id, ...(object === undefined ? {} : { object }) };
  },
};

/** `acme.my.salesforce.com`, `acme--uat.sandbox.lightning.force.com`; see My Domain URL Formats in the vendor's help. */
const orgHost =
  /^([a-z0-9-]+)(?:\.(?:sandbox|develop|scratch|demo|patch|trailblaze|free))?\.(?:my|lightning)\.(?:salesforce|force|salesforce-setup)\.(?:com|mil)$/;

/** The name that an org has in all its addresses (a sandbox's with its own name); null where a host tells none. */
function orgOf(address: URL | null): string | null {
  return orgHost.exec(address?.hostname ?? '')?.[1] ?? null;
}
