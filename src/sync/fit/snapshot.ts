/** Parameters of fits as JSON and back: numbers survive to the last bit. */
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';

export function plainJson(value: object): JsonObject {
  const plain: Json = JSON.parse(JSON.stringify(value));
  if (!isJsonObject(plain)) throw new TypeError('a snapshot is an object');
  return plain;
}

/** What a kind has saved itself; the store gives it back as it was. */
export function snapshotOf<T>(kept: JsonObject): T {
  return JSON.parse(JSON.stringify(kept));
}
