/**
 * CSV that is safe to open in a spreadsheet: a text that a spreadsheet would take for a formula gets an
 * apostrophe, which it shows as text (https://owasp.org/www-community/attacks/CSV_Injection).
 */

export function csvText(header: readonly string[], rows: Iterable<readonly string[]>): string {
  return [header, ...rows].map(csvLine).join('\n');
}

export function csvLine(fields: readonly string[]): string {
  return fields.map(csvField).join(',');
}

/** Also the wide forms of East Asian keyboards, and behind blanks, which some spreadsheets cut. */
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function csvField(text: string): string {
  const harmless = formula.test(text) && !number.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
