/**
 * Lines of journeys, read from bytes: `path,counts…` in the order of a layout. No string is made per line or per
 * touch: touches are found by their bytes, counts are added up digit by digit. Whatever is unusual (quotes, signs,
 * exponents, blanks around numbers) leaves the fast road for `odd.ts` and comes back with the same result.
 */
import { Problem } from '../../support/problem.ts';
import type { Channels } from '../journeys/channels.ts';
import type { Decimal } from '../journeys/decimal.ts';
import { widenInt32 } from '../journeys/growable.ts';
import type { JourneySink } from '../journeys/sink.ts';
import { type Layout, meanings } from './layout.ts';
import { decimalIn, fieldAt, refusal, unquoted, wholeNumber } from './odd.ts';
import { slack, Tokens } from './tokens.ts';

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;
const comma = 44;
const zero = 48;
/** A count of this many digits is below 2^53. */
const safeDigits = 15;

export interface LineSource {
  readonly layout: Layout;
  readonly separator: string;
  /** For error messages. */
  readonly file: string;
  /** Lines before the first journey: 1 when there is a header. */
  readonly linesBefore: number;
}

export class JourneyLines {
  line: number;
  touches = 0;
  readonly #source: LineSource;
  readonly #channels: Channels;
  readonly #sink: JourneySink;
  readonly #tokens = new Tokens();
  readonly #separator: Uint8Array;
  /** Bytes that may end a touch, in a plain field and in a quoted one. */
  readonly #stops: Uint8Array;
  readonly #quotedStops: Uint8Array;
  #view: DataView = new DataView(new ArrayBuffer(slack));
  #journey = new Int32Array(64);
  #length = 0;
  #count = 0;

  constructor(source: LineSource, channels: Channels, sink: JourneySink) {
    this.#source = source;
    this.#channels = channels;
    this.#sink = sink;
    this.line = source.linesBefore;
    this.#separator = separatorBytes(source.separator);
    const first = this.#separator[0] ?? 0;
    this.#stops = marked([first, comma, lineFeed, carriageReturn]);
    this.#quotedStops = marked([first, lineFeed]);
  }

