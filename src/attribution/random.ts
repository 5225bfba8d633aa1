/**
 * Seeded chance for simulations and resamples: the same numbers on every machine. A stream is named by its keys,
 * so that person 7 of seed 1 draws the same no matter who drew before. Not for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param keys whole numbers; other keys, another stream */
  constructor(...keys: readonly number[]) {
    const seed = new Mixer();
    for (const key of keys) seed.take(key);
    this.#a = seed.give();
    this.#b = seed.give();
    this.#c = seed.give();
    for (let round = 0; round < 12; round += 1) this.bits();
  }

  /** 32 random bits (sfc32, Doty-Humphrey's small fast counting generator of PractRand). */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 < x < 1, so that its logarithm is a number. */
  uniform(): number {
    return (this.bits() + 0.5) / 0x1_0000_0000;
  }

  exponential(rate: number): number {
    return -Math.log(this.uniform()) / rate;
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}

/** Turns keys into seed words: each bit of a key moves about half of the bits of each word. */
class Mixer {
  #state = 0x6a09e667;

  take(key: number): void {
    this.#state = avalanche((this.#state + key) | 0);
    this.#state = avalanche((this.#state ^ Math.floor(key / 0x1_0000_0000)) | 0);
  }

  give(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return avalanche(this.#state);
  }
}

function avalanche(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return bits ^ (bits >>> 16);
}
