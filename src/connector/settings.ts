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
  const label = meta?.label === undefined ? '' : ` (${meta.label})`;
  const right = [meta?.help, example(meta)].filter((text) => text !== undefined);
  return [`${name}${label}: ${issue.message.replace(/^Invalid input: /, '')}.`, ...right].join(' ');
}

function example(meta: FieldMeta | undefined): string | undefined {
  if (meta?.example === undefined || meta.secret === true) return undefined;
  return `Example: ${typeof meta.example === 'string' ? meta.example : JSON.stringify(meta.example)}`;
}

function metaAt(schema: Schema, path: readonly string[]): FieldMeta | undefined {
  let found: FieldMeta | undefined;
  walk(schema, (_, at, meta) => {
    if (at.length === path.length && at.every((name, index) => name === path[index]))
      found = { ...meta, ...found };
  });
  return found;
}

/** Every text in `raw` that lies at or below a field marked `secret`. Works on settings that do not parse. */
export function secretsIn(schema: Schema, raw: unknown): string[] {
  const texts: string[] = [];
  walk(schema, (_, path, meta) => {
    if (meta.secret === true) texts.push(...textsBelow(valueAt(raw, path)));
  });
  return texts;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

function textsBelow(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsBelow);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

type Visit = (schema: Schema, path: readonly string[], meta: FieldMeta) => void;

/** Visits a schema and all schemas inside it; wrappers (optional, default, pipe, union) keep the path. */
function walk(schema: Schema, visit: Visit, path: readonly string[] = []): void {
  visit(schema, path, fieldMeta.parse(z.globalRegistry.get(schema) ?? {}));
  if (schema instanceof z.ZodObject) {
    for (const [name, field] of Object.entries(schema.shape)) walk(field, visit, [...path, name]);
    return;
  }
  for (const inner of insideOf(schema)) walk(inner, visit, path);
}

function insideOf(schema: Schema): readonly Schema[] {
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion) return schema.options;
  if (schema instanceof z.ZodPipe) return [schema.in, schema.out];
  if (schema instanceof z.ZodIntersection) return [schema.def.left, schema.def.right];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return [schema.unwrap()];
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return [schema.unwrap()];
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodNonOptional) return [schema.unwrap()];
  return [];
}
