/** Journeys written the way a person would, for tests. */
import type { ChannelCredit } from '../../../src/attribution/credit.ts';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { parseDecimal } from '../../../src/attribution/journeys/decimal.ts';
import type { JourneySink } from '../../../src/attribution/journeys/sink.ts';
import { pathModel, usualPathSettings } from '../../../src/attribution/path-models.ts';

export interface Row {
  /** `a>b>c`. */
  readonly path: string;
  readonly conversions: number;
  readonly nulls: number;
  /** Decimal text. */
  readonly value?: string;
}

/** `a>b 3 1` is 3 conversions and 1 null; a fourth word is the value. */
export function rows(...lines: readonly string[]): Row[] {
  return lines.map((line) => {
    const [path = '', conversions, nulls, value] = line.split(' ');
    return { path, conversions: Number(conversions), nulls: Number(nulls ?? 0), ...(value ? { value } : {}) };
  });
}

/** Hands the rows over, as often as `times` says (-1 takes them out). */
export function feed(sink: JourneySink, channels: Channels, given: readonly Row[], times = 1): void {
  for (const { path, conversions, nulls, value } of given) {
    const touches = Int32Array.from(path.split('>'), (name) => channels.id(name));
    const { units, nanos } = parseDecimal(value ?? '0') ?? { units: Number.NaN, nanos: 0 };
    sink.add(touches, touches.length, {
      conversions: times * conversions,
      nulls: times * nulls,
      units: times * units,
      nanos: times * nanos,
    });
  }
}

export function credit(model: string, given: readonly Row[], settings = usualPathSettings): ChannelCredit[] {
  const channels = new Channels();
  const { counts, credit } = pathModel(model, channels, settings);
  feed(counts, channels, given);
  return [...credit().credit];
}

/** Conversions by channel. */
export function conversions(model: string, given: readonly Row[]): Record<string, number> {
  return Object.fromEntries(credit(model, given).map((one) => [one.channel, one.conversions]));
}
