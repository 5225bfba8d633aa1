import type { WorldCampaign, WorldPerson, WorldSystem, WorldUtm } from '../world.ts';
import type { Chance } from './chance.ts';
import { bothSystems, day, type Scene } from './scene.ts';

export const site = 'https://www.lumenfold.example';

export interface CampaignPlan {
  readonly name: string;
  readonly type: string;
  readonly utm: WorldUtm & { readonly campaign: string };
  /** Days before today; null: it still runs. */
  readonly from: number;
  readonly to: number | null;
  readonly costMinor: number;
  readonly in: readonly WorldSystem[];
  /** The form of the site that it leads to; absent: answers come on lists that somebody keeps in Salesforce. */
  readonly form?: string;
  /** Who is asked; absent: those who are no customers yet. */
  readonly audience?: 'customers';
  /** Subject of the mail that it sends. */
  readonly mail?: string;
}

const plans: readonly CampaignPlan[] = [
  {
    name: 'Support Summit 2025',
    type: 'Event',
    utm: { source: 'summit', medium: 'event', campaign: 'support-summit-2025' },
    from: 330,
    to: 326,
    costMinor: 4_200_000,
    in: bothSystems,
  },
  {
    name: 'Search: chat for CRM',
    type: 'Paid Search',
    utm: { source: 'google', medium: 'cpc', campaign: 'search-chat-crm', term: 'crm chatbot' },
    from: 364,
    to: null,
    costMinor: 1_850_000,
    in: bothSystems,
    form: 'Request a quote',
  },
  {
    name: 'Search: brand',
    type: 'Paid Search',
    utm: { source: 'bing', medium: 'cpc', campaign: 'search-brand', term: 'lumenfold' },
    from: 330,
    to: 60,
    costMinor: 320_000,
    in: ['hubspot'],
    form: 'Contact us',
  },
  {
    name: 'Operations leaders',
    type: 'Paid Social',
    utm: { source: 'linkedin', medium: 'paid_social', campaign: 'ops-leaders', content: 'carousel-b' },
    from: 300,
    to: 60,
    costMinor: 2_400_000,
    in: bothSystems,
    form: 'Guide',
  },
  {
    name: 'Quarterly newsletter',
    type: 'Email',
    utm: { source: 'newsletter', medium: 'email', campaign: 'newsletter-q1' },
    from: 364,
    to: null,
    costMinor: 45_000,
    in: bothSystems,
    form: 'Newsletter',
    mail: 'What our customers ask their chat',
  },
  {
    name: 'Webinar: credit where it is due',
    type: 'Webinar',
    utm: { source: 'newsletter', medium: 'email', campaign: 'webinar-credit' },
    from: 150,
    to: 100,
    costMinor: 280_000,
    in: bothSystems,
    form: 'Webinar',
    mail: 'Webinar: which touch brought the deal?',
  },
  {
    name: 'Webinar: the first hundred chats',
    type: 'Webinar',
    utm: { source: 'newsletter', medium: 'email', campaign: 'webinar-first-hundred' },
    from: 340,
    to: 215,
    costMinor: 260_000,
    in: bothSystems,
    form: 'Webinar',
    mail: 'Webinar: what the first hundred chats show',
  },
  {
    name: 'Guide: answering at night',
    type: 'Content',
    utm: { source: 'google', medium: 'organic', campaign: 'guide-night' },
    from: 364,
    to: null,
    costMinor: 150_000,
    in: ['hubspot'],
    form: 'Guide',
  },
  {
    name: 'Partner: Kestrelway',
    type: 'Referral Program',
    utm: { source: 'kestrelway', medium: 'referral', campaign: 'partner-kestrelway' },
    from: 364,
    to: null,
    costMinor: 600_000,
    in: bothSystems,
    form: 'Contact us',
  },
  {
    name: 'Partner: Oakenshore',
    type: 'Partners',
    utm: { source: 'oakenshore', medium: 'referral', campaign: 'partner-oakenshore' },
    from: 350,
    to: null,
    costMinor: 420_000,
    in: ['salesforce'],
  },
  {
    name: 'Letter to operations',
    type: 'Direct Mail',
    utm: { source: 'letter', medium: 'post', campaign: 'letter-operations' },
    from: 345,
    to: null,
    costMinor: 380_000,
    in: ['salesforce'],
  },
  {
    name: 'Autumn roadshow',
    type: 'Event',
    utm: { source: 'roadshow', medium: 'event', campaign: 'autumn-roadshow' },
    from: 290,
    to: 150,
    costMinor: 2_900_000,
    in: bothSystems,
  },
  {
    name: 'Spring fair',
    type: 'Trade Show',
    utm: { source: 'fair', medium: 'event', campaign: 'spring-fair' },
    from: 48,
    to: 45,
    costMinor: 3_100_000,
    in: bothSystems,
  },
  {
    name: 'Reminder banners',
    type: 'Advertisement',
    utm: { source: 'adnet', medium: 'display', campaign: 'reminder-banners', content: 'blue' },
    from: 330,
    to: null,
    costMinor: 900_000,
    in: bothSystems,
    form: 'Contact us',
  },
  {
    name: 'Customer letter',
    type: 'Email',
    utm: { source: 'customer-letter', medium: 'email', campaign: 'customer-letter' },
    from: 364,
    to: null,
    costMinor: 30_000,
    in: bothSystems,
    form: 'Newsletter',
    audience: 'customers',
    mail: 'New this quarter',
  },
  {
    name: 'Customer circle',
    type: 'Event',
    utm: { source: 'circle', medium: 'event', campaign: 'customer-circle' },
    from: 364,
    to: null,
    costMinor: 700_000,
    in: bothSystems,
    audience: 'customers',
  },
  {
    name: 'Reports for customers',
    type: 'Webinar',
    utm: { source: 'customer-letter', medium: 'email', campaign: 'webinar-reports' },
    from: 350,
    to: null,
    costMinor: 240_000,
    in: bothSystems,
    form: 'Webinar',
    audience: 'customers',
    mail: 'Webinar: reports that explain themselves',
  },
  {
    name: 'User group',
    type: 'Event',
    utm: { source: 'user-group', medium: 'event', campaign: 'user-group' },
    from: 364,
    to: null,
    costMinor: 150_000,
    in: ['salesforce'],
    audience: 'customers',
  },
  {
    name: 'Preview days',
    type: 'Event',
    utm: { source: 'preview', medium: 'event', campaign: 'preview-days' },
    from: 364,
    to: null,
    costMinor: 80_000,
    in: ['salesforce'],
    audience: 'customers',
  },
  {
    name: 'Classes for administrators',
    type: 'Webinar',
    utm: { source: 'classes', medium: 'event', campaign: 'admin-classes' },
    from: 364,
    to: null,
    costMinor: 100_000,
    in: ['salesforce'],
    audience: 'customers',
  },
];

