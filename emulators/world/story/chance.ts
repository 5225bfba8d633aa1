/** Seeded chance: the same seed and topic give the same draws on every machine. Not for secrets. */
export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number;
  /** Whole number, both ends included. */
  int(from: number, to: number): number;
  /** True in `share` of all draws, 0 to 1. */
  flip(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
}

/**
 * Each topic draws from its own stream, so that one more person does not change every deal.
 * Draw n is a mixed counter: no state but n, no draw that depends on an earlier one.
 */
export function chance(seed: number, topic: string): Chance {
  const start = mix(hash(topic) ^ mix(seed | 0));
  let drawn = 0;
  const next = () => {
    drawn += 1;
    return mix(start + Math.imul(drawn, 0x9e3779b1)) / 0x1_0000_0000;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    flip: (share) => next() < share,
    pick: (list) => at(list, int(0, list.length - 1)),
    shuffled: (list) => shuffle([...list], int),
  };
}

function shuffle<T>(list: T[], int: (from: number, to: number) => number): T[] {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = int(0, last);
    [list[last], list[other]] = [at(list, other), at(list, last)];
  }
  return list;
}

function at<T>(list: readonly T[], index: number): T {
  if (index < 0 || index >= list.length)
    throw new RangeError(`nothing to pick at ${index} of ${list.length}`);
  return list[index] as T;
}

/** 32-bit avalanche: each bit of the input moves about half of the bits of the output. */
function mix(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (const character of text) bits = Math.imul(bits ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return bits >>> 0;
}
