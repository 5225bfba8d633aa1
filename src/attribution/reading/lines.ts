/** Lines of journeys, from bytes: a path, counts and a value, in the order of a layout. */
import type { Channels } from '../journeys/channels.ts';
import type { JourneySink } from '../journeys/sink.ts';
import { OutcomeSums } from '../journeys/sums.ts';
import { AgeReader } from './ages.ts';
import { byte, type Dialect, type Place, slack } from './bytes.ts';
import { delimiterName } from './dialect.ts';
import { type Layout, meanings } from './layout.ts';
import { NumberReader } from './numbers.ts';
import { fieldEnd, refusal, unquoted } from './odd.ts';
import { type PathEnd, PathSplitter } from './paths.ts';

export interface LineSource {
  readonly layout: Layout;
  readonly separator: string;
  readonly dialect: Dialect;
  /** For error messages. */
  readonly file: string;
  /** Lines before the first journey: 1 when there is a header. */
  readonly linesBefore: number;
}

export class JourneyLines {
  line: number;
  /** True once there was a line that is not blank. */
  found = false;
  /** Of all journeys, so a line's as often as it has journeys. */
  touches = 0;
  conversions = 0;
  nulls = 0;
  readonly #values = new OutcomeSums();
  /** Of the line that is being read. */
  readonly #outcome = { conversions: 0, nulls: 0, units: 0, nanos: 0 };
  readonly #layout: Layout;
  readonly #sink: JourneySink;
  readonly #place: Place;
  readonly #paths: PathSplitter;
  readonly #numbers: NumberReader;
  readonly #ages: AgeReader | undefined;
  readonly #pathEnd: PathEnd;
  readonly #delimiter: number;
  #view: DataView = new DataView(new ArrayBuffer(slack));

  constructor(
    { layout, separator, dialect, file, linesBefore }: LineSource,
    channels: Channels,
    sink: JourneySink,
  ) {
    this.#layout = layout;
    this.#sink = sink;
    this.line = linesBefore;
    this.#place = { where: () => `${file}:${this.line}`, fields: layout.names, dialect };
    this.#delimiter = dialect.delimiter;
    this.#paths = new PathSplitter(separator, channels, this.#place);
    this.#numbers = new NumberReader(this.#place);
    this.#ages = layout.fields.includes(meanings.ages) ? new AgeReader(separator, this.#place) : undefined;
    this.#pathEnd = layout.fields.at(-1) === meanings.path ? byte.lineFeed : dialect.delimiter;
  }

  /** The value of all conversions. */
  get value(): number {
    return this.#values.value(0);
  }

  /**
   * Reads the whole lines in `bytes[start, end)` and returns where the first unfinished one begins. `bytes` reaches
   * `slack` bytes past `end`, and these are overwritten. Throws a `Problem` that names the line.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer);
    bytes[end] = this.#pathEnd;
    const stop = bytes.lastIndexOf(byte.lineFeed, end - 1) + 1;
    let at = start;
    while (at < stop) {
      this.line += 1;
      at = blankLineEnd(bytes, at) || this.#readLine(bytes, at);
    }
    return at;
  }

  #readLine(bytes: Uint8Array, start: number): number {
    const { fields } = this.#layout;
    const numbers = this.#numbers;
    numbers.units = 0;
    numbers.nanos = 0;
    const outcome = this.#outcome;
    outcome.conversions = 0;
    outcome.nulls = 0;
    let at = start;
    for (let field = 0; ; field += 1) {
      const meaning = fields[field];
      if (meaning === meanings.path) at = this.#readPath(bytes, at);
      else {
        if (meaning === meanings.conversions) outcome.conversions = numbers.count(bytes, at, field);
        else if (meaning === meanings.nulls) outcome.nulls = numbers.count(bytes, at, field);
        else if (meaning === meanings.value) numbers.value(bytes, at, field);
        else if (meaning === meanings.ages) numbers.end = this.#ages?.read(bytes, at) ?? at;
        else numbers.end = this.#skipped(bytes, at);
        at = numbers.end;
      }
      if (field === fields.length - 1) break;
      if (bytes[at] !== this.#delimiter) throw this.#wrongFields('few');
      at += 1;
    }
    if (bytes[at] === this.#delimiter) throw this.#wrongFields('many');
    outcome.units = numbers.units;
    outcome.nanos = numbers.nanos;
    this.#hand();
    return bytes[at] === byte.carriageReturn ? at + 2 : at + 1;
  }

  #readPath(bytes: Uint8Array, start: number): number {
    if (bytes[start] !== byte.quote) return this.#paths.split(bytes, this.#view, start, this.#pathEnd, false);
    const { content, next } = unquoted(bytes, start, this.#place);
    const line = new Uint8Array(content.length + 1 + slack);
    line.set(content);
    line[content.length] = byte.lineFeed;
    this.#paths.split(line, new DataView(line.buffer), 0, byte.lineFeed, true);
    return next;
  }

  #skipped(bytes: Uint8Array, start: number): number {
    return bytes[start] === byte.quote
      ? unquoted(bytes, start, this.#place).next
      : fieldEnd(bytes, start, this.#delimiter);
  }

  #hand(): void {
    const { conversions, nulls, units, nanos } = this.#outcome;
    const { journey, length } = this.#paths;
    this.found = true;
    this.touches += length * (conversions + nulls);
    this.conversions += conversions;
    this.nulls += nulls;
    if (units !== 0 || nanos !== 0) {
      if (conversions === 0)
        throw refusal('The line has a value and no conversion.', this.#place.where(), 'Mend one of them.');
      this.#values.add(0, this.#outcome);
    }
    this.#ages?.check(length);
    this.#sink.add(journey, length, this.#outcome, this.#ages?.ages);
  }

  #wrongFields(which: 'few' | 'many') {
    const { fields, dialect } = this.#place;
    const mark = delimiterName(String.fromCharCode(dialect.delimiter));
    return refusal(
      `The line has too ${which} fields.`,
      this.#place.where(),
      `A line has ${fields.join(', ')}; quote a field that has ${mark} in it.`,
    );
  }
}

/** The position after a line with nothing but blanks in it, or 0. */
function blankLineEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === byte.space || bytes[at] === byte.tab) at += 1;
  if (bytes[at] === byte.lineFeed) return at + 1;
  return bytes[at] === byte.carriageReturn && bytes[at + 1] === byte.lineFeed ? at + 2 : 0;
}
