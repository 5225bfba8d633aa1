/** How one vendor field and one canonical field see each other's values: in, out, and whether two mean the same. */
import { z } from 'zod';
import type { CanonicalValue, FieldKind } from '../canonical/model.ts';
import type { Json, JsonObject } from '../support/json.ts';
import { isCurrencyCode } from '../support/money.ts';
import type { Chain } from './chain.ts';
import { type Codec, type CodecSettings, codecOf, isBlank, sameCanonical } from './kinds.ts';
import { nowhere, type ReadContext } from './path.ts';
import { isCountry } from './phone.ts';
import type { Scope } from './scope.ts';
import { isZone } from './time.ts';

export interface Lens {
  /** Null: blank. Undefined: nothing said, or nothing readable (then it is warned of). */
  read(raw: Json | undefined, body: JsonObject, context: ReadContext): CanonicalValue | undefined;
  write(value: CanonicalValue | undefined): { readonly value: Json } | { readonly missing: string };
  sameAs(held: Json, wanted: Json): boolean;
}

/** `canonical` and `vendor` name the two ends in messages. */
export function compileLens(
  canonical: string,
  vendor: string,
  chain: Chain,
  codec: Codec,
  scope: Scope,
): Lens {
  const { blankWords } = scope.file;
  const asText = scope.file.data.values === 'text';
  const read: Lens['read'] = (raw, body, context) => {
    if (raw === undefined) return undefined;
    if (isBlank(raw) || isBlankWord(raw, blankWords)) return null;
    const stepped = chain.pull(raw, body, context);
    if (stepped !== undefined && isBlank(stepped)) return null;
    const value = stepped === undefined ? undefined : codec.read(stepped, body, context);
    if (value === undefined) context.warn(vendor, `cannot read ${JSON.stringify(raw).slice(0, 80)}`);
    return value;
  };
  const alone = (raw: Json) => read(raw, {}, nowhere);
  return {
    read,
    write: (value) => {
      if (value === undefined) return { missing: `There is no value for ${canonical}.` };
      if (value === null) return { value: null };
      const written = codec.write(value);
      const pushed = written === undefined ? undefined : chain.push?.(written);
      if (pushed === undefined) return { missing: noCounterpart(canonical, vendor, value, chain) };
      return { value: asText && typeof pushed !== 'object' ? String(pushed) : pushed };
    },
    sameAs: (held, wanted) => held === wanted || sameReadable(alone(held), alone(wanted), codec),
  };
}

/** What cannot be read is equal to nothing. */
function sameReadable(
  held: CanonicalValue | undefined,
  wanted: CanonicalValue | undefined,
  { same = sameCanonical }: Codec,
): boolean {
  return held !== undefined && same(held, wanted);
}

const longestBlankWord = 40;

function isBlankWord(raw: Json, words: ReadonlySet<string>): boolean {
  if (words.size === 0 || typeof raw !== 'string' || raw.length > longestBlankWord) return false;
  return words.has(raw.trim().toLowerCase());
}

function noCounterpart(canonical: string, vendor: string, value: CanonicalValue, chain: Chain): string {
  const told = JSON.stringify(value);
  if (!chain.picklist) return `${canonical} ${told} has no form in ${vendor}.`;
  return `${canonical} ${told} has no line in the table of ${vendor}. Add one.`;
}

const settings = z
  .strictObject({
    country: z.string().refine(isCountry, { error: 'is no country code such as DE' }),
    currency: z.string(),
    zone: z.string().refine(isZone, { error: 'is no time zone such as Europe/Berlin' }),
    separator: z.string().min(1),
  })
  .partial()
  .prefault({});

/** The codec of a kind, with what `as: { <kind>: { … } }` sets. */
export function compileCodec(kind: FieldKind, given: unknown, scope: Scope): Codec {
  return codecOf[kind](codecSettings(given, scope));
}

/** `currency` is a code (`EUR`) or the name of the field that holds it. */
function codecSettings(given: unknown, scope: Scope): CodecSettings {
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const message = `${issue?.path.join('.') ?? 'as'}: ${issue?.message ?? 'wrong setting'}.`;
    scope.complain(message, 'mappings/README.md lists the settings of each kind.');
  }
  const { country, currency, zone, separator } = parsed.data ?? {};
  const { file } = scope;
  const code = currency !== undefined && isCurrencyCode(currency);
  return {
    country: country ?? file.country,
    currency: code ? currency : file.currency,
    ...(currency !== undefined && !code ? { currencyField: scope.reader(currency) } : {}),
    zone: zone ?? file.zone,
    separator: separator ?? ';',
    text: file.data.values === 'text',
  };
}
