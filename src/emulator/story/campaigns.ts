import type { WorldCampaign, WorldSystem, WorldUtm } from '../world.ts';
import { bothSystems, day, type Scene } from './scene.ts';

export const site = 'https://www.lumenfold.example';

interface Plan {
  readonly name: string;
  readonly type: string;
  readonly utm: WorldUtm & { readonly campaign: string };
  /** Days before today. */
  readonly from: number;
  readonly to: number;
  readonly costMinor: number;
  readonly in: readonly WorldSystem[];
}

const plans: readonly Plan[] = [
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
    from: 350,
    to: 10,
    costMinor: 1_850_000,
    in: bothSystems,
  },
  {
    name: 'Search: brand',
    type: 'Paid Search',
    utm: { source: 'bing', medium: 'cpc', campaign: 'search-brand', term: 'lumenfold' },
    from: 300,
    to: 60,
    costMinor: 320_000,
    in: ['hubspot'],
  },
  {
    name: 'Operations leaders',
    type: 'Paid Social',
    utm: { source: 'linkedin', medium: 'paid_social', campaign: 'ops-leaders', content: 'carousel-b' },
    from: 240,
    to: 90,
    costMinor: 2_400_000,
    in: bothSystems,
  },
  {
    name: 'Quarterly newsletter',
    type: 'Email',
    utm: { source: 'newsletter', medium: 'email', campaign: 'newsletter-q1' },
    from: 170,
    to: 80,
    costMinor: 45_000,
    in: ['hubspot'],
  },
  {
    name: 'Webinar: credit where it is due',
    type: 'Webinar',
    utm: { source: 'newsletter', medium: 'email', campaign: 'webinar-credit' },
    from: 120,
    to: 100,
    costMinor: 280_000,
    in: bothSystems,
  },
  {
    name: 'Guide: answering at night',
    type: 'Content',
    utm: { source: 'google', medium: 'organic', campaign: 'guide-night' },
    from: 280,
    to: 20,
    costMinor: 150_000,
    in: ['hubspot'],
  },
  {
    name: 'Partner: Kestrelway',
    type: 'Referral Program',
    utm: { source: 'kestrelway', medium: 'referral', campaign: 'partner-kestrelway' },
    from: 260,
    to: 30,
    costMinor: 600_000,
    in: ['salesforce'],
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
    from: 200,
    to: 5,
    costMinor: 900_000,
    in: ['hubspot'],
  },
];

export const campaignUtms: readonly WorldUtm[] = plans.map((plan) => plan.utm);

export function campaignUtm(campaign: WorldCampaign): WorldUtm | undefined {
  return campaignUtms.find((utm) => utm.campaign === campaign.utmCampaign);
}

export function tellCampaigns(scene: Scene): WorldCampaign[] {
  return plans.map((plan, index) => ({
    key: `m-${String(index + 1).padStart(2, '0')}`,
    name: plan.name,
    type: plan.type,
    start: scene.now - plan.from * day,
    end: scene.now - plan.to * day,
    costMinor: plan.costMinor,
    utmCampaign: plan.utm.campaign,
    in: plan.in,
  }));
}

/** A page of the site as it was called, UTM in the query. */
export function pageUrl(path: string, utm: WorldUtm | undefined): string {
  const query = new URLSearchParams(
    Object.entries(utm ?? {}).map(([name, value]) => [`utm_${name}`, String(value)]),
  );
  return query.size > 0 ? `${site}${path}?${query}` : `${site}${path}`;
}
