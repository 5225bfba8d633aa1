/**
 * How the effect of a touch is spread over the days after it. Each shape is a density over the age of the touch, named
 * by its half-life: the age by which half of the effect has come. Truth rarely fades by one formula, so a channel may
 * take the shape that its conversions speak for.
 */
export interface Shape {
  readonly name: ShapeName;
  /** What is thought of it before data speak; all sum to 1. */
  readonly prior: number;
  /** Per day, `age` in days ≥ 0. */
  density(age: number, halfLife: number): number;
  /** The part of the effect that has come by then. */
  cumulative(age: number, halfLife: number): number;
  /**
   * Where the shape comes of people who remember differently long: the density for one who forgets faster than this part
   * of them, 0 to 1. The mean over all parts is `density`.
   */
  readonly densityOf?: (age: number, halfLife: number, forgetful: number) => number;
}

export const shapeNames = ['fading', 'delayed', 'lingering', 'mixed'] as const;
export type ShapeName = (typeof shapeNames)[number];

/** Half of a gamma distribution of shape 2 and rate 1 lies below this. */
const gammaMedian = 1.678346990016661;

/** Half-lives of the two halves of a mixed effect, so that its own is 1: the solution of 2^(−1/fast) + 2^(−1/slow) = 1. */
const fast = 0.5376824910425229;
const slow = 4 * fast;

export const shapes: readonly Shape[] = [
  {
    name: 'fading',
    prior: 0.55,
    density: fadingRate,
    cumulative: faded,
  },
  {
    // Rises first: the effect needs a while to begin.
    name: 'delayed',
    prior: 0.15,
    density: (age, halfLife) => {
      const x = (gammaMedian * age) / halfLife;
      return (gammaMedian / halfLife) * x * Math.exp(-x);
    },
    cumulative: (age, halfLife) => {
      const x = (gammaMedian * age) / halfLife;
      return -Math.expm1(-x) - x * Math.exp(-x);
    },
  },
  {
    // A power law: a few conversions come very late. As many people fade at each rate as an exponential distribution has.
    name: 'lingering',
    prior: 0.15,
    density: (age, halfLife) => halfLife / (halfLife + age) ** 2,
    cumulative: (age, halfLife) => age / (halfLife + age),
    densityOf: (age, halfLife, forgetful) => {
      const rate = -Math.log1p(-forgetful) / halfLife;
      return rate * Math.exp(-rate * age);
    },
  },
  {
    // Two kinds of people: for one, effects fade four times as fast as for the other.
    name: 'mixed',
    prior: 0.15,
    density: (age, halfLife) => (fadingRate(age, halfLife * fast) + fadingRate(age, halfLife * slow)) / 2,
    cumulative: (age, halfLife) => (faded(age, halfLife * fast) + faded(age, halfLife * slow)) / 2,
    densityOf: (age, halfLife, forgetful) => fadingRate(age, halfLife * (forgetful < 0.5 ? slow : fast)),
  },
];

function fadingRate(age: number, halfLife: number): number {
  return (Math.LN2 / halfLife) * 2 ** (-age / halfLife);
}

function faded(age: number, halfLife: number): number {
  return -Math.expm1((-Math.LN2 * age) / halfLife);
}

/** All kernels that a channel may take: shapes × half-lives, shape first. */
export interface KernelGrid {
  readonly shape: Uint8Array;
  /** Days. */
  readonly halfLife: Float64Array;
  /** Half-lives of one shape. */
  readonly steps: number;
}

/** From a five-hundredth to twice the longest watch. */
export function kernelGrid(longest: number, steps: number, allowed: readonly ShapeName[]): KernelGrid {
  const [first, last] = [Math.log(longest / 500), Math.log(longest * 2)];
  const used = shapes.flatMap(({ name }, index) => (allowed.includes(name) ? [index] : []));
  const size = used.length * steps;
  const halfLife = Float64Array.from({ length: size }, (_, at) =>
    Math.exp(first + ((last - first) * (at % steps)) / (steps - 1)),
  );
  const shape = Uint8Array.from({ length: size }, (_, at) => used[Math.floor(at / steps)] ?? 0);
  return { shape, halfLife, steps };
}
