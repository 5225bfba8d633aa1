/** How one vendor field and one canonical field see each other's values: in, out, and whether two mean the same. */
import { z } from 'zod';
import { type CanonicalValue, ends, type FieldKind, holdsLines } from '../../canonical/model.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import { currencyCodes, isCurrencyCode, looksLikeCurrency } from '../../support/money.ts';
import { didYouMean } from '../../support/nearest.ts';
import { visibleLine, visibleText } from '../../support/text.ts';
import { isZone } from '../../support/zones.ts';
import type { Chain } from './chain.ts';
import type { Holder } from './compiled.ts';
import { type Codec, type CodecSettings, codecOf, isBlank, sameCanonical } from './kinds.ts';
import { isPath, nowhere, type ReadContext } from './path.ts';
import { isCountry } from './phone.ts';
import type { Scope } from './scope.ts';

export interface Lens {
  /** Null: blank. Undefined: nothing said, or nothing readable (then it is warned of). */
  read(raw: Json | undefined, body: JsonObject, context: ReadContext): CanonicalValue | undefined;
  write(
    value: CanonicalValue | undefined,
    holder?: Holder,
  ): { readonly value: Json } | { readonly missing: string };
  sameAs(held: Json, wanted: Json, holder?: Holder): boolean;
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
  const visible = visibleBy(holdsLines(canonical) ? visibleText : visibleLine);
  const read: Lens['read'] = (raw, body, context) => {
    if (raw === undefined) return undefined;
    if (isBlank(raw) || isBlankWord(raw, blankWords)) return null;
    const stepped = chain.pull(raw, body, context);
    if (stepped !== undefined && isBlank(stepped)) return null;
    const value = stepped === undefined ? undefined : codec.read(stepped, body, context);
    if (value === undefined) context.warn(vendor, `cannot read ${JSON.stringify(raw).slice(0, 80)}`, true);
    return value;
  };
  return {
    read,
    write: (value, holder) => {
      if (value === undefined) return { missing: `There is no value for ${canonical}.` };
      if (value === null) return { value: null };
      const bar = holder && codec.bars?.(value, holder.body, within(holder));
      if (bar !== undefined) return { missing: `${canonical} ${bar}.` };
      const shown = visible(value);
      const written = shown === null ? null : codec.write(shown);
      if (written === null) return { value: null };
      const pushed = written === undefined ? undefined : chain.push?.(written);
      if (pushed === undefined) return { missing: noCounterpart(canonical, vendor, value, chain) };
      return { value: asText && typeof pushed !== 'object' ? String(pushed) : pushed };
    },
    sameAs: (held, wanted, holder = nobody) => {
      if (held === wanted) return true;
      const [body, context] = [holder.body, within(holder)];
      const shown = (raw: Json) => {
        const value = read(raw, body, context);
        return value === undefined ? undefined : visible(value);
      };
      return sameReadable(shown(held), shown(wanted), codec);
    },
  };
}

/** Of a value as others may see it, with what is left when nothing in it can be seen: a blank. */
function visibleBy(clean: (text: string) => string): (value: CanonicalValue) => CanonicalValue {
  const shown = (text: string) => clean(text).trim();
  return (value) => {
    if (typeof value === 'string') return shown(value) || null;
    if (!Array.isArray(value)) return value;
    const items = value.map((item) => shown(String(item))).filter((item) => item !== '');
    return items.length > 0 ? items : null;
  };
}

const nobody: Holder = { body: {} };

/** For looking at a value that stands, or is to stand, in that record. */
function within(holder: Holder): ReadContext {
  return { ...nowhere, record: { ...nowhere.record, ...holder } };
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
    country: z.string().refine((text) => isCountry(text) || isPath(text), {
      error: 'is neither a country code such as DE nor a field',
    }),
    currency: z.string(),
    zone: z.string().refine(isZone, { error: 'is not a time zone such as Europe/Berlin' }),
    separator: z.string().min(1),
  })
  .partial()
  .prefault({});

/** The codec of a kind, with what `as: { <kind>: { … } }` sets. */
export function compileCodec(kind: FieldKind, canonical: string, given: unknown, scope: Scope): Codec {
  return codecOf[kind]({ ...codecSettings(given, scope), isEnd: ends.has(canonical) });
}

/** `currency` is a code (`EUR`) or the name of the field that holds it; so is `country` (`DE`). */
function codecSettings(given: unknown, scope: Scope): CodecSettings {
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const message = `${issue?.path.join('.') ?? 'as'}: ${issue?.message ?? 'wrong setting'}.`;
    scope.complain(message, 'mappings/README.md lists the settings of each kind.');
  }
  const { country, currency, zone, separator } = parsed.data ?? {};
  const { file } = scope;
  return {
    ...countrySettings(country, scope),
    ...currencySettings(currency, scope),
    zone: zone ?? file.zone,
    separator: separator ?? ';',
    text: file.data.values === 'text',
  };
}

function countrySettings(
  country: string | undefined,
  scope: Scope,
): Pick<CodecSettings, 'country' | 'countryField'> {
  if (country !== undefined && isCountry(country)) return { country };
  const field = country === undefined ? scope.country : scope.reader(country);
  return { country: scope.file.country, ...(field ? { countryField: field } : {}) };
}

function currencySettings(
  currency: string | undefined,
  scope: Scope,
): Pick<CodecSettings, 'currency' | 'currencyIsFixed' | 'currencyField' | 'currencyPath'> {
  if (currency === undefined) return { currency: scope.file.currency };
  if (isCurrencyCode(currency)) return { currency, currencyIsFixed: true };
  if (looksLikeCurrency(currency))
    scope.complain(`"${currency}" is not a currency code of ISO 4217.`, didYouMean(currency, currencyCodes));
  return { currency: scope.file.currency, currencyField: scope.reader(currency), currencyPath: currency };
}
