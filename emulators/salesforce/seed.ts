/** The seeded world in Salesforce's words. */
import type { World, WorldCompany, WorldUser } from '../world/world.ts';
import type { Org } from './org.ts';
import { tellCampaigns, tellResponses } from './seed/campaigns.ts';
import { tellActivities, tellDeals } from './seed/deals.ts';
import { makeFields } from './seed/fields.ts';
import { tellMergesAndDeletions, tellPeople } from './seed/people.ts';
import { Teller } from './seed/teller.ts';

const year = 365 * 24 * 60 * 60 * 1000;

export function tellWorld(org: Org, world: World): void {
  const teller = new Teller(org, world);
  makeFields(org);
  for (const user of world.users) tellUser(teller, user);
  for (const company of world.companies) if (company.in.includes('salesforce')) tellAccount(teller, company);
  tellPeople(teller);
  tellCampaigns(teller);
  tellResponses(teller);
  tellDeals(teller);
  tellActivities(teller);
  tellMergesAndDeletions(teller);
}

function tellUser(teller: Teller, { key, name, email }: WorldUser): void {
  const [first = '', ...rest] = name.split(' ');
  const values = {
    Username: email,
    FirstName: rest.length === 0 ? null : first,
    LastName: rest.length === 0 ? first : rest.join(' '),
    Email: email,
    Alias: key.slice(0, 8),
    IsActive: true,
  };
  teller.put('User', key, values, { createdAt: teller.world.now - 2 * year });
}

function tellAccount(teller: Teller, company: WorldCompany): void {
  const values = {
    Name: company.name,
    Website: `https://${company.domain}`,
    Industry: company.industry,
    NumberOfEmployees: company.employees,
    BillingCountry: company.country,
    Phone: company.phone,
    Type: company.customer ? 'Customer - Direct' : 'Prospect',
  };
  const { createdAt, ownerKey } = company;
  teller.put('Account', company.key, values, { createdAt, ownerKey });
}
