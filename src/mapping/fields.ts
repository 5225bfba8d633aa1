/** One line of `fields:`, compiled: how it is read, written and compared. */
import { z } from 'zod';
import { type CanonicalValue, canonicalFields, type EntityKind, type FieldKind } from '../canonical/model.ts';
import type { Json, JsonObject } from '../support/json.ts';
import { isCurrencyCode } from '../support/money.ts';
import { type Chain, compileChain } from './chain.ts';
import type { CompiledField, Rule } from './compiled.ts';
import { type Condition, compileWhen } from './conditions.ts';
import { type Codec, type CodecSettings, codecOf, isBlank, sameCanonical } from './kinds.ts';
import type { ReadContext, Reader } from './path.ts';
import { isCountry } from './phone.ts';
import type { FieldEntry } from './schema.ts';
import type { Scope } from './scope.ts';
import { didYouMean } from './suggest.ts';
import { isZone } from './time.ts';
import { directions, parseRule, ruleWords, withSystem } from './words.ts';

export interface ReadableField extends CompiledField {
  /** Null: known to be blank. Undefined: the record says nothing, or nothing readable (then it is warned of). */
  read(body: JsonObject, context: ReadContext): CanonicalValue | undefined;
}

export function compileField(
  canonical: string,
  given: string | FieldEntry,
  entity: EntityKind,
  scope: Scope,
): ReadableField {
  const entry: FieldEntry = typeof given === 'string' ? { field: given } : given;
  const rule = ruleOf(entry, scope);
  const { pulls, pushes } = directions(rule, scope.file.connection);
  const chain = compileChain(entry, entry.field, scope);
  const kind = kindOf(canonical, entry, chain, entity, scope);
  const codec = codecOf[kind](codecSettings(chain.kind?.settings, scope.at('as')));
  const reader = scope.reader(entry.field);
  const lens = lensOf(canonical, entry, chain, codec, scope);
  if (pushes && chain.push === undefined) {
    scope.complain(
      `"${canonical}" cannot be pushed: its transform has no way back.`,
      'Give it the rule "pull only", or use a transform that has an inverse.',
    );
  }
  const source = chain.expression === undefined ? reader : computed(chain.expression);
  const own: Read = (body, context) => lens.read(source(body, context), body, context);
  const read =
    entry.or === undefined ? own : either(own, compileFallback(entry.or, canonical, codec, scope.at('or')));
  return {
    entity,
    canonical,
    kind,
    vendor: entry.field,
    path: scope.fullPath(entry.field),
    rule,
    blanks: entry.blanks ?? 'keep',
    ...(chain.picklist ? { picklist: chain.picklist } : {}),
    line: scope.line,
    pulls,
    pushes,
    creates: pushes,
    silent: entry.silent ?? false,
    read: entry.when === undefined ? read : guarded(read, compileWhen(entry.when, scope.at('when'))),
    toVendor: (fields) => lens.write(fields[canonical]),
    sameAs: lens.sameAs,
  };
}

function ruleOf(entry: FieldEntry, scope: Scope): Rule {
  if (entry.rule === undefined) return { kind: 'pull-only' };
  const rule = parseRule(entry.rule);
  if (rule) return withSystem(rule, (system) => scope.file.connectionOf(system));
  scope.at('rule').complain(`"${entry.rule}" is no rule.`, didYouMean(entry.rule, ruleWords));
  return { kind: 'off' };
}

function kindOf(
  canonical: string,
  entry: FieldEntry,
  chain: Chain,
  entity: EntityKind,
  scope: Scope,
): FieldKind {
  const known = canonicalFields[entity][canonical];
  if (known === undefined && !canonical.startsWith('custom.')) {
    const names = Object.keys(canonicalFields[entity]);
    scope.complain(
      `${entity} has no field "${canonical}".`,
      `${didYouMean(canonical, names)} Fields of your own are called custom.<name>.`,
    );
  }
  const named = entry.kind ?? chain.kind?.name;
  const kind = known ?? named ?? 'text';
  if (named !== undefined && named !== kind) {
    scope.complain(
      `"${canonical}" is of kind ${kind}, not ${named}.`,
      `Leave out "${named}", or map it to a field of that kind.`,
    );
  }
  return kind;
}

const codecArgs = z
  .strictObject({
    country: z.string().refine(isCountry, { error: 'is no country code such as DE' }),
    currency: z.string(),
    zone: z.string().refine(isZone, { error: 'is no time zone such as Europe/Berlin' }),
    separator: z.string().min(1),
  })
  .partial()
  .prefault({});

