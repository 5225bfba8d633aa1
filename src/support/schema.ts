/** Schemas of settings, read for their words: what is wrong with what an admin wrote, and what would be right. */
import { z } from 'zod';
import { didYouMean } from './nearest.ts';

export type Schema<T = unknown> = z.ZodType<T>;
type AnySchema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** What a field's `.meta(…)` may say. */
const fieldMeta = z.object({
  label: z.string().optional(),
  help: z.string().optional(),
  example: z.unknown().optional(),
  secret: z.boolean().optional(),
});
type FieldMeta = z.infer<typeof fieldMeta>;

/** One thing that is wrong. Says nothing of the value itself, which may be a secret. */
export interface Complaint {
  readonly path: readonly string[];
  readonly message: string;
  /** What would be right, where the schema says so. */
  readonly remedy: string | undefined;
}

export type Inspected<T> =
  | { readonly right: true; readonly data: T }
  | { readonly right: false; readonly complaints: readonly Complaint[] };

/** Everything that is wrong, so that it can be mended in one go. */
export function inspect<T>(schema: Schema<T>, raw: unknown): Inspected<T> {
  const result = schema.safeParse(raw, { reportInput: true });
  if (result.success) return { right: true, data: result.data };
  return { right: false, complaints: result.error.issues.flatMap((issue) => complaintsOf(schema, issue)) };
}

function complaintsOf(schema: AnySchema, issue: Issue): Complaint[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(schema, path, key));
  const meta = metaAt(schema, path);
  const name = path.length === 0 ? 'the settings as a whole' : path.join('.');
  const label = meta.label === undefined ? '' : ` (${meta.label})`;
  const right = [meta.help, example(meta)].filter((text) => text !== undefined);
  const remedy = right.length > 0 ? right.join(' ') : undefined;
  return [{ path, message: `${name}${label}: ${wordsOf(issue)}.`, remedy }];
}

function unknownKey(schema: AnySchema, path: readonly string[], key: string): Complaint {
  const full = [...path, key];
  return {
    path: full,
    message: `${full.join('.')}: there is no such setting.`,
    remedy: didYouMean(key, keysAt(schema, path)),
  };
}

/** For a choice between forms, what each of them asks for; for a key, what a key has to look like. */
function wordsOf(issue: Issue): string {
  const choices = issue.code === 'invalid_union' ? issue.errors.flat().map(wordsOf) : [];
  if (choices.length > 0) return choices.join(', or ');
  if (issue.code === 'invalid_key') return `the name should have ${issue.issues.map(wordsOf).join(', ')}`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  return issue.message.replace(/^Invalid input: /, '').replace('expected record', 'expected a map of names');
}

function example({ example }: FieldMeta): string | undefined {
  if (example === undefined) return undefined;
  return `Example: ${typeof example === 'string' ? example : JSON.stringify(example)}`;
}

/** Of several schemas at one place (a field and its default), the outer one's words count. */
function metaAt(schema: AnySchema, path: readonly string[]): FieldMeta {
  let found: FieldMeta = {};
  walk(schema, (at, meta) => {
    if (isAt(at, path)) found = { ...meta, ...found };
  });
  return found;
}

function keysAt(schema: AnySchema, path: readonly string[]): string[] {
  const keys: string[] = [];
  walk(schema, (at) => {
    const key = at.at(-1);
    if (key !== undefined && isAt(at.slice(0, -1), path) && !keys.includes(key)) keys.push(key);
  });
  return keys;
}

function isAt(place: readonly string[], path: readonly string[]): boolean {
  return place.length === path.length && place.every((name, n) => name === path[n] || name === anyMember);
}

/** Every text in `raw` that lies at or below a field marked `secret`. Works on settings that do not parse. */
export function secretsIn(schema: AnySchema, raw: unknown): string[] {
  const texts: string[] = [];
  walk(schema, (path, meta) => {
    if (meta.secret === true) texts.push(...valuesAt(raw, path).flatMap(textsBelow));
  });
  return texts;
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  const members = name === anyMember ? Object.values(value) : [Reflect.get(value, name)];
  return members.flatMap((member) => valuesAt(member, rest));
}

function textsBelow(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsBelow);
}

/** Stands in a path for every item of a list and every value of a record. */
const anyMember = '*';

type Visit = (path: readonly string[], meta: FieldMeta) => void;

/** Visits a schema and all schemas inside it; wrappers (optional, default, pipe, union) keep the path. */
function walk(schema: AnySchema, visit: Visit, path: readonly string[] = []): void {
  visit(path, fieldMeta.parse(z.globalRegistry.get(schema) ?? {}));
  for (const [name, inner] of membersOf(schema)) walk(inner, visit, [...path, name]);
  for (const inner of formsOf(schema)) walk(inner, visit, path);
}

function membersOf(schema: AnySchema): readonly (readonly [string, AnySchema])[] {
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape);
  if (schema instanceof z.ZodArray) return [[anyMember, schema.element]];
  if (schema instanceof z.ZodRecord) return [[anyMember, schema.valueType]];
  return [];
}

function formsOf(schema: AnySchema): readonly AnySchema[] {
  if (schema instanceof z.ZodUnion) return schema.options;
  if (schema instanceof z.ZodPipe) return [schema.in, schema.out];
  if (schema instanceof z.ZodIntersection) return [schema.def.left, schema.def.right];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return [schema.unwrap()];
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return [schema.unwrap()];
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodNonOptional) return [schema.unwrap()];
  return [];
}
