/** Dates as people type them into commands and queries: told apart from what merely looks like one. */
import { Problem } from './problem.ts';

export interface TypedTime {
  /** Ms since the epoch; of a date alone, its beginning. */
  readonly time: number;
  readonly isDate: boolean;
}

const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** UTC unless the text says otherwise, whatever the clock of the machine is set to. Throws a `usage` Problem. */
export function typedTime(given: unknown): TypedTime {
  const text = String(given).trim();
  const parts = form.exec(text);
  const [, year, month, day, hours, minutes, seconds = '00', fraction = '', zone = 'Z'] = parts ?? [];
  const isDate = hours === undefined;
  const clock = isDate ? '00:00:00' : `${hours}:${minutes}:${seconds}`;
  const time = Date.parse(`${year}-${month}-${day}T${clock}.${fraction.padEnd(3, '0')}${zone}`);
  // 30 February parses, as 2 March.
  const exists = new Date(`${year}-${month}-${day}T00:00:00Z`).getUTCDate() === Number(day);
  if (parts && exists && !Number.isNaN(time)) return { time, isDate };
  throw new Problem('usage', `"${text}" is not a date.`, {
    remedy: 'Give it as 2026-06-30, or with a time (UTC): 2026-06-30T12:00.',
  });
}
