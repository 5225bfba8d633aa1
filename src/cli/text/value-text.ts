/** A field's value for people. */

export function valueText(value: unknown): string {
  return value === null || value === '' ? '(blank)' : JSON.stringify(value);
}
