/**
 * Observations made ready for fitting. The likelihood needs single touches only where somebody converted; everyone
 * else's touches enter through how long each could work, so they are counted into cells of nearly equal length.
 * That makes a step of the fit cost as much as the conversions, not as the people.
 */
import type { Observations } from './observations.ts';

export interface Sample {
  readonly channels: number;
  /** Days each person was watched. */
  readonly days: Float64Array;
  readonly covariates: readonly Column[];
  readonly conversions: Conversions;
  readonly cells: Cells;
}

/** A covariate, ready to be multiplied by its slope. One cell per person. */
export interface Column {
  readonly values: Float64Array;
  /** How well it is known, where it is not known exactly: the value is the mean of a normal distribution. */
  readonly variance?: Float64Array;
}

/** Those who converted, with their touches. */
export interface Conversions {
  /** One per conversion. */
  readonly person: Int32Array;
  /** Touches of conversion c are `[starts[c], starts[c + 1])`. */
  readonly starts: Int32Array;
  readonly channel: Int32Array;
  /** Days from the touch to the conversion. */
  readonly age: Float64Array;
}

/** Which cell each touch counts into. The first cells are those of channel 0, then those of channel 1 … */
export interface Cells {
  /** Cells of channel k are `[starts[k], starts[k + 1])`. */
  readonly starts: Int32Array;
  /** One per touch. */
  readonly cell: Int32Array;
  /** One per touch. */
  readonly person: Int32Array;
  /** Days from the touch to the end of watching. One per touch. */
  readonly days: Float64Array;
}

/** Days in one cell differ by 1 %: with the mean kept, E(ω) below is right to 3 millionths of a touch each. */
const cellWidth = 0.01;
/** Days shorter than this part of the longest share one cell: what they could do is nothing. */
const shortest = 1e-6;
/** With very many channels cells get wider rather than more. */
const mostCells = 1 << 24;

/** @param covariates standardized; one cell per person each */
export function prepare(observations: Observations, covariates: readonly Column[]): Sample {
  return {
    channels: observations.channels.length,
    days: observations.end,
    covariates,
    conversions: conversionsOf(observations),
    cells: cellsOf(observations),
  };
}

function conversionsOf({ converted, starts, channel, time, end }: Observations): Conversions {
  const person = Int32Array.from(converted.keys().filter((one) => converted[one] === 1));
  const firsts = new Int32Array(person.length + 1);
  person.forEach((one, conversion) => {
    firsts[conversion + 1] = (firsts[conversion] ?? 0) + (starts[one + 1] ?? 0) - (starts[one] ?? 0);
  });
  const touches = firsts.at(-1) ?? 0;
  const own = { channel: new Int32Array(touches), age: new Float64Array(touches) };
  person.forEach((one, conversion) => {
    const from = starts[one] ?? 0;
    const to = firsts[conversion] ?? 0;
    for (let touch = from; touch < (starts[one + 1] ?? 0); touch += 1) {
      own.channel[to + touch - from] = channel[touch] ?? 0;
      own.age[to + touch - from] = (end[one] ?? 0) - (time[touch] ?? 0);
    }
  });
  return { person, starts: firsts, ...own };
}

function cellsOf({ channels, end, starts, channel, time }: Observations): Cells {
  const person = new Int32Array(time.length);
  const days = new Float64Array(time.length);
  for (let one = 0; one < end.length; one += 1)
    for (let touch = starts[one] ?? 0; touch < (starts[one + 1] ?? 0); touch += 1) {
      person[touch] = one;
      days[touch] = (end[one] ?? 0) - (time[touch] ?? 0);
    }
  const steps =
    Math.min(Math.ceil(-Math.log(shortest) / cellWidth), Math.floor(mostCells / channels.length)) + 1;
  return { person, days, ...numbered(places(days, channel, steps), channels.length, steps) };
}

/** Channel and length class of each touch as one number, channel first. */
function places(days: Float64Array, channel: Int32Array, steps: number): Int32Array {
  const longest = days.reduce((most, one) => Math.max(most, one), 0);
  const perLog = (steps - 1) / -Math.log(shortest);
  return channel.map((id, touch) => {
    const above = Math.log((days[touch] ?? 0) / (longest * shortest)) * perLog;
    return id * steps + (above > 0 ? Math.min(steps - 1, Math.floor(above)) : 0);
  });
}

/** Numbers the places that are taken without gaps, in their order. */
function numbered(place: Int32Array, channels: number, steps: number): Pick<Cells, 'starts' | 'cell'> {
  const number = new Int32Array(channels * steps);
  for (const one of place) number[one] = 1;
  const starts = new Int32Array(channels + 1);
  let taken = 0;
  for (let channel = 0; channel < channels; channel += 1) {
    for (let one = channel * steps; one < (channel + 1) * steps; one += 1)
      if (number[one]) {
        number[one] = taken;
        taken += 1;
      }
    starts[channel + 1] = taken;
  }
  return { starts, cell: place.map((one) => number[one] ?? 0) };
}
