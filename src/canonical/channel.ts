/**
 * Channels: the default channel group that users of web analytics know (GA4; definitions at
 * support.google.com/analytics/answer/9756891), as a table. Rules are tried in order, the first that holds wins,
 * without regard to case. The hub adds its own channels for touches that are no visit to a page.
 */
import { clickIdTraffic, type SourceKind, sourceNames } from './sources.ts';
import { hostOf, type LandingPage } from './utm.ts';

/** Where a visit came from, in the words of web analytics: `google / cpc`, `(direct) / (none)`. */
export interface Traffic {
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
}

/** All parts given must hold. Patterns are regular expressions that must match the whole value. */
export interface ChannelCondition {
  readonly site?: SourceKind;
  readonly source?: string;
  readonly medium?: string;
  readonly campaign?: string;
}

export interface ChannelRule {
  readonly channel: string;
  /** The rule holds when any of these does. */
  readonly any: readonly ChannelCondition[];
}

const paid = '.*cp.*|ppc|retargeting|paid.*';
const shop = '.*(?:(?:[^a-df-z]|^)shop|shopping).*';
const email = 'e[-_ ]?mail';
const unset = '\\(not set\\)|\\(none\\)';

export const defaultChannelRules: readonly ChannelRule[] = [
  { channel: 'Direct', any: [{ source: '\\(direct\\)', medium: unset }] },
  { channel: 'Cross-network', any: [{ campaign: '.*cross-network.*' }] },
  {
    channel: 'AI Assistant',
    any: [{ medium: 'ai-assistant' }, { site: 'assistant', medium: `${unset}|referral` }],
  },
  {
    channel: 'Paid Shopping',
    any: [
      { site: 'shopping', medium: paid },
      { campaign: shop, medium: paid },
    ],
  },
  { channel: 'Paid Search', any: [{ site: 'search', medium: paid }] },
  { channel: 'Paid Social', any: [{ site: 'social', medium: paid }] },
  { channel: 'Paid Video', any: [{ site: 'video', medium: paid }] },
  { channel: 'Display', any: [{ medium: 'display|banner|expandable|interstitial|cpm' }] },
  { channel: 'Paid Other', any: [{ medium: paid }] },
  { channel: 'Organic Shopping', any: [{ site: 'shopping' }, { campaign: shop }] },
  {
    channel: 'Organic Social',
    any: [{ site: 'social' }, { medium: 'social|social[- ]network|social[- ]media|sm' }],
  },
  { channel: 'Organic Video', any: [{ site: 'video' }, { medium: '.*video.*' }] },
  { channel: 'Organic Search', any: [{ site: 'search' }, { medium: 'organic' }] },
  { channel: 'Email', any: [{ source: email }, { medium: email }] },
  { channel: 'Affiliates', any: [{ medium: 'affiliates?' }] },
  { channel: 'Referral', any: [{ medium: 'referral|app|link' }] },
  { channel: 'Audio', any: [{ medium: 'audio' }] },
  { channel: 'SMS', any: [{ source: 'sms' }, { medium: 'sms' }] },
  {
    channel: 'Mobile Push Notifications',
    any: [{ medium: '.*push|.*mobile.*|.*notification.*' }, { source: 'firebase' }],
  },
];

export const unassigned = 'Unassigned';

/** The hub's own: a chat, a salesperson's call or meeting, an answer to a campaign, a fair or webinar. */
export const hubChannels = ['Chat', 'Sales', 'Campaign', 'Event'] as const;

/** Every channel that the default rules or the hub itself can give. */
export const channelNames: readonly string[] = [
  ...defaultChannelRules.map((rule) => rule.channel),
  unassigned,
  ...hubChannels,
];

export type ChannelOf = (traffic: Traffic) => string;

export interface ChannelOptions {
  /** Tried before the default ones. */
  readonly rules?: readonly ChannelRule[];
  /** Names added to the well-known sites. */
  readonly sites?: Readonly<Partial<Record<SourceKind, readonly string[]>>>;
}

/** Throws `SyntaxError` for a rule whose pattern is no regular expression. */
export function channelClassifier(options: ChannelOptions = {}): ChannelOf {
  const sites = sitePatterns(options.sites ?? {});
  const rules = [...(options.rules ?? []), ...defaultChannelRules].map((rule) => ({
    channel: rule.channel,
    any: rule.any.map((condition) => compileCondition(condition, sites)),
  }));
  return (traffic) => rules.find((rule) => rule.any.some((holds) => holds(traffic)))?.channel ?? unassigned;
}

type SitePatterns = Readonly<Record<SourceKind, RegExp>>;

function sitePatterns(added: NonNullable<ChannelOptions['sites']>): SitePatterns {
  const pattern = (kind: SourceKind) => namePattern([...sourceNames[kind], ...(added[kind] ?? [])]);
  return {
    search: pattern('search'),
    social: pattern('social'),
    video: pattern('video'),
    shopping: pattern('shopping'),
    assistant: pattern('assistant'),
  };
}

/** Any of the names, standing as a whole word: `google` in `www.google.com`, not in `googleplex.example`. */
function namePattern(names: readonly string[]): RegExp {
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?:^|[^a-z0-9])(?:${escaped.join('|')})(?:[^a-z0-9]|$)`, 'i');
}

function compileCondition(condition: ChannelCondition, sites: SitePatterns): (traffic: Traffic) => boolean {
  const whole = (pattern: string | undefined) =>
    pattern === undefined ? null : new RegExp(`^(?:${pattern})$`, 'i');
  const site = condition.site === undefined ? null : sites[condition.site];
  const source = whole(condition.source);
  const medium = whole(condition.medium);
  const campaign = whole(condition.campaign);
  return (traffic) =>
    (site === null || site.test(traffic.source)) &&
    (source === null || source.test(traffic.source)) &&
    (medium === null || medium.test(traffic.medium)) &&
    (campaign === null || campaign.test(traffic.campaign));
}

const referrerMediums: readonly (readonly [SourceKind, string])[] = [
  ['assistant', 'ai-assistant'],
  ['search', 'organic'],
];

const referrerSites = sitePatterns({});

/**
 * Where a visit came from: its tags, else the ad network that left a click id, else the site that it was
 * referred from (never the landing page's own site), else nowhere: direct.
 */
export function trafficOf(page: LandingPage, landingPage: string, referrer: string): Traffic {
  const { source, medium, campaign = '' } = page.utm;
  const clicked = Object.keys(page.clickIds)[0];
  const network = clicked === undefined ? undefined : clickIdTraffic[clicked];
  if (source !== undefined || medium !== undefined || campaign !== '') {
    return {
      source: source ?? network?.source ?? '(not set)',
      medium: medium ?? network?.medium ?? '(not set)',
      campaign,
    };
  }
  return { ...(network ?? referredFrom(hostOf(referrer), hostOf(landingPage))), campaign };
}

function referredFrom(host: string, ownHost: string): { readonly source: string; readonly medium: string } {
  if (!host.includes('.') || isSameSite(host, ownHost)) return { source: '(direct)', medium: '(none)' };
  const known = referrerMediums.find(([kind]) => referrerSites[kind].test(host));
  return { source: host, medium: known?.[1] ?? 'referral' };
}

function isSameSite(host: string, ownHost: string): boolean {
  return host === ownHost || host.endsWith(`.${ownHost}`) || ownHost.endsWith(`.${host}`);
}