/** Forms of the site by name, and the pages that they stand on. */
export const formPages: Readonly<Record<string, string>> = {
  'Contact us': '/contact',
  'Request a quote': '/pricing/quote',
  Guide: '/guides/answering-at-night',
  Newsletter: '/newsletter',
  Webinar: '/webinars',
};

export function campaignPlan(key: string | null): CampaignPlan | undefined {
  return key === null ? undefined : plans[plans.findIndex((_, index) => keyOf(index) === key)];
}

export function campaignOf(utmCampaign: string | undefined): { key: string; plan: CampaignPlan } | undefined {
  const index = plans.findIndex(({ utm }) => utm.campaign === utmCampaign);
  const plan = plans[index];
  return plan && { key: keyOf(index), plan };
}

interface Known extends Pick<WorldPerson, 'createdAt'> {
  readonly in?: readonly WorldSystem[];
  readonly company: { readonly customer: boolean } | null;
}

/**
 * What may have brought a person on the day on which a system first heard of them. HubSpot tells it of people who came
 * to the site; a name on a list is Salesforce's.
 */
export function runningUtm(scene: Scene, draw: Chance, person: Known): WorldUtm | undefined {
  const audience = person.company?.customer ? 'customers' : undefined;
  const fitting = running(scene, person.createdAt).filter(
    ({ plan }) =>
      plan.audience === audience &&
      plan.in.some((system) => person.in?.includes(system) ?? true) &&
      (plan.form !== undefined || person.in?.includes('hubspot') === false),
  );
  return fitting.length > 0 ? draw.pick(fitting).plan.utm : undefined;
}

/** Campaigns that run at that time, ms, by their keys. */
export function running(scene: Scene, at: number): { readonly key: string; readonly plan: CampaignPlan }[] {
  return plans
    .map((plan, index) => ({ key: keyOf(index), plan }))
    .filter(({ plan }) => at >= startOf(scene, plan) && at <= endOf(scene, plan));
}

export function tellCampaigns(scene: Scene): WorldCampaign[] {
  return plans.map((plan, index) => ({
    key: keyOf(index),
    name: plan.name,
    type: plan.type,
    start: startOf(scene, plan),
    end: plan.to === null ? scene.now + 60 * day : endOf(scene, plan),
    costMinor: plan.costMinor,
    utmCampaign: plan.utm.campaign,
    in: plan.in,
  }));
}

function startOf(scene: Scene, plan: CampaignPlan): number {
  return scene.now - plan.from * day;
}

function endOf(scene: Scene, plan: CampaignPlan): number {
  return scene.now - (plan.to ?? 0) * day;
}

function keyOf(index: number): string {
  return `m-${String(index + 1).padStart(2, '0')}`;
}

/** A page of the site as it was called, UTM in the query. */
export function pageUrl(path: string, utm: WorldUtm | undefined): string {
  const query = new URLSearchParams(
    Object.entries(utm ?? {}).map(([name, value]) => [`utm_${name}`, String(value)]),
  );
  return query.size > 0 ? `${site}${path}?${query}` : `${site}${path}`;
}
