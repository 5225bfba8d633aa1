/** From what an admin wrote to what a connector gets: checked by its schema, or refused with words. */
import { z } from 'zod';
import { Problem } from '../support/problem.ts';
import type { Connector } from './contract.ts';

/** What a connector may say about a field with `.meta(…)`. */
const fieldMeta = z.object({
  label: z.string().optional(),
  help: z.string().optional(),
  example: z.unknown().optional(),
  secret: z.boolean().optional(),
});
type FieldMeta = z.infer<typeof fieldMeta>;

type Schema = z.core.$ZodType;

/** Throws a `configuration` Problem that names each wrong field and what would be right; no secret in it. */
export function parseConfig<C>(
  connector: Pick<Connector<C>, 'title' | 'config'>,
  connection: string,
  raw: unknown,
): C {
  const result = connector.config.safeParse(raw);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => describe(connector.config, issue));
  throw new Problem('configuration', lines.join('\n'), {
    where: `connection "${connection}" (${connector.title})`,
    remedy: `Correct ${lines.length === 1 ? 'this setting' : 'these settings'} and try again.`,
  });
}

function describe(schema: Schema, issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String);
  const meta = metaAt(schema, path);
  const name = path.length === 0 ? 'the settings as a whole' : path.join('.');
  const label = meta.label === undefined ? '' : ` (${meta.label})`;
  const right = [meta.help, example(meta)].filter((text) => text !== undefined);
  return [`${name}${label}: ${wordsOf(issue)}.`, ...right].join(' ');
}

/** For a choice between forms, what each of them asks for. */
function wordsOf(issue: z.core.$ZodIssue): string {
  const choices = issue.code === 'invalid_union' ? issue.errors.flat().map(wordsOf) : [];
  return choices.length > 0 ? choices.join(', or ') : issue.message.replace(/^Invalid input: /, '');
}

function example({ example }: FieldMeta): string | undefined {
  if (example === undefined) return undefined;
  return `Example: ${typeof example === 'string' ? example : JSON.stringify(example)}`;
}

/** Of several schemas at one place (a field and its default), the outer one's words count. */
function metaAt(schema: Schema, path: readonly string[]): FieldMeta {
  let found: FieldMeta = {};
  walk(schema, (at, meta) => {
    const here = at.length === path.length && at.every((name, n) => name === path[n] || name === anyMember);
    if (here) found = { ...meta, ...found };
  });
  return found;
}

/** Every text in `raw` that lies at or below a field marked `secret`. Works on settings that do not parse. */
export function secretsIn(schema: Schema, raw: unknown): string[] {
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
function walk(schema: Schema, visit: Visit, path: readonly string[] = []): void {
  visit(path, fieldMeta.parse(z.globalRegistry.get(schema) ?? {}));
  for (const [name, inner] of membersOf(schema)) walk(inner, visit, [...path, name]);
  for (const inner of formsOf(schema)) walk(inner, visit, path);
}

function membersOf(schema: Schema): readonly (readonly [string, Schema])[] {
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape);
  if (schema instanceof z.ZodArray) return [[anyMember, schema.element]];
  if (schema instanceof z.ZodRecord) return [[anyMember, schema.valueType]];
  return [];
}

function formsOf(schema: Schema): readonly Schema[] {
  if (schema instanceof z.ZodUnion) return schema.options;
  if (schema instanceof z.ZodPipe) return [schema.in, schema.out];
  if (schema instanceof z.ZodIntersection) return [schema.def.left, schema.def.right];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return [schema.unwrap()];
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return [schema.unwrap()];
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodNonOptional) return [schema.unwrap()];
  return [];
}
