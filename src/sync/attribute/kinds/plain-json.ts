import { isJsonObject, type Json, type JsonObject } from '../../../support/json.ts';

/** A value of interfaces as plain JSON; numbers survive to the last bit. */
export function plainJson(value: object): JsonObject {
  const plain: Json = JSON.parse(JSON.stringify(value));
  if (!isJsonObject(plain)) throw new TypeError('an object was expected');
  return plain;
}
