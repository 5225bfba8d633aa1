/** Metadata as it comes: typed from the Tooling API (JSON), all text from SOAP (XML). Read with one tongue. */
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';

export type Metadata = JsonObject;

export function textOf(metadata: Metadata, name: string): string | undefined {
  const value = metadata[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

export function numberOf(metadata: Metadata, name: string): number | undefined {
  const text = textOf(metadata, name);
  return text === undefined ? undefined : Number(text);
}

export function flagOf(metadata: Metadata, name: string): boolean {
  return textOf(metadata, name) === 'true';
}

export function partOf(metadata: Metadata, name: string): Metadata | undefined {
  const value = metadata[name] ?? null;
  return isJsonObject(value) ? value : undefined;
}

/** XML cannot tell one element from a list of one. */
export function partsOf(metadata: Metadata, name: string): readonly Metadata[] {
  const value: Json = metadata[name] ?? [];
  return (Array.isArray(value) ? value : [value]).filter(isJsonObject);
}
