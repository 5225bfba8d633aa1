/** Repeatable chance: the same seed gives the same sequence (mulberry32). */
export interface Random {
  /** 0 ≤ n < 1. */
  next(): number;
  /** The same members in another order, whenever there are two of them. */
  shuffle<T>(list: readonly T[]): T[];
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, shuffle: (list) => shuffle(list, next) };
}

function shuffle<T>(list: readonly T[], next: () => number): T[] {
  const keyed = list.map((item) => ({ item, key: next() })).sort((a, b) => a.key - b.key);
  const shuffled = keyed.map(({ item }) => item);
  return shuffled.every((item, index) => item === list[index]) ? shuffled.reverse() : shuffled;
}
