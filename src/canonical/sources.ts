/**
 * Well-known sites by what they are. Google publishes its own list with some 800 rows
 * (support.google.com/analytics/answer/9756891); these are the sites that business traffic comes from. `channels:`
 * in hub.yaml adds to it; `sites.ts` says what the notation means.
 *
 * A search company also runs sign-in, mail, documents and a portal, so of its hosts only those that show results are
 * search (reported from the field at pug-sh/pug#81 and matomo-org/searchengine-and-social-list#22).
 */
export type SourceKind = 'search' | 'social' | 'video' | 'shopping' | 'assistant' | 'mail' | 'passThrough';

export interface KnownSites {
  /** First words of a source that is not a host: `google` covers `google` and `Google Ads`. */
  readonly words: readonly string[];
  readonly hosts: readonly string[];
}

/** Blank-separated, as a list of hundreds of quoted names is hard to read. */
function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

export const knownSites: Readonly<Record<SourceKind, KnownSites>> = {
  search: {
    words: list(
      'google bing yahoo duckduckgo ecosia baidu yandex naver daum qwant startpage seznam aol sogou rambler lycos presearch kagi msn',
    ),
    hosts: list(`
      google.* images.google.* news.google.* encrypted.google.com cse.google.com lens.google.com search.app
      com.google.android.googlequicksearchbox
      bing.com cn.bing.com com.microsoft.bing msn.com
      yahoo.* *.search.yahoo.com *.search.yahoo.co.jp
      *.duckduckgo.com com.duckduckgo.mobile.android
      ecosia.org baidu.com image.baidu.com yandex.* ya.ru
      naver.com *.search.naver.com daum.net *.search.daum.net
      *.qwant.com *.startpage.com seznam.cz search.seznam.cz search.aol.* ask.com *.sogou.com so.com
      rambler.ru nova.rambler.ru search.lycos.* presearch.com kagi.com search.brave.com
      mojeek.com swisscows.com metager.org yep.com petalsearch.com coccoc.com
    `),
  },
  social: {
    words: list(
      'facebook fb instagram ig linkedin twitter pinterest reddit quora tiktok snapchat tumblr xing vk weibo wechat weixin whatsapp telegram messenger discord mastodon bluesky meetup nextdoor stackoverflow stackexchange kakao hootsuite yammer',
    ),
    hosts: list(`
      *.facebook.com fb.com fb.me com.facebook.katana *.messenger.com *.instagram.com com.instagram.android
      *.threads.net *.threads.com *.linkedin.com lnkd.in com.linkedin.android
      *.twitter.com *.x.com t.co com.twitter.android *.pinterest.* pin.it com.pinterest
      *.reddit.com redd.it com.reddit.frontpage *.quora.com *.tiktok.com *.snapchat.com *.tumblr.com *.xing.com
      *.vk.com vk.ru *.weibo.com *.weibo.cn *.wechat.com *.weixin.qq.com
      *.whatsapp.com wa.me *.telegram.org *.telegram.me t.me org.telegram.messenger *.discord.com discord.gg
      *.slack.com com.slack *.medium.com *.mastodon.social bsky.app go.bsky.app *.meetup.com *.nextdoor.com
      news.ycombinator.com stackoverflow.com *.stackexchange.com *.line.me *.kakao.com *.hootsuite.com
      *.buffer.com *.yammer.com
    `),
  },
  video: {
    words: list('youtube vimeo dailymotion twitch wistia vidyard netflix hulu bilibili'),
    hosts: list(`
      *.youtube.com youtu.be com.google.android.youtube *.vimeo.com *.dailymotion.com dai.ly *.twitch.tv
      *.wistia.com *.wistia.net *.vidyard.com *.netflix.com *.hulu.com *.bilibili.com
    `),
  },
  shopping: {
    words: [
      ...list('amazon ebay etsy alibaba aliexpress walmart shopify idealo rakuten mercadolibre shopzilla'),
      'google shopping',
    ],
    hosts: list(`
      amazon.* smile.amazon.com ebay.* *.etsy.com *.alibaba.com *.aliexpress.com *.walmart.com shopify.com shop.app
      shopping.google.* *.idealo.* *.rakuten.* *.mercadolibre.* *.mercadolivre.com.br *.shopzilla.* *.shopping.com
    `),
  },
  assistant: {
    // Seen as utm_source or referrer: snowplow-referer-parser/referer-parser#257 (`perplexity`, `copilot.com`),
    // fleetdm/fleet#46182, matomo-org/searchengine-and-social-list AIAssistants.yml (with the path of Grok on X).
    words: list('chatgpt openai perplexity copilot claude gemini deepseek grok mistral lechat'),
    hosts: list(`
      chatgpt.com chat.openai.com openai.com labs.openai.com search.openai.com com.openai.chatgpt
      *.perplexity.ai perplexity.com ai.perplexity.app.android
      gemini.google.com bard.google.com notebooklm.google.com aistudio.google.com com.google.android.apps.bard
      copilot.microsoft.com copilot.com m365.cloud.microsoft copilot.cloud.microsoft edgeservices.bing.com
      bing.com/chat bing.com/copilotsearch com.microsoft.copilot
      claude.ai claude.com com.anthropic.claude
      *.deepseek.com grok.com grok.x.ai x.ai x.com/i/grok meta.ai chat.mistral.ai lechat.mistral.ai
      duck.ai poe.com you.com phind.com pi.ai iask.ai andisearch.com komo.ai felo.ai liner.com genspark.ai manus.im
      t3.chat huggingface.co/chat app.jasper.ai chatplus.com chat-gpt.org
      chat.qwen.ai qwen.ai chatglm.cn kimi.com kimi.moonshot.cn doubao.com yiyan.baidu.com ai.baidu.com chat.baidu.com
    `),
  },
  mail: {
    words: [],
    hosts: list(`
      mail.google.com com.google.android.gm mail.yahoo.* *.mail.yahoo.com com.yahoo.mobile.client.android.mail
      outlook.live.com mail.live.com outlook.com outlook.office.com outlook.office365.com outlook.cloud.microsoft
      *.safelinks.protection.outlook.com com.microsoft.office.outlook mail.aol.com
      mail.proton.me mail.protonmail.com mail.zoho.* mail.yandex.* e.mail.ru email.seznam.cz mail.naver.com
      mail.rambler.ru mail.qq.com mail.163.com icloud.com/mail app.fastmail.com deref-mail.com deref-gmx.net
      deref-web.de navigator-bs.gmx.net navigator-lxa.mail.com
    `),
  },
  passThrough: {
    words: [],
    hosts: list(`
      accounts.google.* accounts.youtube.com login.live.com account.live.com login.microsoftonline.com
      login.microsoft.com login.windows.net account.microsoft.com login.yahoo.com login.aol.com
      passport.yandex.* passport.baidu.com nid.naver.com accounts.kakao.com login.seznam.cz id.rambler.ru
      appleid.apple.com idmsa.apple.com *.okta.com *.oktapreview.com *.auth0.com *.onelogin.com *.b2clogin.com
      *.amazoncognito.com sso.google.com
      checkout.stripe.com pay.google.com paypal.com checkout.paypal.com
    `),
  },
};

/** Ad networks by the click id that they append, as the source and medium that analytics would report. */
export const clickIdTraffic: Readonly<Record<string, { readonly source: string; readonly medium: string }>> =
  {
    gclid: { source: 'google', medium: 'cpc' },
    gbraid: { source: 'google', medium: 'cpc' },
    wbraid: { source: 'google', medium: 'cpc' },
    dclid: { source: 'google', medium: 'display' },
    msclkid: { source: 'bing', medium: 'cpc' },
    li_fat_id: { source: 'linkedin', medium: 'paid' },
    ttclid: { source: 'tiktok', medium: 'paid' },
    twclid: { source: 'twitter', medium: 'paid' },
    rdt_cid: { source: 'reddit', medium: 'paid' },
    yclid: { source: 'yandex', medium: 'cpc' },
    epik: { source: 'pinterest', medium: 'paid' },
    sccid: { source: 'snapchat', medium: 'paid' },
    irclickid: { source: 'impact', medium: 'affiliate' },
    // Facebook appends it to every outgoing link, paid or not: it names the network only.
    fbclid: { source: 'facebook', medium: 'social' },
  };
