/** What a new org holds before anybody works in it. */
import type { Org } from '../org.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
import { leadStatuses, stages } from '../schema/picklists.ts';
import { profileId } from '../schema/standard/setup.ts';
import { plant } from '../write/save.ts';
import { screenWriter } from '../write/writer.ts';

export function furnish(org: Org): void {
  for (const [name, rows] of Object.entries(tables(org))) {
    const object = org.catalog.object(name) as ObjectDef;
    for (const row of rows) plant(screenWriter(org), object, row);
  }
}

function tables(org: Org): Readonly<Record<string, readonly Row[]>> {
  return {
    Profile: [{ Id: profileId, Name: 'System Administrator' }],
    User: users(org),
    Organization: [organization(org)],
    OpportunityStage: opportunityStages,
    LeadStatus: statuses,
    CampaignInfluenceModel: influenceModels,
    ...(org.knobs.multiCurrency ? { CurrencyType: currencies(org.knobs.currency) } : {}),
  };
}

function users({ apiUserId, humanUserId, knobs }: Org): Row[] {
  const { username } = knobs;
  const admin = 'sales.admin@example.com';
  return [
    { Id: apiUserId, Username: username, LastName: 'Integration', Email: username, Alias: 'integr' },
    {
      Id: humanUserId,
      Username: admin,
      FirstName: 'Sales',
      LastName: 'Admin',
      Email: admin,
      Alias: 'sadmin',
    },
  ];
}

function organization({ id, knobs }: Org): Row {
  return {
    Id: id,
    Name: 'Emulated Org',
    DefaultCurrencyIsoCode: knobs.currency,
    OrganizationType: 'Enterprise Edition',
    InstanceName: 'EMU1',
    DefaultLocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    FiscalYearStartMonth: 1,
  };
}

const opportunityStages = stages.map(
  ({ label, probability, forecast, closed, won }, index): Row => ({
    MasterLabel: label,
    ApiName: label,
    IsActive: true,
    SortOrder: index + 1,
    IsClosed: closed,
    IsWon: won,
    ForecastCategory: forecast,
    ForecastCategoryName: forecast === 'Forecast' ? 'Commit' : forecast,
    DefaultProbability: probability,
  }),
);

const statuses = leadStatuses.map(
  (label, index): Row => ({
    MasterLabel: label,
    ApiName: label,
    SortOrder: index + 1,
    IsDefault: index === 0,
    IsConverted: label === 'Closed - Converted',
  }),
);

const influenceModels = ['First Touch', 'Last Touch'].map(
  (label): Row => ({
    MasterLabel: label,
    DeveloperName: label.replace(' ', '_'),
    IsModelLocked: true,
    ModelType: 'ManuallyInfluenced',
  }),
);

/** Units of the currency per US dollar. */
const rates: Readonly<Record<string, number>> = { USD: 1, EUR: 0.92, GBP: 0.79, JPY: 156.5, CHF: 0.89 };

/** Rates are told per unit of the corporate currency. */
function currencies(corporate: string): Row[] {
  const base = rates[corporate] ?? 1;
  return Object.entries({ ...rates, [corporate]: base }).map(
    ([IsoCode, rate]): Row => ({
      IsoCode,
      ConversionRate: Number((rate / base).toFixed(6)),
      DecimalPlaces: IsoCode === 'JPY' ? 0 : 2,
      IsActive: true,
      IsCorporate: IsoCode === corporate,
    }),
  );
}
