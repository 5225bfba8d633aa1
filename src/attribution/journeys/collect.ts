/** Journeys that come one by one, from a store or a program, into the counts of a model. */
import type { Channels } from './channels.ts';
import { type Decimal, parseDecimal } from './decimal.ts';
import { widenFloat64, widenInt32 } from './growable.ts';
import type { JourneySink } from './sink.ts';

export interface ToldJourney {
  /** Names, oldest first; at least one. */
  readonly channels: readonly string[];
  readonly converted: boolean;
  /** Of the conversion, decimal text, ≥ 0; nothing for none. */
  readonly value?: string;
  /** Days from each touch to the end, oldest first, none growing; where times are known. */
  readonly ages?: readonly number[];
}

/** Hands the journeys over. Throws a `RangeError` for one that no file could hold either. */
export async function collect(
  journeys: AsyncIterable<ToldJourney> | Iterable<ToldJourney>,
  channels: Channels,
  sink: JourneySink,
): Promise<void> {
  let touches = new Int32Array(64);
  let ages = new Float64Array(64);
  for await (const journey of journeys) {
    const { length } = journey.channels;
    assertSound(journey);
    touches = widenInt32(touches, length);
    ages = widenFloat64(ages, length);
    for (let at = 0; at < length; at += 1) {
      touches[at] = channels.id(journey.channels[at] ?? '');
      ages[at] = journey.ages?.[at] ?? 0;
    }
    const conversions = journey.converted ? 1 : 0;
    const outcome = { conversions, nulls: 1 - conversions, ...valueIn(journey) };
    sink.add(touches, length, outcome, journey.ages ? ages : undefined);
  }
}

function assertSound({ channels, ages }: ToldJourney): void {
  if (channels.length === 0) throw new RangeError('a journey has no touch');
  if (channels.includes('')) throw new RangeError('a touch has no channel');
  if (ages && ages.length !== channels.length) throw new RangeError('ages and channels are not as many');
  if (ages?.some((age, at) => !(age >= 0) || age > (ages[at - 1] ?? age)))
    throw new RangeError('ages are days before the end, oldest first');
}

function valueIn({ value, converted }: ToldJourney): Decimal {
  const decimal = parseDecimal(value ?? '0');
  if (!decimal) throw new RangeError(`"${value}" is not a value`);
  if (!converted && decimal.units + decimal.nanos > 0) throw new RangeError('a value without a conversion');
  return decimal;
}
