/**
 * What kind of site a host or the name of a source is. Hosts count by domain and path, never by words inside them:
 *
 * - `bing.com`: that host, also with `www.` or `m.` in front
 * - `*.duckduckgo.com`: that one and every host below it
 * - `google.*`: under `.com` and under every country (`google.de`, `google.co.uk`, `google.com.br`)
 * - `x.com/i/grok`: pages of that host whose path begins so
 * - `intrasearch`, without a dot: a source of that name, and every host of a domain of that name
 */
import { getDomainWithoutSuffix, getPublicSuffix } from 'tldts';
import { knownSites, type SourceKind } from './sources.ts';
import { hostOf, type Place, placeOf } from './utm.ts';

export interface SiteOptions {
  /** Added to the well-known sites. */
  readonly sites?: Readonly<Partial<Record<SourceKind, readonly string[]>>>;
  /** Domains of the company's own sites. */
  readonly own?: readonly string[];
}

export interface Sites {
  /** @param source a host, an address, or a name: `google.com`, `https://google.com/`, `Google Ads` */
  kindsOf(source: string): ReadonlySet<SourceKind>;
  kindsAt(place: Place): ReadonlySet<SourceKind>;
  isOwn(host: string): boolean;
}

export const sourceKinds = Object.keys(knownSites) as readonly SourceKind[];

export function siteBook({ sites = {}, own = [] }: SiteOptions = {}): Sites {
  const added = (kind: SourceKind) => (sites[kind] ?? []).map(asListed);
  const hosts = hostTable((kind) => [...knownSites[kind].hosts, ...added(kind).filter(isHost)]);
  const labels = (kind: SourceKind) => added(kind).filter((name) => !isHost(name));
  const names = namesOf((kind) => [...knownSites[kind].words, ...labels(kind)]);
  const ownHosts = new Set(own.map(hostOf).filter((host) => host !== ''));
  const domains = new Map(sourceKinds.map((kind) => [kind, new Set(labels(kind))]));
  const kindsAt = (place: Place) => {
    const label = getDomainWithoutSuffix(place.host) ?? '';
    return new Set([
      ...kindsIn(hosts, place),
      ...sourceKinds.filter((kind) => domains.get(kind)?.has(label)),
    ]);
  };
  return {
    kindsAt,
    kindsOf: (source) => {
      const place = /\s/.test(source.trim()) ? null : placeOf(source);
      return place && isHost(place.host) ? kindsAt(place) : kindsNamed(names, wordsOf(source));
    },
    isOwn: (host) => parentsOf(host).some((parent) => ownHosts.has(parent)),
  };
}

function isHost(name: string): boolean {
  return name.includes('.');
}

/** What an admin wrote, in the notation of the lists: an address stands for its host, and its path where it has one. */
function asListed(written: string): string {
  const name = written.trim();
  if (!isHost(name) || name.includes('*')) return name.toLowerCase();
  const { host, path } = placeOf(name);
  return host + path.replace(/\/$/, '');
}

interface Name {
  readonly kind: SourceKind;
  readonly words: readonly string[];
}

function namesOf(listed: (kind: SourceKind) => readonly string[]): Name[] {
  return sourceKinds.flatMap((kind) => listed(kind).map((name) => ({ kind, words: wordsOf(name) })));
}

function kindsNamed(names: readonly Name[], given: readonly string[]): Set<SourceKind> {
  const fitting = names.filter(({ words }) => words.every((word, at) => given[at] === word));
  return new Set(fitting.map(({ kind }) => kind));
}

/** What stands for a host alone, and what for it and all hosts below it. */
interface HostTable {
  readonly exact: ReadonlyMap<string, readonly Pages[]>;
  readonly below: ReadonlyMap<string, readonly Pages[]>;
}

/** Pages of a host whose path begins so; '' for all of them. */
interface Pages {
  readonly kind: SourceKind;
  readonly path: string;
}

function hostTable(listed: (kind: SourceKind) => readonly string[]): HostTable {
  const exact = new Map<string, Pages[]>();
  const below = new Map<string, Pages[]>();
  for (const kind of sourceKinds)
    for (const entry of listed(kind)) {
      const [, star, host = '', path = ''] = /^(\*\.)?([^/]*)(\/.*?)?\/?$/.exec(entry) ?? [];
      const table = star ? below : exact;
      table.set(host, [...(table.get(host) ?? []), { kind, path }]);
    }
  return { exact, below };
}

function kindsIn({ exact, below }: HostTable, { host, path }: Place): SourceKind[] {
  const spelt = spellings(host);
  const found = [
    ...spelt.flatMap((name) => [exact.get(name), exact.get(name.replace(/^m\./, ''))]),
    ...spelt.flatMap(parentsOf).map((parent) => below.get(parent)),
  ];
  return found.flatMap((pages = []) =>
    pages.filter((one) => `${path}/`.startsWith(`${one.path}/`)).map(({ kind }) => kind),
  );
}

/** The host itself, and with its ending as `*` where that is `.com` or a country's: `news.google.*`. */
function spellings(host: string): string[] {
  const suffix = getPublicSuffix(host) ?? '';
  const anywhere = /^(?:com|(?:com?\.)?[a-z]{2})$/.test(suffix) && host.length > suffix.length;
  return anywhere ? [host, `${host.slice(0, -suffix.length)}*`] : [host];
}

/** `a.b.c`, `b.c`, `c`. */
function parentsOf(host: string): string[] {
  const labels = host.split('.');
  return labels.map((_, at) => labels.slice(at).join('.'));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
