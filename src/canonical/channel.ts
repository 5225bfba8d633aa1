/**
 * Channels: the default channel group that users of web analytics know (GA4; definitions at
 * support.google.com/analytics/answer/9756891), as a table. Rules are tried in order, the first that holds wins,
 * without regard to case. The hub adds its own channels for touches that are no visit to a page.
 */
import { getDomain } from 'tldts';
import { compilePattern, type Pattern } from '../support/pattern.ts';
import { type SiteOptions, type Sites, siteBook } from './sites.ts';
import { clickIdTraffic, type SourceKind } from './sources.ts';
import { hostOf, type LandingPage, placeOf } from './utm.ts';

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
  {
    channel: 'Email',
    any: [{ source: email }, { medium: email }, { site: 'mail', medium: `${unset}|referral` }],
  },
  { channel: 'Affiliates', any: [{ medium: 'affiliates?' }] },
  { channel: 'Referral', any: [{ medium: 'referral|app|link' }] },
  { channel: 'Audio', any: [{ medium: 'audio' }] },
  { channel: 'SMS', any: [{ source: 'sms' }, { medium: 'sms' }] },
  {
    channel: 'Mobile Push Notifications',
    any: [{ medium: '.*push|.*mobile.*|.*notification.*' }, { source: 'firebase' }],
  },
];

const unassigned = 'Unassigned';

/** The hub's own: a chat, a salesperson's call or meeting, an answer to a campaign, a fair or webinar. */
const hubChannels = ['Chat', 'Sales', 'Campaign', 'Event'] as const;

/** Every channel that the default rules or the hub itself can give. */
export const channelNames: readonly string[] = [
  ...defaultChannelRules.map((rule) => rule.channel),
  unassigned,
  ...hubChannels,
];

export type ChannelOf = (traffic: Traffic) => string;

export interface ChannelOptions extends SiteOptions {
  /** Tried before the default ones. */
  readonly rules?: readonly ChannelRule[];
}

/** Of what a visitor's address says, which may be megabytes, only so much is looked at. */
const maxText = 1_000;

/** Throws `SyntaxError` for a rule whose pattern is not one that `compilePattern` takes. */
export function channelClassifier(options: ChannelOptions = {}): ChannelOf {
  const sites = siteBook(options);
  const compile =
    (pattern: (text: string) => Pattern) =>
    ({ channel, any }: ChannelRule) => ({
      channel,
      any: any.map((condition) => compileCondition(condition, pattern)),
    });
  const rules = [
    ...(options.rules ?? []).map(compile(compilePattern)),
    ...defaultChannelRules.map(compile((text) => new RegExp(`^(?:${text})$`, 'i'))),
  ];
  return (given) => {
    const traffic = {
      source: given.source.slice(0, maxText),
      medium: given.medium.slice(0, maxText),
      campaign: given.campaign.slice(0, maxText),
    };
    const kinds = sites.kindsOf(traffic.source);
    return rules.find((rule) => rule.any.some((holds) => holds(traffic, kinds)))?.channel ?? unassigned;
  };
}

function compileCondition(
  { site, ...condition }: ChannelCondition,
  pattern: (text: string) => Pattern,
): (traffic: Traffic, kinds: ReadonlySet<SourceKind>) => boolean {
  const whole = (text: string | undefined) => (text === undefined ? null : pattern(text));
  const source = whole(condition.source);
  const medium = whole(condition.medium);
  const campaign = whole(condition.campaign);
  return (traffic, kinds) =>
    (site === undefined || kinds.has(site)) &&
    (source === null || source.test(traffic.source)) &&
    (medium === null || medium.test(traffic.medium)) &&
    (campaign === null || campaign.test(traffic.campaign));
}

/** What a referring site says of the visit, the first that fits. */
const referrerMediums: readonly (readonly [SourceKind, string])[] = [
  ['assistant', 'ai-assistant'],
  ['mail', 'email'],
  ['search', 'organic'],
];

const direct = { source: '(direct)', medium: '(none)' };
const usualSites = siteBook();

/**
 * Where a visit came from: its tags, else the ad network that left a click id, else the site that it was referred
 * from, else nowhere: direct. The company's own sites are no source, and neither is a page for sign-in or payment,
 * from which people only come back.
 */
export function trafficOf(
  page: LandingPage,
  landingPage: string,
  referrer: string,
  sites: Sites = usualSites,
): Traffic {
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
  return { ...(network ?? referredFrom(referrer, landingPage, sites)), campaign };
}

function referredFrom(referrer: string, landingPage: string, sites: Sites): Omit<Traffic, 'campaign'> {
  const place = placeOf(referrer);
  const { host } = place;
  if (!host.includes('.') || isSameSite(host, hostOf(landingPage)) || sites.isOwn(host)) return direct;
  const kinds = sites.kindsAt(place);
  if (kinds.has('passThrough')) return direct;
  const known = referrerMediums.find(([kind]) => kinds.has(kind));
  return { source: host, medium: known?.[1] ?? 'referral' };
}

/** Hosts under one registrable domain are one site; customers of a shop or blog host are sites of their own. */
function isSameSite(host: string, ownHost: string): boolean {
  return host === ownHost || (registrable(host) !== null && registrable(host) === registrable(ownHost));
}

function registrable(host: string): string | null {
  return getDomain(host, { allowPrivateDomains: true });
}
