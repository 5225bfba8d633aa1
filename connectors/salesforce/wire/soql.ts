/** SOQL text. Values are always quoted here; nothing else in the connector builds a query by hand. */

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A text literal with its quotes. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\'"\n\r\t\b\f]/g, (character) => escapes[character] ?? character)}'`;
}

/** A dateTime literal, which stands without quotes. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

export interface Select {
  readonly fields: readonly string[];
  readonly from: string;
  readonly where?: string | undefined;
  readonly orderBy?: readonly string[];
}

export function select({ fields, from, where, orderBy = [] }: Select): string {
  const condition = where === undefined ? '' : ` WHERE ${where}`;
  const order = orderBy.length === 0 ? '' : ` ORDER BY ${orderBy.join(', ')}`;
  return `SELECT ${fields.join(', ')} FROM ${from}${condition}${order}`;
}

export function isOneOf(field: string, values: readonly string[]): string {
  return `${field} IN (${values.map(quoted).join(', ')})`;
}

/** Where a read begins: at a time, or (with `id`) strictly after one row of that time. */
export type Start = { readonly at: number; readonly id?: string };

export function isSameStart(a: Start | null, b: Start | null): boolean {
  return a?.at === b?.at && a?.id === b?.id;
}

/** Rows from `start` on in the order (stamp, Id), so that rows of equal time are neither lost nor repeated. */
export function startingAt(stamp: string, start: Start): string {
  const time = instant(start.at);
  if (start.id === undefined) return `${stamp} >= ${time}`;
  return `(${stamp} > ${time} OR (${stamp} = ${time} AND Id > ${quoted(start.id)}))`;
}
