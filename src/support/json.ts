/** Plain JSON: what crosses a wire or rests in a column. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * As `JSON.parse`, but whole numbers of more digits than a double holds come as text: ids of that length are common, and
 * two that are rounded to one number would be one thing.
 */
export function parseJson(text: string): unknown {
  return /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
}

function exactly(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded && context?.source !== undefined ? context.source : value;
}

/** An object as plain JSON: numbers come back to the last bit, what JSON does not know is left out. */
export function toJson(value: object): JsonObject {
  const json: Json = JSON.parse(JSON.stringify(value));
  if (!isJsonObject(json)) throw new TypeError('not an object');
  return json;
}
