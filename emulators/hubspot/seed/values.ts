/** The world's facts as values of HubSpot's properties. A blank one is left out. */

import { iso } from '../../../src/support/clock.ts';
import type {
  PersonFacts,
  World,
  WorldCompany,
  WorldDeal,
  WorldPerson,
  WorldStage,
  WorldUtm,
} from '../../world/world.ts';
import type { Values } from '../state/rows.ts';

/** Stages of the pipeline that every account starts with. */
export const stageIds: Readonly<Record<WorldStage, string>> = {
  prospecting: 'appointmentscheduled',
  qualified: 'qualifiedtobuy',
  proposal: 'presentationscheduled',
  negotiation: 'contractsent',
  won: 'closedwon',
  lost: 'closedlost',
};

/** HubSpot's industry is a fixed list; what it does not know stays blank. */
const industries: Readonly<Record<string, string>> = {
  Apparel: 'APPAREL_FASHION',
  Education: 'EDUCATION_MANAGEMENT',
  'Food & Beverage': 'FOOD_BEVERAGES',
  Healthcare: 'HOSPITAL_HEALTH_CARE',
  Insurance: 'INSURANCE',
  Manufacturing: 'MECHANICAL_OR_INDUSTRIAL_ENGINEERING',
  Retail: 'RETAIL',
  Technology: 'COMPUTER_SOFTWARE',
  Transportation: 'LOGISTICS_AND_SUPPLY_CHAIN',
  Utilities: 'UTILITIES',
};

export function companyValues(company: WorldCompany): Values {
  const { name, domain, industry, employees, country, phone } = company;
  return withoutBlanks({
    name,
    domain,
    industry: industries[industry] ?? null,
    numberofemployees: String(employees),
    country,
    phone,
  });
}

const factProperties: Readonly<Record<keyof PersonFacts, string>> = {
  email: 'email',
  firstName: 'firstname',
  lastName: 'lastname',
  phone: 'phone',
  title: 'jobtitle',
  city: 'city',
  country: 'country',
};

export function contactValues(person: WorldPerson, world: World): Values {
  const { lifecycle = 'lead', since } = person.hubspot ?? {};
  return {
    ...withoutBlanks(contactChanges(person)),
    lifecyclestage: since === undefined ? lifecycle : 'lead',
    ...analyticsValues(person, world),
  };
}

/** Blank text for a fact that is told to be blank; nothing for one that is not told. */
export function contactChanges(facts: Partial<PersonFacts>): Values {
  const changes: Record<string, string> = {};
  for (const [fact, property] of Object.entries(factProperties)) {
    const value = facts[fact as keyof PersonFacts];
    if (value !== undefined)
      changes[property] = property === 'email' ? (value ?? '').toLowerCase() : (value ?? '');
  }
  return changes;
}

export function dealValues(deal: WorldDeal): Values {
  const { name, kind, amountMinor, currency, closeDate, lostReason } = deal;
  return withoutBlanks({
    dealname: name,
    amount: decimal(amountMinor, currency),
    deal_currency_code: currency,
    closedate: iso(Date.parse(closeDate)),
    dealtype: kind === 'new business' ? 'newbusiness' : 'existingbusiness',
    closed_lost_reason: lostReason ?? null,
    pipeline: 'default',
  });
}

/** Minor units as the decimal text that HubSpot holds: `1840000` USD is `18400.00`, yen have no decimals. */
export function decimal(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return (minor / 10 ** digits).toFixed(digits);
}

const sources: Readonly<Record<string, string>> = {
  cpc: 'PAID_SEARCH',
  email: 'EMAIL_MARKETING',
  organic: 'ORGANIC_SEARCH',
  paid_social: 'PAID_SOCIAL',
  referral: 'REFERRALS',
  social: 'SOCIAL_MEDIA',
};

/** HubSpot has no `utm_*` properties of its own: the first page that was seen carries them. */
function analyticsValues({ key, utm, createdAt }: WorldPerson, world: World): Values {
  if (!utm) return { hs_analytics_source: 'OFFLINE', hs_analytics_source_data_1: 'CRM_UI' };
  const source = sources[utm.medium] ?? 'OTHER_CAMPAIGNS';
  return withoutBlanks({
    hs_analytics_source: source,
    hs_analytics_source_data_1: utm.campaign ?? utm.source,
    hs_analytics_source_data_2: `${utm.source} / ${utm.medium}`,
    hs_analytics_first_url: firstPage(key, utm, world),
    hs_analytics_first_timestamp: iso(createdAt),
    hs_analytics_first_touch_converting_campaign: utm.campaign ?? null,
    hs_latest_source: source,
    hs_latest_source_timestamp: iso(createdAt),
    hs_analytics_num_visits: '1',
    hs_analytics_num_page_views: '1',
  });
}

/** The page of the person's own answer to that campaign, if there is one, else the front page. */
function firstPage(personKey: string, utm: WorldUtm, world: World): string {
  const pages = world.responses.filter((one) => one.pageUrl !== null);
  const own = pages.filter((one) => one.personKey === personKey).map(({ pageUrl }) => pageUrl ?? '');
  const answered = own.find((page) => new URL(page).searchParams.get('utm_campaign') === utm.campaign);
  if (answered !== undefined) return answered;
  const url = new URL('/', pages[0]?.pageUrl ?? 'https://www.example.com');
  for (const [name, value] of Object.entries(utm)) url.searchParams.set(`utm_${name}`, value);
  return url.href;
}

function withoutBlanks(values: Readonly<Record<string, string | null>>): Values {
  const kept = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== null && entry[1] !== '',
  );
  return Object.fromEntries(kept);
}
