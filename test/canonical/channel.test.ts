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
import { endsSoon } from '../no-blowup.ts';

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

  it.each([
    ['googleplex.example', 'x', 'Unassigned'],
    ['google-ads', 'cpc', 'Paid Search'],
    ['Google Shopping', 'cpc', 'Paid Shopping'],
    ['Facebook_Spring', 'cpc', 'Paid Social'],
    ['partner-google', 'referral', 'Referral'],
    ['news-from-amazon', 'post', 'Unassigned'],
    ['https://www.Google.com/', 'cpc', 'Paid Search'],
    ['accounts.google.com', 'referral', 'Referral'],
    ['mail.google.com', 'referral', 'Email'],
    ['mail.google.com', 'cpc', 'Paid Other'],
    ['copilot', '(not set)', 'AI Assistant'],
    ['perplexity', 'referral', 'AI Assistant'],
    ['perplexity', 'cpc', 'Paid Other'],
  ])('takes hosts whole and names by their first words: %s / %s → %s', (source, medium, channel) => {
    expect(channelOf(traffic(source, medium))).toBe(channel);
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
});

const channelFrom = (referrer: string, page = 'https://www.a.example/') =>
  channelOf(trafficOf(readLandingPage(page), page, referrer));

describe('the channel of a referrer', () => {
  it.each([
    // Results of a search.
    ['https://www.google.com/', 'Organic Search'],
    ['https://www.google.co.uk/url?q=x', 'Organic Search'],
    ['https://GOOGLE.com.br./', 'Organic Search'],
    ['https://m.bing.com/search', 'Organic Search'],
    ['https://de.search.yahoo.com/', 'Organic Search'],
    ['https://lite.duckduckgo.com/', 'Organic Search'],
    ['https://search.brave.com/', 'Organic Search'],
    ['android-app://com.google.android.googlequicksearchbox/', 'Organic Search'],
    // Other things that a search company runs.
    ['https://docs.google.com/document/d/1', 'Referral'],
    ['https://drive.google.com/', 'Referral'],
    ['https://calendar.google.com/', 'Referral'],
    ['https://sites.google.com/view/x', 'Referral'],
    ['https://support.google.com/', 'Referral'],
    ['https://finance.yahoo.com/', 'Referral'],
    ['https://cloud.yandex.ru/', 'Referral'],
    ['https://teams.microsoft.com/', 'Referral'],
    ['https://aws.amazon.com/', 'Referral'],
    ['https://www.amazon.de/', 'Organic Shopping'],
    ['https://mail.google.com/mail/u/0/', 'Email'],
    ['android-app://com.google.android.gm/', 'Email'],
    ['https://outlook.office.com/', 'Email'],
    ['https://outlook.live.com/', 'Email'],
    ['https://eur02.safelinks.protection.outlook.com/', 'Email'],
    ['https://mail.yahoo.co.jp/', 'Email'],
    // People come back from there.
    ['https://accounts.google.com/', 'Direct'],
    ['https://accounts.google.de/', 'Direct'],
    ['https://login.live.com/', 'Direct'],
    ['https://login.microsoftonline.com/', 'Direct'],
    ['https://acme.okta.com/', 'Direct'],
    ['https://checkout.stripe.com/', 'Direct'],
    // Words inside other names.
    ['https://google.shady.example/', 'Referral'],
    ['https://notgoogle.com/', 'Referral'],
    ['https://my-facebook-shop.example/', 'Referral'],
    ['https://amazon-jobs.example/', 'Referral'],
    ['https://t.co.example/', 'Referral'],
    ['https://bing.com.phish.example/', 'Referral'],
    ['https://example.org/google.com/', 'Referral'],
    ['https://l.facebook.com/l.php', 'Organic Social'],
    ['https://br.pinterest.com/', 'Organic Social'],
    ['https://pinterest.co.uk/', 'Organic Social'],
    ['https://t.co/abc', 'Organic Social'],
    ['android-app://com.linkedin.android/', 'Organic Social'],
    ['https://x.com/someone', 'Organic Social'],
    ['', 'Direct'],
  ])('%s is %s', (referrer, channel) => {
    expect(channelFrom(referrer)).toBe(channel);
  });

  // As logged by sites: snowplow-referer-parser/referer-parser#257, fleetdm/fleet#46182,
  // matomo-org/searchengine-and-social-list AIAssistants.yml.
  it.each([
    'https://chatgpt.com/',
    'https://chat.openai.com/',
    'https://www.perplexity.ai/',
    'https://www.perplexity.ai/search/x',
    'android-app://ai.perplexity.app.android/',
    'https://gemini.google.com/',
    'https://bard.google.com/',
    'https://notebooklm.google.com/',
    'https://copilot.microsoft.com/',
    'https://copilot.com/',
    'https://edgeservices.bing.com/',
    'https://www.bing.com/chat?q=x',
    'https://claude.ai/',
    'https://chat.deepseek.com/',
    'https://grok.com/',
    'https://grok.x.ai/',
    'https://x.com/i/grok?conversation=1',
    'https://meta.ai/',
    'https://chat.mistral.ai/',
    'https://you.com/',
    'https://chat.qwen.ai/',
    'https://iask.ai/',
  ])('%s is an assistant', (referrer) => {
    expect(channelFrom(referrer)).toBe('AI Assistant');
  });

  it.each([
    ['https://app.a.example/', 'https://help.a.example/x', 'Direct'],
    ['https://www.a.co.uk/', 'https://shop.a.co.uk/', 'Direct'],
    ['https://www.a.co.uk/', 'https://www.b.co.uk/', 'Referral'],
    ['https://one.github.io/', 'https://two.github.io/', 'Referral'],
    ['https://one.myshopify.com/', 'https://one.myshopify.com/cart', 'Direct'],
    ['http://10.0.0.1/', 'http://10.0.0.1/x', 'Direct'],
    ['http://10.0.0.1/', 'http://10.0.0.2/', 'Referral'],
    ['/pricing', 'https://a.example/', 'Referral'],
  ])('%s, from %s: %s', (page, referrer, channel) => {
    expect(channelFrom(referrer, page)).toBe(channel);
  });
});

describe('a channel rule of any form', () => {
  it('decides at once, whatever a visitor puts into the address', () => {
    const channelOf = channelClassifier({ rules: [{ channel: 'X', any: [{ medium: '(a+)+b' }] }] });
    endsSoon(() => {
      for (const text of ['a', 'cp', 'shop', '.', 'mobile']) {
        const long = `${text.repeat(500_000)}\n`;
        expect(channelOf({ source: long, medium: long, campaign: long })).toEqual(expect.any(String));
      }
    });
    expect(channelOf({ source: '', medium: 'aaab', campaign: '' })).toBe('X');
  });
});
