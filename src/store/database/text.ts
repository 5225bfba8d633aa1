/**
 * Text as both databases can hold it. PostgreSQL has no NUL in text
 * (https://www.postgresql.org/docs/current/datatype-character.html), SQLite ends a text there when it takes it
 * out of JSON, and half a surrogate pair is no UTF-8. Bodies are not concerned: JSON escapes both.
 */
export function storable(text: string): string {
  return text.includes('\0') || !text.isWellFormed() ? text.replaceAll('\0', '\ufffd').toWellFormed() : text;
}

/** The same for a parameter of a query, which may be a list. */
export function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  return Array.isArray(value) ? value.map(storableValue) : value;
}
