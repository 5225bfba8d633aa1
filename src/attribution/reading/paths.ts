/**
 * Cuts the bytes of a path into touches. No string is made for a touch whose spelling was met before; a spelling is
 * looked at closely once, and what is wrong with it is found then.
 */
import { Problem } from '../../support/problem.ts';
import type { Channels } from '../journeys/channels.ts';
import { widenInt32 } from '../journeys/growable.ts';
import type { Place } from './bytes.ts';
import { delimiterName } from './dialect.ts';
import { refusal } from './odd.ts';
import { Tokens } from './tokens.ts';

/** What stands right after a path. */
export type PathEnd = number;

export class PathSplitter {
  /** The channels of the last path, in `[0, length)`. */
  journey = new Int32Array(64);
  length = 0;
  readonly #channels: Channels;
  readonly #place: Place;
  readonly #separator: string;
  readonly #separatorBytes: Uint8Array;
  readonly #delimiter: string;
  readonly #marks: RegExp;
  readonly #tokens = new Tokens();
  /** Channels whose name says that a line with nothing else is a sum. */
  readonly #totals = new Set<number>();

  constructor(separator: string, channels: Channels, place: Place) {
    const delimiter = String.fromCharCode(place.dialect.delimiter);
    if (separator === '' || separator.includes(delimiter) || /["\r\n]/.test(separator))
      throw new Problem('usage', `"${separator}" cannot separate touches.`, {
        remedy: `Use one or more characters without quote or line break, and without what parts the fields: ${delimiterName(delimiter)}.`,
      });
    this.#delimiter = delimiter;
    this.#marks = new RegExp(`[\\n"${delimiter}]|\\r(?=.)`, 's');
    this.#separator = separator;
    this.#separatorBytes = new TextEncoder().encode(separator);
    this.#channels = channels;
    this.#place = place;
  }

  /**
   * Splits the path at `start` and returns the position of its end, which must come: with two compares per byte
   * nobody asks whether the line is over. A path without its end runs into the next line and is refused as a
   * spelling with a line feed in it.
   */
  split(bytes: Uint8Array, view: DataView, start: number, end: PathEnd, quoted: boolean): number {
    const separator = this.#separatorBytes;
    const opening = separator[0] ?? 0;
    const width = separator.length;
    let { journey } = this;
    let length = 0;
    let from = start;
    let at = start;
    for (;;) {
      let next = bytes[at] ?? 0;
      while (next !== opening && next !== end) {
        at += 1;
        next = bytes[at] ?? 0;
      }
      if (next === opening && width > 1 && !startsWith(bytes, at, separator)) {
        at += 1;
        continue;
      }
      let channel = this.#tokens.find(view, from, at);
      if (channel < 0) channel = this.#meet(bytes, view, from, at, quoted);
      if (length === journey.length) {
        journey = widenInt32(journey, length + 1);
        this.journey = journey;
      }
      journey[length] = channel;
      length += 1;
      if (next === end) break;
      at += width;
      from = at;
    }
    this.length = length;
    if (length === 1 && this.#totals.size > 0 && this.#totals.has(journey[0] ?? -1)) this.#refuseTotal();
    return at;
  }

  #meet(bytes: Uint8Array, view: DataView, start: number, end: number, quoted: boolean): number {
    const spelling = this.#decode(bytes.subarray(start, end));
    const mark = this.#marks.exec(spelling)?.[0];
    if (mark !== undefined && !(quoted && (mark === this.#delimiter || mark === '"'))) this.#refuse(mark);
    // The same name, typed on a Mac and elsewhere, is one (https://unicode.org/reports/tr15/).
    const name = spelling.trim().normalize('NFC');
    if (name === '')
      throw refusal(
        'The path has an empty touch.',
        this.#place.where(),
        `A path is channels separated by "${this.#separator}", with none missing.`,
      );
    const channel = this.#channels.id(name);
    if (totals.test(name)) this.#totals.add(channel);
    // A spelling with marks is welcome in quotes only, so it must be looked at each time.
    if (mark === undefined) this.#tokens.learn(bytes, view, start, end, channel);
    return channel;
  }

  #refuseTotal(): never {
    throw refusal(
      'The line looks like a total of others, which would count twice.',
      this.#place.where(),
      'Remove it; if a channel has this name, rename the channel.',
    );
  }

  #refuse(mark: string): never {
    const fields = `A line has ${this.#place.fields.join(', ')}; quote a path that has ${delimiterName(this.#delimiter)} in it.`;
    const reasons: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
      '\n': ['The line has too few fields.', fields],
      [this.#delimiter]: ['The line has too many fields.', fields],
      '"': ['The path has a stray quote.', 'Quote the whole field, and double the quotes inside.'],
    };
    const [message, remedy] = reasons[mark] ?? ['The path has a stray carriage return.', 'Remove it.'];
    throw refusal(message, this.#place.where(), remedy);
  }

  #decode(bytes: Uint8Array): string {
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw new Problem('failed', 'The path is not UTF-8.', {
        where: this.#place.where(),
        remedy: 'Save the file as UTF-8.',
        cause,
      });
    }
  }
}

const totals =
  /^(grand |sub-?)?totals?( général| general| geral)?$|^(sum|summe|gesamt(summe)?|insgesamt|totale|totaal|suma|soma|razem|итого|всего|合計|总计|總計|합계)$/i;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function startsWith(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1)
    if (bytes[at + index] !== wanted[index]) return false;
  return true;
}
