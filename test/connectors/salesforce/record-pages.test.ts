/** Addresses of records that people copy: of this org in every spelling, and those of other orgs. */
import { describe, expect, it } from 'vitest';
import { pages } from '../../../connectors/salesforce/read/record-pages.ts';

const id = '006000000000001AAA';
const path = `/lightning/r/Opportunity/${id}/view`;
const site = 'https://acme.my.salesforce.com';

describe('the address of a record', () => {
  it.each([
    ['https://acme.lightning.force.com', site],
    ['https://acme.my.salesforce.com', site],
    ['https://acme--uat.sandbox.lightning.force.com', 'https://acme--uat.sandbox.my.salesforce.com'],
    // Names no org, or nobody has asked yet which one this is.
    ['https://na30.salesforce.com', site],
    ['https://crm.example', site],
    ['https://other.lightning.force.com', null],
    ['https://acme.lightning.force.com', 'http://127.0.0.1:4000'],
  ])('at %s is of the org at %s', (host, own) => {
    expect(pages.named(host + path, own)).toEqual({ id, object: 'Opportunity' });
  });

  it.each([
    ['https://other.lightning.force.com', site, 'the org other, and this is acme'],
    ['https://acme--uat.sandbox.lightning.force.com', site, 'the org acme--uat, and this is acme'],
    [
      'https://acme.my.salesforce.com',
      'https://acme--uat.sandbox.my.salesforce.com',
      'the org acme, and this is acme--uat',
    ],
    ['https://acme-dev-ed.develop.lightning.force.com', site, 'the org acme-dev-ed, and this is acme'],
  ])('at %s is not of the org at %s', (host, own, elsewhere) => {
    expect(pages.named(host + path, own)).toEqual({ elsewhere });
  });

  it('is not asked of an id alone', () => {
    expect(pages.named(id, site)).toEqual({ id });
  });
});
