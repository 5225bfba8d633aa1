/**
 * A sequence of channels as one number: its ids plus one are the digits, 0 stands for no channel. With few channels
 * the number itself is the place in an array; with many, a hash table finds the place.
 */
import { widenFloat64, widenInt32 } from '../journeys/growable.ts';

/** How sequences of up to `length` channels are numbered. */
export interface Numbering {
  /** One more than the highest channel id that it has room for. */
  readonly radix: number;
  readonly length: number;
  /** `radix ** length`: all numbers are below. */
  readonly places: number;
  /** Numbers are places; else they are looked up. */
  readonly direct: boolean;
}

export function numbering(radix: number, length: number, direct: boolean): Numbering {
  // Multiplied, not raised: powers are doubles to the compiler, and the counting loop wants integers.
  let places = 1;
  for (let digit = 0; digit < length; digit += 1) places *= radix;
  return { radix, length, places, direct };
}

/** A plain array has at most this many places (128 MB of doubles). */
const mostPlaces = 2 ** 24;

/** The smallest numbering with room for the channels; undefined where they are more than `mostChannels`. */
export function numberingFor(channels: number, length: number): Numbering | undefined {
  const plain = numbering(roomyRadix(channels), length, true);
  if (plain.places <= mostPlaces) return plain;
  const most = mostChannels(length);
  return channels <= most ? numbering(most + 1, length, false) : undefined;
}

/** With more channels the numbers of their sequences would leave 2^53. */
export function mostChannels(length: number): number {
  return Math.floor(2 ** (53 / length)) - 1;
}

/** Room for an eighth more, so that numbers seldom change while channels are being discovered. */
function roomyRadix(channels: number): number {
  const step = Math.max(1, 2 ** (Math.floor(Math.log2(channels + 1)) - 3));
  return Math.ceil((channels + 1) / step) * step;
}

/** Places of sequences. */
export class GramTable {
  readonly numbering: Numbering;
  /** Places given so far, hashed; all that there can be, direct. */
  size: number;
  readonly #direct: boolean;
  /** Place + 1 by hash; 0: free. */
  #cells = new Int32Array(1024);
  /** The sequence at each place. */
  #grams = new Float64Array(16);

  constructor(numbering: Numbering) {
    this.numbering = numbering;
    this.#direct = numbering.direct;
    this.size = this.#direct ? numbering.places : 0;
  }

  /** The place of a sequence; a new one gets the next. */
  place(gram: number): number {
    return this.#direct ? gram : this.#probe(gram);
  }

  /** The sequence at a place. */
  gram(place: number): number {
    return this.#direct ? place : (this.#grams[place] ?? 0);
  }

  #probe(gram: number): number {
    const mask = this.#cells.length - 1;
    for (let cell = hash(gram) & mask; ; cell = (cell + 1) & mask) {
      const place = (this.#cells[cell] ?? 0) - 1;
      if (place < 0) return this.#insert(gram, cell);
      if (this.#grams[place] === gram) return place;
    }
  }

  #insert(gram: number, cell: number): number {
    const place = this.size;
    this.size += 1;
    this.#grams = widenFloat64(this.#grams, this.size);
    this.#grams[place] = gram;
    this.#cells[cell] = this.size;
    if (this.size * 2 > this.#cells.length) this.#rehash();
    return place;
  }

  #rehash(): void {
    const cells = widenInt32(this.#cells, this.#cells.length * 2).fill(0);
    const mask = cells.length - 1;
    for (let place = 0; place < this.size; place += 1) {
      let cell = hash(this.#grams[place] ?? 0) & mask;
      while (cells[cell] !== 0) cell = (cell + 1) & mask;
      cells[cell] = place + 1;
    }
    this.#cells = cells;
  }
}

/** The same sequence in another radix. */
export function recoded(gram: number, from: number, to: number): number {
  let rest = gram;
  let result = 0;
  for (let unit = 1; rest > 0; unit *= to) {
    const digit = rest % from;
    result += digit * unit;
    rest = (rest - digit) / from;
  }
  return result;
}

function hash(gram: number): number {
  const high = Math.floor(gram / 2 ** 32);
  const mixed = Math.imul(gram - high * 2 ** 32, 0x9e3779b1) ^ Math.imul(high + 0x7f4a7c15, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
