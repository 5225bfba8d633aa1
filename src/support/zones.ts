/** Time zones, by the tz database that Node carries. */

const dayMs = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

export function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: zone }));
  } catch {
    return false;
  }
}

/** How far the zone's clocks are ahead of UTC when they show `wall`, ms; asked twice because of summer time. */
export function zoneOffset(zone: string, wall: number): number {
  if (zone === 'UTC') return 0;
  const guess = clockAhead(zone, wall);
  return clockAhead(zone, wall - guess);
}

/** The day in which a time falls in the zone, ms: the first of it, and the first of the next. */
export function dayIn(zone: string, at: number): { readonly start: number; readonly end: number } {
  const wall = at + clockAhead(zone, at);
  const midnight = wall - (((wall % dayMs) + dayMs) % dayMs);
  const [start = at, end = at] = [midnight, midnight + dayMs].map((shown) => shown - zoneOffset(zone, shown));
  return { start, end };
}

/** `+05:30`, `-0800` or `Z`, in ms. */
export function offsetMs(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const digits = offset.replace(/[z:]/gi, '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (digits.startsWith('-') ? -minutes : minutes) * 60_000;
}

function clockAhead(zone: string, at: number): number {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? 0 : offsetMs(name.slice('GMT'.length));
}
