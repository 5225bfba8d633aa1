/** Log lines for a person at a terminal; programs get the JSON as it is. */
import { spelled } from '../spelling.ts';

interface Line {
  readonly level?: number;
  readonly time?: string;
  readonly msg?: string;
  readonly connection?: string;
  readonly [field: string]: unknown;
}

const levels: Readonly<Record<number, string>> = { 40: 'warning', 50: 'error', 60: 'error' };
/** Said in the line already, or of no use to a person. */
const told: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'connection']);

/** `12:00:01 warning salesforce: a webhook was refused (reason: …)`. */
export function plainLine(json: string): string {
  const line = JSON.parse(json) as Line;
  const { level = 30, time = '', msg = '', connection } = line;
  const word = levels[level];
  const head = [time.slice(11, 19), ...(word ? [word] : []), ...(connection ? [`${connection}:`] : []), msg];
  const fields = Object.entries(line).filter(([name]) => !told.has(name));
  const rest = fields.map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${spelled(`${head.join(' ')}${rest.length > 0 ? ` (${rest.join(', ')})` : ''}`)}\n`;
}

/** Where log lines go, by whether somebody is looking. */
export function logDestination(): { write(line: string): void } | undefined {
  if (!process.stderr.isTTY) return undefined;
  return { write: (line) => void process.stderr.write(plainLine(line)) };
}