/** `currency` is a code (`EUR`) or the name of the field that holds it. */
function codecSettings(given: unknown, scope: Scope): CodecSettings {
  const parsed = codecArgs.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    scope.complain(
      `${issue?.path.join('.') ?? 'as'}: ${issue?.message ?? 'wrong setting'}.`,
      'mappings/README.md lists the settings of each kind.',
    );
  }
  const { country, currency, zone, separator } = parsed.data ?? {};
  const { file } = scope;
  return {
    country: country ?? file.country,
    currency: currency !== undefined && isCurrencyCode(currency) ? currency : file.currency,
    ...(currency !== undefined && !isCurrencyCode(currency) ? { currencyField: scope.reader(currency) } : {}),
    zone: zone ?? file.zone,
    separator: separator ?? ';',
    text: file.data.values === 'text',
  };
}

type Read = ReadableField['read'];

function compileFallback(
  given: NonNullable<FieldEntry['or']>,
  canonical: string,
  codec: Codec,
  scope: Scope,
): Read {
  const entry: FieldEntry = typeof given === 'string' ? { field: given } : given;
  const lens = lensOf(canonical, entry, compileChain(entry, entry.field, scope), codec, scope);
  const reader = scope.reader(entry.field);
  return (body, context) => lens.read(reader(body, context), body, context);
}

/** The second where the first has nothing; a blank stays a blank when neither has anything. */
function either(first: Read, second: Read): Read {
  return (body, context) => {
    const value = first(body, context);
    return value === undefined || value === null ? (second(body, context) ?? value) : value;
  };
}

function guarded(read: Read, when: Condition): Read {
  return (body, context) => (when(body, context) ? read(body, context) : undefined);
}

function computed(expression: string): Reader {
  return (_, { record }) => record.computed?.[expression];
}

type Lens = Pick<ReadableField, 'sameAs'> & {
  read(raw: Json | undefined, body: JsonObject, context: ReadContext): CanonicalValue | undefined;
  write(value: CanonicalValue | undefined): { readonly value: Json } | { readonly missing: string };
};

/** How one vendor field and one canonical field see each other's values. */
function lensOf(canonical: string, entry: FieldEntry, chain: Chain, codec: Codec, scope: Scope): Lens {
  const { blankWords } = scope.file;
  const asText = scope.file.data.values === 'text';
  const read: Lens['read'] = (raw, body, context) => {
    if (raw === undefined) return undefined;
    if (isBlank(raw) || isBlankWord(raw, blankWords)) return null;
    const stepped = chain.pull(raw, body, context);
    if (stepped !== undefined && isBlank(stepped)) return null;
    const value = stepped === undefined ? undefined : codec.read(stepped, body, context);
    return value === undefined ? unreadable(entry.field, raw, context) : value;
  };
  const silent = (raw: Json) => read(raw, {}, nowhere);
  return {
    read,
    write: (value) => {
      if (value === undefined) return { missing: `There is no value for ${canonical}.` };
      if (value === null) return { value: null };
      const written = codec.write(value);
      const pushed = written === undefined ? undefined : chain.push?.(written);
      if (pushed === undefined) return { missing: noCounterpart(canonical, value, entry) };
      return { value: asText && typeof pushed !== 'object' ? String(pushed) : pushed };
    },
    sameAs: (held, wanted) =>
      held === wanted || (isBlank(held) && isBlank(wanted)) || sameCanonical(silent(held), silent(wanted)),
  };
}

const longestBlankWord = 40;

function isBlankWord(raw: Json, words: ReadonlySet<string>): boolean {
  if (words.size === 0 || typeof raw !== 'string' || raw.length > longestBlankWord) return false;
  return words.has(raw.trim().toLowerCase());
}

function unreadable(field: string, raw: Json, context: ReadContext): undefined {
  context.warn(field, `cannot read ${JSON.stringify(raw).slice(0, 80)}`);
  return undefined;
}

function noCounterpart(canonical: string, value: CanonicalValue, entry: FieldEntry): string {
  const told = JSON.stringify(value);
  if (entry.table === undefined) return `${canonical} ${told} has no form in ${entry.field}.`;
  return `${canonical} ${told} has no line in the table of ${entry.field}. Add one.`;
}

const nowhere: ReadContext = {
  record: {
    ref: { connection: '', object: '', id: '' },
    body: {},
    createdAt: 0,
    modifiedAt: 0,
    fieldTimes: {},
  },
  warn: () => {},
};