  /**
   * Reads the whole lines in `bytes[start, end)` and returns where the first unfinished one begins. `bytes` must
   * reach `slack` bytes past `end`. Throws a `Problem` that names the line.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer);
    const stop = bytes.lastIndexOf(lineFeed, end - 1) + 1;
    let at = start;
    while (at < stop) {
      this.line += 1;
      at = this.#readLine(bytes, at);
    }
    return at;
  }

  #readLine(bytes: Uint8Array, start: number): number {
    const first = bytes[start];
    if (first === lineFeed) return start + 1;
    if (first === carriageReturn && bytes[start + 1] === lineFeed) return start + 2;
    const { fields } = this.#source.layout;
    let at = start;
    let conversions = 0;
    let nulls = 0;
    let value: Decimal | undefined;
    for (let field = 0; ; field += 1) {
      const meaning = fields[field];
      if (meaning === meanings.path) {
        at = this.#path(bytes, at);
      } else if (meaning === meanings.conversions) {
        at = this.#readCount(bytes, at, field);
        conversions = this.#count;
      } else if (meaning === meanings.nulls) {
        at = this.#readCount(bytes, at, field);
        nulls = this.#count;
      } else {
        const { text, next } = fieldAt(bytes, at, this.#where());
        if (meaning === meanings.value) value = decimalIn(text, this.#named(field), this.#where());
        at = next;
      }
      if (bytes[at] !== comma) {
        if (field !== fields.length - 1) throw this.#wrongNumberOfFields(field + 1);
        break;
      }
      if (field === fields.length - 1) throw this.#wrongNumberOfFields(field + 2);
      at += 1;
    }
    this.touches += this.#length;
    this.#hand(conversions, nulls, value);
    return bytes[at] === carriageReturn ? at + 2 : at + 1;
  }

  #hand(conversions: number, nulls: number, value: Decimal | undefined): void {
    if (value === undefined) {
      this.#sink.add(this.#journey, this.#length, conversions, nulls, 0, 0);
      return;
    }
    if (conversions === 0 && value.units + value.nanos > 0)
      throw refusal('The line has a value but no conversion.', this.#where(), 'Give the conversions too.');
    this.#sink.add(this.#journey, this.#length, conversions, nulls, value.units, value.nanos);
  }

  #path(bytes: Uint8Array, start: number): number {
    if (bytes[start] !== quote) {
      const end = this.#split(bytes, this.#view, start, this.#stops);
      if (bytes[end] === carriageReturn && bytes[end + 1] !== lineFeed)
        throw refusal('There is a stray carriage return in the path.', this.#where(), 'Remove it.');
      return end;
    }
    const { content, next } = unquoted(bytes, start, this.#where());
    const padded = new Uint8Array(content.length + 1 + slack);
    padded.set(content);
    padded[content.length] = lineFeed;
    this.#split(padded, new DataView(padded.buffer), 0, this.#quotedStops);
    return next;
  }

  #split(bytes: Uint8Array, view: DataView, start: number, stops: Uint8Array): number {
    const separator = this.#separator;
    const width = separator.length;
    const opening = separator[0];
    const tokens = this.#tokens;
    let journey = this.#journey;
    let length = 0;
    let from = start;
    let at = start;
    for (;;) {
      while (stops[bytes[at] ?? 0] === 0) at += 1;
      const more = bytes[at] === opening;
      if (more && width > 1 && !startsWith(bytes, at, separator)) {
        at += 1;
        continue;
      }
      let id = tokens.find(view, from, at);
      if (id < 0) id = this.#learn(bytes, view, from, at, length);
      if (length === journey.length) {
        journey = widenInt32(journey, length + 1);
        this.#journey = journey;
      }
      journey[length] = id;
      length += 1;
      if (!more) break;
      at += width;
      from = at;
    }
    this.#length = length;
    return at;
  }

  #learn(bytes: Uint8Array, view: DataView, start: number, end: number, index: number): number {
    const plain = view === this.#view;
    const name = touchName(bytes.subarray(start, end), this.#where()).trim();
    if (name === '') {
      const whole = index === 0 && bytes[end] !== this.#separator[0];
      throw refusal(
        whole ? 'The path is empty.' : `Touch ${index + 1} of the path is empty.`,
        this.#where(),
        `A path is channels separated by "${this.#source.separator}".`,
      );
    }
    if (plain && name.includes('"'))
      throw refusal(
        `The touch ${name} has a stray quote.`,
        this.#where(),
        'Quote the whole field, and double the quotes inside.',
      );
    const id = this.#channels.id(name);
    this.#tokens.learn(bytes, view, start, end, id);
    return id;
  }

  #readCount(bytes: Uint8Array, start: number, field: number): number {
    let count = 0;
    let at = start;
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      count = count * 10 + digit;
    }
    const after = bytes[at];
    if (at > start && at - start <= safeDigits && (after === comma || after === lineFeed)) {
      this.#count = count;
      return at;
    }
    const { text, next } = fieldAt(bytes, start, this.#where());
    this.#count = wholeNumber(text, this.#named(field), this.#where());
    return next;
  }

  #wrongNumberOfFields(seen: number): Problem {
    const { names } = this.#source.layout;
    return refusal(
      `The line has ${seen > names.length ? 'more' : 'fewer'} fields than the ${names.length} of ${names.join(', ')}.`,
      this.#where(),
      'Quote a path that has a comma in it.',
    );
  }

  #named(field: number): string {
    return this.#source.layout.names[field] ?? '';
  }

  #where(): string {
    return `${this.#source.file}:${this.line}`;
  }
}

function separatorBytes(separator: string): Uint8Array {
  if (separator === '' || /[,"\r\n]/.test(separator))
    throw new Problem('usage', `"${separator}" cannot separate touches.`, {
      remedy: 'Use one or more characters without comma, quote or line break.',
    });
  return new TextEncoder().encode(separator);
}

function marked(stops: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of stops) table[byte] = 1;
  return table;
}

function startsWith(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1)
    if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function touchName(bytes: Uint8Array, where: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Problem('failed', 'The path is not UTF-8.', {
      where,
      remedy: 'Save the file as UTF-8.',
      cause,
    });
  }
}
