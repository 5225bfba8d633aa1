/**
 * Bodies of deliveries, read within limits: each for itself, those of one sender, and all that are under way together.
 * Nobody is known by a signature before the body is there, so a sender is an address; behind a proxy all are one.
 */
import type { Readable } from 'node:stream';

export type Upload =
  | { readonly body: Buffer }
  /**
   * `hungUp`: the sender went away, or was so slow that the server ended it; nobody hears an answer. `tooSlow`: others
   * needed the room.
   */
  | { readonly refused: 'tooLarge' | 'tooMany' | 'tooSlow' | 'hungUp' };

export interface Arriving {
  readonly stream: Readable;
  /** Bytes that the head names; 0 where it names none. */
  readonly announced: number;
  readonly sender: string;
  readonly maxBytes: number;
}

export interface UploadLimits {
  /** Bytes of all bodies, and of those of one sender, that are held at once. */
  readonly together: number;
  readonly ofOneSender: number;
  /** A body that is under way for longer, ms, gives way to one that finds no room. */
  readonly patienceMs: number;
}

interface Held {
  readonly sender: string;
  readonly since: number;
  bytes: number;
  /** Ends the reading; null once there is nothing to read. */
  giveWay: (() => void) | null;
}

export class Uploads {
  readonly #limits: UploadLimits;
  /** In the order in which they began. */
  readonly #held = new Set<Held>();

  constructor(limits: UploadLimits) {
    this.#limits = limits;
  }

  /** What is refused by its announced length is refused unread. Holds the bytes until `work` has ended. */
  async read<T>(arriving: Arriving, work: (upload: Upload) => Promise<T>): Promise<T> {
    const { announced, sender, maxBytes } = arriving;
    if (announced > maxBytes) return work({ refused: 'tooLarge' });
    if (!this.#makeRoom(announced, sender)) return work({ refused: 'tooMany' });
    const held: Held = { sender, since: performance.now(), bytes: 0, giveWay: null };
    this.#held.add(held);
    try {
      return await work(await this.#collect(arriving, held));
    } finally {
      this.#held.delete(held);
    }
  }

  #collect({ stream, sender, maxBytes }: Arriving, held: Held): Promise<Upload> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      const end = (upload: Upload) => {
        held.giveWay = null;
        stream.off('data', take).off('end', whole).off('error', lost).off('close', lost);
        if ('refused' in upload) {
          this.#held.delete(held);
          stream.pause();
        }
        resolve(upload);
      };
      const take = (chunk: Buffer) => {
        if (held.bytes + chunk.byteLength > maxBytes) return end({ refused: 'tooLarge' });
        if (!this.#makeRoom(chunk.byteLength, sender, held)) return end({ refused: 'tooMany' });
        held.bytes += chunk.byteLength;
        chunks.push(chunk);
      };
      const whole = () => end({ body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) });
      const lost = () => end({ refused: 'hungUp' });
      held.giveWay = () => end({ refused: 'tooSlow' });
      stream.on('data', take).on('end', whole).on('error', lost).on('close', lost);
    });
  }

  /** Whether `bytes` more may be held, after those that took too long have given way if need be. */
  #makeRoom(bytes: number, sender: string, own?: Held): boolean {
    const { together, ofOneSender } = this.#limits;
    const isOwn = (held: Held) => held.sender === sender;
    return this.#fits(bytes, ofOneSender, isOwn, own) && this.#fits(bytes, together, () => true, own);
  }

  #fits(bytes: number, limit: number, among: (held: Held) => boolean, own?: Held): boolean {
    const latest = performance.now() - this.#limits.patienceMs;
    for (;;) {
      const counted = [...this.#held].filter(among);
      if (counted.reduce((sum, held) => sum + held.bytes, bytes) <= limit) return true;
      const slow = counted.find(({ since, bytes: size, giveWay }) => since < latest && size > 0 && giveWay);
      if (!slow || slow === own) return false;
      slow.giveWay?.();
    }
  }
}

/** The address that a socket names; of IPv6 the network, since the owner of one address has all addresses in it. */
export function senderOf(address: string | undefined): string {
  const plain = (address ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [before = '', after] = plain.split('::');
  const [head, tail] = [before, after ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const gap = after === undefined ? 0 : Math.max(0, 8 - (head?.length ?? 0) - (tail?.length ?? 0));
  const groups = [...(head ?? []), ...Array<string>(gap).fill('0'), ...(tail ?? [])];
  return groups.slice(0, 4).join(':');
}
