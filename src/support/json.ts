/** Plain JSON: what crosses a wire or rests in a column. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object as plain JSON: numbers come back to the last bit, what JSON does not know is left out. */
export function toJson(value: object): JsonObject {
  const json: Json = JSON.parse(JSON.stringify(value));
  if (!isJsonObject(json)) throw new TypeError('not an object');
  return json;
}
