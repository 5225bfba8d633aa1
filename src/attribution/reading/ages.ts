/** The ages of a path's touches: days before the end, separated like the path, oldest first. */
import { decimalNumber, parseDecimal } from '../journeys/decimal.ts';
import { widenFloat64 } from '../journeys/growable.ts';
import type { Place } from './bytes.ts';
import { assertClear, withPoint } from './number-text.ts';
import { fieldAt, refusal } from './odd.ts';

export class AgeReader {
  /** The ages of the last line, in `[0, length)`. */
  ages = new Float64Array(64);
  length = 0;
  readonly #separator: string;
  readonly #place: Place;

  constructor(separator: string, place: Place) {
    this.#separator = separator;
    this.#place = place;
  }

  /** Reads the field at `start` and returns its end. */
  read(bytes: Uint8Array, start: number): number {
    const { text, next } = fieldAt(bytes, start, this.#place);
    const parts = text.split(this.#separator);
    this.length = parts.length;
    this.ages = widenFloat64(this.ages, parts.length);
    parts.forEach((part, at) => {
      this.ages[at] = this.#age(part.trim());
    });
    return next;
  }

  /** Throws unless there is an age for each touch of the path, and none is younger than the next. */
  check(touches: number): void {
    if (this.length !== touches)
      throw refusal(
        `The path has ${touches} touches and ${this.length} ages.`,
        this.#place.where(),
        `Give the days before the end for each touch, separated by "${this.#separator}".`,
      );
    for (let at = 1; at < touches; at += 1)
      if ((this.ages[at] ?? 0) > (this.ages[at - 1] ?? 0))
        throw refusal(
          `Touch ${at + 1} is older than the one before it.`,
          this.#place.where(),
          'Paths begin with the oldest touch.',
        );
  }

  #age(text: string): number {
    assertClear(text, 'the ages', this.#place);
    const age = parseDecimal(withPoint(text, this.#place.dialect) ?? '');
    const number = age ? decimalNumber(age.units, age.nanos) : Number.NaN;
    if (number >= 0) return number;
    throw refusal(
      `"${text}" is not an age of a touch.`,
      this.#place.where(),
      'Ages are days before the end, from 0 up: no touch comes after it.',
    );
  }
}
