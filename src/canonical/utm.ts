/**
 * Campaign parameters of a landing page. Whatever the address looks like (cut off, doubly escaped, half
 * decoded, typed by hand), reading it never throws and never loses the parameters that can still be read.
 */

export type UtmField =
  | 'source'
  | 'medium'
  | 'campaign'
  | 'term'
  | 'content'
  | 'id'
  | 'sourcePlatform'
  | 'creativeFormat'
  | 'marketingTactic';

export type Utm = Readonly<Partial<Record<UtmField, string>>>;

const utmParameters: ReadonlyMap<string, UtmField> = new Map([
  ['utm_source', 'source'],
  ['utm_medium', 'medium'],
  ['utm_campaign', 'campaign'],
  ['utm_term', 'term'],
  ['utm_content', 'content'],
  ['utm_id', 'id'],
  ['utm_source_platform', 'sourcePlatform'],
  ['utm_creative_format', 'creativeFormat'],
  ['utm_marketing_tactic', 'marketingTactic'],
]);

/** Ids that ad networks append to the link; their presence names the network when nobody tagged the link. */
export const clickIdParameters = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'msclkid',
  'li_fat_id',
  'ttclid',
  'twclid',
  'rdt_cid',
  'yclid',
  'epik',
  'sccid',
  'irclickid',
] as const;
export type ClickId = (typeof clickIdParameters)[number];
export type ClickIds = Readonly<Partial<Record<ClickId, string>>>;

export interface LandingPage {
  readonly utm: Utm;
  readonly clickIds: ClickIds;
}

/** Longer values are junk or an attack; every vendor's field is shorter. */
const longestValue = 500;

const clickIdNames: ReadonlySet<string> = new Set(clickIdParameters);

/**
 * Reads UTM and click ids from an address: absolute, relative, or a bare query. Names are matched without
 * regard to case. A parameter that occurs several times counts where it first has a value, the query before
 * the fragment (single-page apps carry parameters there).
 */
export function readLandingPage(address: string): LandingPage {
  if (address !== last.address) last = { address, page: read(address) };
  return last.page;
}

/** A mapping asks for one address many times in a row, a field of it each time. */
let last: { readonly address: string; readonly page: LandingPage } = {
  address: '',
  page: { utm: {}, clickIds: {} },
};

function read(address: string): LandingPage {
  const utm: Partial<Record<UtmField, string>> = {};
  const clickIds: Partial<Record<ClickId, string>> = {};
  if (!/utm|cl|braid|fat_id|cid|epik/i.test(address)) return { utm, clickIds };
  for (const [name, value] of parametersOf(address)) {
    const field = utmParameters.get(name);
    if (field !== undefined) utm[field] ??= value;
    else if (isClickId(name)) clickIds[name] ??= value;
  }
  return { utm, clickIds };
}

export function hasUtm(page: LandingPage): boolean {
  return Object.keys(page.utm).length > 0;
}

function isClickId(name: string): name is ClickId {
  return clickIdNames.has(name);
}

/** Query first, then fragment. `&amp;` comes from links copied out of HTML; `;` is the older separator. */
function* parametersOf(address: string): Generator<readonly [string, string]> {
  const [beforeHash = '', ...fragments] = address.split('#');
  for (const part of [beforeHash, ...fragments]) {
    const query = part.includes('?') ? part.slice(part.indexOf('?') + 1) : part;
    for (const pair of query.replaceAll('&amp;', '&').split(/[&;?]/)) {
      const equals = pair.indexOf('=');
      if (equals < 1) continue;
      const value = decode(pair.slice(equals + 1))
        .trim()
        .slice(0, longestValue);
      if (value !== '') yield [decode(pair.slice(0, equals)).trim().toLowerCase(), value];
    }
  }
}

/** Percent-decoding that keeps what is no valid escape as it stands. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun);
  }
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

export interface Place {
  /** In lower case, without `www.`; empty where there is none. */
  readonly host: string;
  readonly path: string;
}

/** Host and path of an address or bare host name, of an app (`android-app://com.google.android.gm/`) too. Never throws. */
export function placeOf(address: string): Place {
  const text = address.trim();
  const url = URL.parse(text) ?? URL.parse(`https://${text}`);
  const host = (url?.hostname ?? '').toLowerCase().replace(/\.$/, '');
  return { host: host.replace(/^www\./, ''), path: url?.pathname ?? '' };
}

/** Host of an address or bare host name, without `www.`; empty where there is none. Never throws. */
export function hostOf(address: string): string {
  return placeOf(address).host;
}
