/**
 * How far a file has been imported: stored with each batch in one transaction. A file is known again by its
 * bytes up to there; one that was changed before that place is read from its beginning.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { VendorRecord } from '../../connector/contract/reading.ts';
import type { LandedNews } from '../../store/contract/landing.ts';
import { firstNotUtf8 } from '../../support/utf8.ts';
import type { Hub } from '../../sync/hub.ts';
import { landCorrections } from '../../sync/normalize/corrections.ts';
import { notUtf8 } from './text.ts';

const placeSchema = z.object({ bytes: z.int(), lines: z.int(), digest: z.string() });
type Place = z.infer<typeof placeSchema>;

function keyOf(connection: string, file: string): string {
  return `import:${connection}:${resolve(file)}`;
}

export interface Start {
  readonly reader: LineReader;
  /** Lines that are in already. */
  readonly lines: number;
}

/** From where an earlier import of this very file was interrupted, else from the beginning. */
export async function readOn(hub: Hub, connection: string, file: string): Promise<Start> {
  const stored = placeSchema.safeParse(await hub.store.connections.state(keyOf(connection, file)));
  if (stored.success) {
    const hash = await hashOf(file, stored.data.bytes);
    if (digestOf(hash) === stored.data.digest)
      return { reader: new LineReader(file, stored.data, hash), lines: stored.data.lines };
  }
  const beginning = { bytes: 0, lines: 0, digest: '' };
  return { reader: new LineReader(file, beginning, createHash('sha256')), lines: 0 };
}

/** Records and place together: a kill repeats one batch at most. */
export function importBatch(
  hub: Hub,
  connection: string,
  file: string,
  records: readonly VendorRecord[],
  reader: LineReader,
): Promise<LandedNews> {
  const place = reader.place();
  return hub.store.transaction(async (store) => {
    const news = await landCorrections({ ...hub, store }, connection, records);
    await store.connections.saveState(keyOf(connection, file), place);
    return news;
  });
}

/** The file is through: importing it again is harmless, and reads all of it. */
export async function restart(hub: Hub, connection: string, file: string): Promise<void> {
  await hub.store.connections.saveState(keyOf(connection, file), null);
}

async function hashOf(file: string, bytes: number): Promise<Hash> {
  const hash = createHash('sha256');
  if (bytes === 0) return hash;
  for await (const chunk of createReadStream(file, { end: bytes - 1 })) hash.update(chunk);
  return hash;
}

function digestOf(hash: Hash): string {
  return hash.copy().digest('hex');
}

const newline = 0x0a;

export interface Line {
  readonly number: number;
  /** Throws when the line is not UTF-8. */
  text(): string;
}

/** Lines of a file, parted by `\n` alone, with the place after the last one that was handed out. */
class LineReader implements AsyncIterable<Line> {
  readonly #file: string;
  readonly #hash: Hash;
  #bytes: number;
  #lines: number;

  constructor(file: string, { bytes, lines }: Place, hash: Hash) {
    this.#file = file;
    this.#bytes = bytes;
    this.#lines = lines;
    this.#hash = hash;
  }

  get bytes(): number {
    return this.#bytes;
  }

  place(): Place {
    return { bytes: this.#bytes, lines: this.#lines, digest: digestOf(this.#hash) };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Line> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(this.#file, { start: this.#bytes })) {
      const all: Buffer = Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = all.indexOf(newline); end >= 0; end = all.indexOf(newline, from)) {
        yield this.#take(all.subarray(from, end + 1));
        from = end + 1;
      }
      rest = all.subarray(from);
    }
    if (rest.length > 0) yield this.#take(rest);
  }

  #take(line: Buffer): Line {
    const start = this.#bytes;
    this.#hash.update(line);
    this.#bytes += line.length;
    this.#lines += 1;
    const number = this.#lines;
    return {
      number,
      text: () => {
        const bad = firstNotUtf8(line);
        if (bad >= 0) throw notUtf8(line[bad] ?? 0, start + bad, `${this.#file}:${number}`);
        return line.toString('utf8').replace(/\r?\n$/, '');
      },
    };
  }
}
