/** Relative dates, as half-open periods of whole UTC days. Weeks start on Sunday, fiscal years with the calendar's. */
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
  const unit = /(WEEK|MONTH|QUARTER|YEAR)/.exec(name)?.[0] ?? '';
  const at = (offset: number) => calendar(unit, offset, today);
  if (name.startsWith('N_')) return at(-(count ?? 0));
  if (name.startsWith('LAST_N_')) return { from: at(-(count ?? 0)).from, to: at(0).from };
  if (name.startsWith('NEXT_N_')) return { from: at(1).from, to: at(count ?? 0).to };
  return at(name.startsWith('LAST_') ? -1 : name.startsWith('NEXT_') ? 1 : 0);
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
