/** What a new org holds before anybody works in it. */
import type { Org } from '../org.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
import { leadStatuses, stages } from '../schema/picklists.ts';
import { plant } from '../write/save.ts';
import { screenWriter } from '../write/writer.ts';

export function furnish(org: Org): void {
  insertUsers(org);
  insert(org, 'Organization', {
    Id: org.id,
    Name: 'Emulated Org',
    OrganizationType: 'Enterprise Edition',
    InstanceName: 'EMU1',
    DefaultLocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    FiscalYearStartMonth: 1,
  });
  for (const [index, stage] of stages.entries()) {
    insert(org, 'OpportunityStage', {
      MasterLabel: stage.label,
      ApiName: stage.label,
      IsActive: true,
      SortOrder: index + 1,
      IsClosed: stage.closed,
      IsWon: stage.won,
      ForecastCategory: stage.forecast,
      ForecastCategoryName: stage.forecast === 'Forecast' ? 'Commit' : stage.forecast,
      DefaultProbability: stage.probability,
    });
  }
  for (const [index, label] of leadStatuses.entries()) {
    insert(org, 'LeadStatus', {
      MasterLabel: label,
      ApiName: label,
      SortOrder: index + 1,
      IsDefault: index === 0,
      IsConverted: label === 'Closed - Converted',
    });
  }
  for (const name of ['Last Touch', 'First Touch']) {
    insert(org, 'CampaignInfluenceModel', {
      MasterLabel: name,
      DeveloperName: name.replace(' ', '_'),
      IsModelLocked: true,
      ModelType: 'ManuallyInfluenced',
    });
  }
  if (org.knobs.multiCurrency) insertCurrencies(org);
}

function insertUsers(org: Org): void {
  const { username } = org.knobs;
  const person = { TimeZoneSidKey: 'UTC', IsActive: true };
  insert(org, 'User', {
    Id: org.apiUserId,
    Username: username,
    LastName: 'Integration',
    Email: username,
    Alias: 'integr',
    ...person,
  });
  insert(org, 'User', {
    Id: org.humanUserId,
    Username: 'sales.admin@example.com',
    FirstName: 'Sales',
    LastName: 'Admin',
    Email: 'sales.admin@example.com',
    Alias: 'sadmin',
    ...person,
  });
}

/** Units of the currency per US dollar, the corporate currency. */
const rates: readonly (readonly [code: string, decimals: number, rate: number])[] = [
  ['USD', 2, 1],
  ['EUR', 2, 0.92],
  ['GBP', 2, 0.79],
  ['JPY', 0, 156.5],
  ['CHF', 2, 0.89],
];

function insertCurrencies(org: Org): void {
  for (const [IsoCode, DecimalPlaces, ConversionRate] of rates) {
    insert(org, 'CurrencyType', {
      IsoCode,
      DecimalPlaces,
      ConversionRate,
      IsActive: true,
      IsCorporate: IsoCode === 'USD',
    });
  }
}

function insert(org: Org, name: string, values: Row): void {
  plant(screenWriter(org), org.catalog.object(name) as ObjectDef, values);
}
