/** Mappings and records as the tests of the mapping engine write them. */
import { readFileSync } from 'node:fs';
import { type CompileOptions, compileMapping, inspectMapping } from '../../src/mapping/compile.ts';
import type {
  CompiledMapping,
  CompiledObject,
  MappedRecord,
  Normalized,
} from '../../src/mapping/language/compiled.ts';
import type { JsonObject } from '../../src/support/json.ts';

export const systems = ['salesforce', 'hubspot', 'chatbot'] as const;

const compiled = new Map<string, CompiledMapping>();

/** A mapping that comes with the hub. */
export function shipped(system: (typeof systems)[number]): CompiledMapping {
  const file = `mappings/${system}.yaml`;
  const known =
    compiled.get(system) ??
    compileMapping(readFileSync(file, 'utf8'), { connection: system, file, country: 'US' });
  compiled.set(system, known);
  return known;
}

export function mapping(text: string, options: Partial<CompileOptions> = {}): CompiledMapping {
  return compileMapping(text, { connection: 'crm', file: 'mappings/crm.yaml', country: 'US', ...options });
}

/** Everything wrong with a mapping, as `line: message remedy`. */
export function complaints(text: string): string[] {
  const { problems } = inspectMapping(text, { connection: 'crm', file: 'crm.yaml' });
  return problems.map((problem) => problem.toString().replace('crm.yaml:', ''));
}

export function objectOf({ objects }: CompiledMapping, name: string): CompiledObject {
  const object = objects[name];
  if (!object) throw new Error(`no object ${name}`);
  return object;
}

export const createdAt = Date.UTC(2026, 0, 5);
export const modifiedAt = Date.UTC(2026, 5, 30);

export function record(
  object: string,
  id: string,
  body: JsonObject,
  more: Partial<MappedRecord> = {},
): MappedRecord {
  return { ref: { connection: 'crm', object, id }, body, createdAt, modifiedAt, fieldTimes: {}, ...more };
}

/** A record through a shipped mapping. */
export function through(
  system: (typeof systems)[number],
  object: string,
  body: JsonObject,
  more: Partial<MappedRecord> = {},
): Normalized {
  const id = String(body.Id ?? body.id ?? '1');
  return objectOf(shipped(system), object).normalize(
    record(object, id, body, { ref: { connection: system, object, id }, ...more }),
  );
}

/** Field → value of the first contribution, without the times. */
export function valuesOf({ contributions }: Normalized): Record<string, unknown> {
  const values = contributions[0]?.values ?? {};
  return Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]));
}

export function keysOf({ contributions }: Normalized): string[] {
  return (contributions[0]?.keys ?? []).map(({ kind, value }) => `${kind}:${value}`);
}
