/** Relative dates, as half-open periods of whole UTC days. Weeks start on Sunday. */
const day = 24 * 60 * 60 * 1000;

export interface Period {
  /** Ms, included. */
  readonly from: number;
  /** Ms, not included. */
  readonly to: number;
}

export function periodOf(name: string, count: number | undefined, now: number): Period {
  const today = Math.floor(now / day) * day;
  const named = days(name, count ?? 0, today);
  if (named !== undefined) return named;
  const [which = '', unit = ''] = name.split('_');
  const offset = which === 'LAST' ? -1 : which === 'NEXT' ? 1 : 0;
  return calendar(unit, offset, today);
}

function days(name: string, count: number, today: number): Period | undefined {
  const whole = (from: number, to: number) => ({ from: today + from * day, to: today + to * day });
  const table: Readonly<Record<string, Period>> = {
    TODAY: whole(0, 1),
    YESTERDAY: whole(-1, 0),
    TOMORROW: whole(1, 2),
    LAST_90_DAYS: whole(-90, 1),
    NEXT_90_DAYS: whole(1, 91),
    LAST_N_DAYS: whole(-count, 1),
    NEXT_N_DAYS: whole(1, count + 1),
    N_DAYS_AGO: whole(-count, 1 - count),
  };
  return table[name];
}

function calendar(unit: string, offset: number, today: number): Period {
  const at = new Date(today);
  const year = at.getUTCFullYear();
  const month = at.getUTCMonth();
  if (unit === 'WEEK') {
    const sunday = today - at.getUTCDay() * day + offset * 7 * day;
    return { from: sunday, to: sunday + 7 * day };
  }
  const months = unit === 'YEAR' ? 12 : unit === 'QUARTER' ? 3 : 1;
  const first = Math.floor(month / months) * months + offset * months;
  return { from: Date.UTC(year, first, 1), to: Date.UTC(year, first + months, 1) };
}
