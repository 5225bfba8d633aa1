/** One line of `fields:`, compiled. */
import {
  type CanonicalValue,
  canonicalFields,
  type EntityKind,
  type FieldKind,
} from '../../canonical/model.ts';
import type { JsonObject } from '../../support/json.ts';
import { didYouMean } from '../../support/nearest.ts';
import { type Chain, compileChain } from '../language/chain.ts';
import type { CompiledField, Rule } from '../language/compiled.ts';
import { type Condition, compileWhen } from '../language/conditions.ts';
import type { Codec } from '../language/kinds.ts';
import { compileCodec, compileLens } from '../language/lens.ts';
import { nameOf, type ReadContext, type Reader } from '../language/path.ts';
import type { FieldEntry } from '../language/schema.ts';
import type { Scope } from '../language/scope.ts';
import { directions, parseRule, ruleWords, withSystem } from '../language/words.ts';

export interface ReadableField extends CompiledField {
  /** Of an amount: the path of the field that says its currency. */
  readonly currencyPath?: string;
  /** Null: known to be blank. Undefined: the record says nothing, or nothing readable (then it is warned of). */
  read(body: JsonObject, context: ReadContext): CanonicalValue | undefined;
}

type Read = ReadableField['read'];

export function compileField(
  canonical: string,
  given: string | FieldEntry,
  entity: EntityKind,
  scope: Scope,
): ReadableField {
  const entry = entryOf(given);
  const vendor = nameOf(entry.field);
  const rule = ruleOf(entry, scope);
  const chain = compileChain(entry, vendor, scope);
  const kind = kindOf(canonical, entry, chain, entity, scope);
  const codec = compileCodec(kind, canonical, chain.kind?.settings, scope.at('as'));
  const lens = compileLens(canonical, vendor, chain, codec, scope);
  const { pulls, pushes } = directions(rule, scope.file.connection);
  if (kind === 'list' && entry.table !== undefined) {
    scope
      .at('table')
      .complain('A table maps one value, not a list of them.', 'Leave it out; options are kept as they are.');
  }
  if (pushes && chain.push === undefined) {
    const message = `"${canonical}" cannot be pushed: its transform has no way back.`;
    scope.complain(message, 'Give it the rule "pull only", or use a transform that has an inverse.');
  }
  return {
    entity,
    canonical,
    kind,
    vendor,
    path: scope.fullPath(entry.field),
    rule,
    blanks: entry.blanks ?? 'keep',
    ...(chain.picklist ? { picklist: chain.picklist } : {}),
    line: scope.line,
    pulls,
    pushes,
    creates: pushes,
    silent: entry.silent ?? false,
    ...(codec.currencyPath === undefined ? {} : { currencyPath: codec.currencyPath }),
    read: compileRead(entry, canonical, chain, lens.read, codec, scope),
    toVendor: (fields, holder) => lens.write(fields[canonical], holder),
    sameAs: lens.sameAs,
  };
}

/** What `provision` makes only when asked for is a field that not every account has. */
function entryOf(given: string | FieldEntry): FieldEntry {
  if (typeof given === 'string') return { field: given };
  const { field, provision } = given;
  return provision?.detail === true && nameOf(field) === field ? { ...given, field: `${field}?` } : given;
}

function ruleOf(entry: FieldEntry, scope: Scope): Rule {
  if (entry.rule === undefined) return { kind: 'pull-only' };
  const rule = parseRule(entry.rule);
  if (rule) return withSystem(rule, (system) => scope.file.connectionOf(system));
  scope.at('rule').complain(`"${entry.rule}" is not a rule.`, didYouMean(entry.rule, ruleWords));
  return { kind: 'off' };
}

function kindOf(
  canonical: string,
  entry: FieldEntry,
  chain: Chain,
  entity: EntityKind,
  scope: Scope,
): FieldKind {
  const fields = canonicalFields[entity];
  const known = Object.hasOwn(fields, canonical) ? fields[canonical] : undefined;
  if (known === undefined && !canonical.startsWith('custom.')) {
    const remedy = `${didYouMean(canonical, Object.keys(fields))} Fields of your own are called custom.<name>.`;
    scope.complain(`${entity} has no field "${canonical}".`, remedy);
  }
  const named = entry.kind ?? chain.kind?.name;
  const kind = known ?? named ?? 'text';
  if (named !== undefined && named !== kind) {
    const remedy = `Leave out "${named}", or map it to a field of that kind.`;
    scope.complain(`"${canonical}" is of kind ${kind}, not ${named}.`, remedy);
  }
  return kind;
}

type LensRead = ReturnType<typeof compileLens>['read'];

function compileRead(
  entry: FieldEntry,
  canonical: string,
  chain: Chain,
  through: LensRead,
  codec: Codec,
  scope: Scope,
): Read {
  const reader = scope.reader(entry.field);
  const source = chain.expression === undefined ? reader : computed(chain.expression);
  const own: Read = (body, context) => through(source(body, context), body, context);
  const read =
    entry.or === undefined ? own : either(own, compileFallback(entry.or, canonical, codec, scope.at('or')));
  return entry.when === undefined ? read : guarded(read, compileWhen(entry.when, scope.at('when')));
}

/** The value of a JSONata expression, evaluated before (`CompiledObject.prepare`). */
function computed(expression: string): Reader {
  return (_, { record }) => record.computed?.[expression];
}

function compileFallback(
  given: NonNullable<FieldEntry['or']>,
  canonical: string,
  codec: Codec,
  scope: Scope,
): Read {
  const entry = typeof given === 'string' ? { field: given } : given;
  const lens = compileLens(
    canonical,
    nameOf(entry.field),
    compileChain(entry, entry.field, scope),
    codec,
    scope,
  );
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
