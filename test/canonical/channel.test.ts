import { describe, expect, it } from 'vitest';
import {
  channelClassifier,
  channelNames,
  defaultChannelRules,
  type Traffic,
  trafficOf,
} from '../../src/canonical/channel.ts';
import { clickIdTraffic } from '../../src/canonical/sources.ts';
import { clickIdParameters, readLandingPage } from '../../src/canonical/utm.ts';

const channelOf = channelClassifier();

function traffic(source: string, medium: string, campaign = ''): Traffic {
  return { source, medium, campaign };
}

describe('default channel group', () => {
  it.each([
    ['(direct)', '(none)', '', 'Direct'],
    ['(direct)', '(not set)', '', 'Direct'],
    ['google', 'cpc', 'EU-Cross-Network-1', 'Cross-network'],
    ['chatgpt.com', '(not set)', '', 'AI Assistant'],
    ['anything', 'ai-assistant', '', 'AI Assistant'],
    ['amazon', 'cpc', '', 'Paid Shopping'],
    ['news', 'paid', 'summer shopping', 'Paid Shopping'],
    ['google', 'cpc', '', 'Paid Search'],
    ['Bing', 'PPC', '', 'Paid Search'],
    ['baidu', 'retargeting', '', 'Paid Search'],
    ['facebook', 'paid_social', '', 'Paid Social'],
    ['LinkedIn', 'cpc', '', 'Paid Social'],
    ['youtube', 'cpv', '', 'Paid Video'],
    ['youtube', 'paid', '', 'Paid Video'],
    ['adnet', 'display', '', 'Display'],
    ['adnet', 'cpm', '', 'Display'],
    ['adnet', 'cpa', '', 'Paid Other'],
    ['etsy', 'referral', '', 'Organic Shopping'],
    ['news', 'post', 'shop', 'Organic Shopping'],
    ['instagram', 'story', '', 'Organic Social'],
    ['news', 'social-media', '', 'Organic Social'],
    ['vimeo', 'embed', '', 'Organic Video'],
    ['news', 'live-video', '', 'Organic Video'],
    ['duckduckgo', 'whatever', '', 'Organic Search'],
    ['news', 'organic', '', 'Organic Search'],
    ['newsletter', 'e-mail', '', 'Email'],
    ['E Mail', 'blast', '', 'Email'],
    ['partner', 'affiliate', '', 'Affiliates'],
    ['partner', 'referral', '', 'Referral'],
    ['podcast', 'audio', '', 'Audio'],
    ['sms', 'x', '', 'SMS'],
    ['app', 'webpush', '', 'Mobile Push Notifications'],
    ['firebase', 'x', '', 'Mobile Push Notifications'],
    ['summit', 'event', '', 'Unassigned'],
  ])('%s / %s %s → %s', (source, medium, campaign, channel) => {
    expect(channelOf(traffic(source, medium, campaign))).toBe(channel);
  });

  it('takes a workshop for no shop', () => {
    expect(channelOf(traffic('news', 'post', 'workshop'))).toBe('Unassigned');
  });

  it('takes names as whole words', () => {
    expect(channelOf(traffic('googleplex.example', 'x'))).toBe('Unassigned');
    expect(channelOf(traffic('google-ads', 'cpc'))).toBe('Paid Search');
  });

  it('can give every channel of its own table', () => {
    const given = new Set(defaultChannelRules.map(({ channel }) => channel));
    expect([...given].every((channel) => channelNames.includes(channel))).toBe(true);
    expect(given.size).toBe(defaultChannelRules.length);
  });

  it('lets config come first and name sites of its own', () => {
    const own = channelClassifier({
      rules: [{ channel: 'Partners', any: [{ source: 'kestrelway', medium: 'referral' }] }],
      sites: { search: ['intrasearch'] },
    });
    expect(own(traffic('Kestrelway', 'referral'))).toBe('Partners');
    expect(own(traffic('intrasearch.example', 'cpc'))).toBe('Paid Search');
    expect(own(traffic('other', 'referral'))).toBe('Referral');
  });
});

describe('trafficOf', () => {
  const of = (address: string, referrer = '') => {
    const { source, medium, campaign } = trafficOf(readLandingPage(address), address, referrer);
    return `${source} / ${medium}${campaign && ` / ${campaign}`}`;
  };

  it.each([
    [
      'its tags',
      'https://a.example/?utm_source=x&utm_medium=y&utm_campaign=z',
      'https://google.com',
      'x / y / z',
    ],
    ['tags, completed by a click id', 'https://a.example/?utm_campaign=z&gclid=1', '', 'google / cpc / z'],
    ['half tags', 'https://a.example/?utm_source=x', '', 'x / (not set)'],
    ['a click id', 'https://a.example/?msclkid=1', 'https://bing.com', 'bing / cpc'],
    ['a search engine', 'https://a.example/', 'https://www.google.co.uk/', 'google.co.uk / organic'],
    [
      'an assistant',
      'https://a.example/',
      'https://gemini.google.com/app',
      'gemini.google.com / ai-assistant',
    ],
    [
      'a referring site',
      'https://a.example/',
      'https://partners.b.example/x',
      'partners.b.example / referral',
    ],
    ['its own site', 'https://www.a.example/', 'https://a.example/blog', '(direct) / (none)'],
    ['nowhere', 'https://a.example/', '', '(direct) / (none)'],
    ['a referrer that is none', 'https://a.example/', 'null', '(direct) / (none)'],
  ])('comes from %s', (_, address, referrer, expected) => {
    expect(of(address, referrer)).toBe(expected);
  });

  it('knows the network of every click id', () => {
    expect(Object.keys(clickIdTraffic).sort()).toEqual([...clickIdParameters].sort());
  });

  it('makes channels of referrers', () => {
    const channel = (referrer: string) =>
      channelOf(trafficOf(readLandingPage('/'), 'https://a.example/', referrer));
    expect(channel('https://www.linkedin.com/')).toBe('Organic Social');
    expect(channel('https://duckduckgo.com/')).toBe('Organic Search');
    expect(channel('https://claude.ai/chat')).toBe('AI Assistant');
    expect(channel('')).toBe('Direct');
  });
});
