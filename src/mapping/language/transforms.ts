/**
 * The named transforms of `as:`. Each works on one value, on its way from the vendor's JSON to a canonical value
 * (`pull`) and, where a way back exists, out again (`push`). The kind of the canonical field (phone, money, time …)
 * does its own reading after them, see `kinds.ts`.
 */
import { getDomain } from 'tldts';
import { z } from 'zod';
import { dealStatus } from '../../canonical/stage.ts';
import { readLandingPage, type UtmField } from '../../canonical/utm.ts';
import { casedId } from '../../support/cased-id.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import type { ReadContext, Reader } from './path.ts';

export interface Step {
  /** `value` is never blank. Null: blank. Undefined: cannot be read. */
  pull(value: Json, body: JsonObject, context: ReadContext): Json | undefined;
  /** Absent: there is no way back. */
  readonly push?: (value: Json) => Json | undefined;
}

/** Compiles a path of the mapping, and notes that the record has to hold it. */
export type ReaderOf = (path: string) => Reader;

/** Throws `ZodError` for arguments that the transform does not take. */
export type Transform = (args: unknown, readerOf: ReaderOf) => Step;

const none = z.undefined({ error: 'takes no setting' });

function transform<A>(args: z.ZodType<A>, make: (args: A, readerOf: ReaderOf) => Step): Transform {
  return (given, readerOf) => make(args.parse(given), readerOf);
}

function text(change: (value: string) => string | null | undefined): Step['pull'] {
  return (value) =>
    typeof value === 'object' || typeof value === 'boolean' ? undefined : change(String(value));
}

const asItIs = (value: Json): Json => value;

const utmFields = [
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'id',
  'sourcePlatform',
  'creativeFormat',
  'marketingTactic',
] as const satisfies readonly UtmField[];

const table: Readonly<Record<string, Transform>> = {
  trim: transform(none, () => ({ pull: text((value) => value.trim()), push: asItIs })),
  lower: transform(none, () => ({ pull: text((value) => value.toLowerCase()), push: asItIs })),
  upper: transform(none, () => ({ pull: text((value) => value.toUpperCase()), push: asItIs })),
  /** Keeps a pushed text within a field's length. */
  cut: transform(z.int().min(2), (length) => ({ pull: asItIs, push: (value) => cut(value, length) })),
  /** Vendors say 40 for what is 0.4 here. */
  percent: transform(
    z.strictObject({ decimals: z.int().min(0).max(10).default(2) }).prefault({}),
    ({ decimals }) => ({
      pull: (value) => numberOr(value, (number) => number / 100),
      push: (value) => numberOr(value, (number) => rounded(number * 100, decimals)),
    }),
  ),
  'first-name': transform(none, () => ({ pull: text((value) => nameParts(value).first) })),
  'last-name': transform(none, () => ({ pull: text((value) => nameParts(value).last) })),
  domain: transform(none, () => ({ pull: text(registeredDomain) })),
  utm: transform(z.enum(utmFields), (field) => ({
    pull: text((value) => readLandingPage(value).utm[field] ?? null),
  })),
  /** Salesforce ids with 18 characters, of which the last three say the case of the others, where a tool has lost it, too. */
  id18: transform(none, () => ({ pull: text(id18), push: asItIs })),
  /** Open, won or lost, from the flags that the vendor keeps beside the stage; blank without them. */
  status: transform(
    z.strictObject({ closed: z.string().optional(), won: z.string().optional() }),
    statusStep,
  ),
};

export const transforms: ReadonlyMap<string, Transform> = new Map(Object.entries(table));

/** Never through the middle of a character that takes two units. */
function cut(value: Json, length: number): Json {
  if (typeof value !== 'string' || value.length <= length) return value;
  return `${value.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function numberOr(value: Json, change: (number: number) => number): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? change(number) : undefined;
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** The last word is the family name, all before it the given names; a single word is a family name. */
function nameParts(full: string): { first: string | null; last: string } {
  const words = full.trim().split(/\s+/);
  const last = words.pop() ?? '';
  return { first: words.length > 0 ? words.join(' ') : null, last };
}

/** Sites on which many organizations have a page; their domain is nobody's in particular. */
const sharedDomains: ReadonlySet<string> = new Set([
  'facebook.com',
  'linkedin.com',
  'instagram.com',
  'twitter.com',
  'x.com',
  'youtube.com',
  'tiktok.com',
  'google.com',
  'xing.com',
  'yelp.com',
  'linktr.ee',
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'yahoo.com',
  'icloud.com',
  'aol.com',
  'proton.me',
  'gmx.de',
  'gmx.net',
  'web.de',
  'qq.com',
  '163.com',
  'mail.ru',
]);

/** `https://shop.acme.co.uk/x` and `ann@acme.co.uk` → `acme.co.uk`; null where it tells nothing. */
export function registeredDomain(value: string): string | null {
  const domain = getDomain(value.slice(value.lastIndexOf('@') + 1), { allowPrivateDomains: true });
  return domain === null || sharedDomains.has(domain) ? null : domain;
}

function id18(id: string): string {
  const given = id.trim();
  return casedId(given) ?? given;
}

function statusStep(
  paths: { closed?: string | undefined; won?: string | undefined },
  readerOf: ReaderOf,
): Step {
  const closed = paths.closed === undefined ? null : readerOf(paths.closed);
  const won = paths.won === undefined ? null : readerOf(paths.won);
  return {
    pull: (_, body, context) =>
      dealStatus({
        ...(closed ? { closed: flag(closed(body, context)) } : {}),
        ...(won ? { won: flag(won(body, context)) } : {}),
      }),
  };
}

function flag(value: Json | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : null;
}
