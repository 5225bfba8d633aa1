import { withChecksum } from '../world/ids.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Nine characters that sort as their numbers do. */
export function base62Digits(number: number): string {
  let digits = '';
  for (let rest = number; digits.length < 9; rest = Math.floor(rest / 62)) {
    digits = `${base62[rest % 62]}${digits}`;
  }
  return digits;
}

export interface IdMint {
  /** A new 18-character id; ids of one prefix grow. */
  next(prefix: string): string;
}

/** `5gA` keeps minted ids apart from those of the seeded world, which start with `5g0`. */
export function createIdMint(): IdMint {
  const last = new Map<string, number>();
  return {
    next(prefix) {
      const number = (last.get(prefix) ?? 0) + 1;
      last.set(prefix, number);
      return withChecksum(`${prefix}5gA${base62Digits(number)}`);
    },
  };
}

/** The 18-character form of a 15 or 18 character id; undefined for what is none. */
export function toId18(text: string): string | undefined {
  if (!/^[A-Za-z0-9]+$/.test(text)) return undefined;
  if (text.length === 15) return withChecksum(text);
  if (text.length !== 18) return undefined;
  return withChecksum(text.slice(0, 15)) === text ? text : undefined;
}
