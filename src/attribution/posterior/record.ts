/** What chains leave behind: the watched numbers of every sweep, and whole draws of some. */
import type { Random } from '../random.ts';
import type { Chain } from './chain.ts';
import { gamma } from './draws.ts';
import type { Helps } from './helping.ts';
import { shapes } from './kernels.ts';
import { type Draw, rowOf } from './parameters.ts';
import type { Sources } from './sources.ts';
import type { Ground, Pool, State } from './state.ts';
import { tirings } from './tirings.ts';

/** Channels whose shares are watched: those with most touches; of the others there is little to say. */
const mostWatched = 24;

/** How long a stretch is, and after how many sweeps a whole draw is kept. */
interface Stretch {
  readonly sweeps: number;
  readonly every: number;
}

/** Of one stretch of one chain. */
export class ChainRecord {
  /** By watched number, see `watchedNames`; one cell per sweep. */
  readonly traces: readonly Float64Array[];
  /** Mean expected conversions by channel, baseline last. */
  readonly expected: Float64Array;
  readonly rows: number[][] = [];
  /** Drawn conversions by channel, baseline last, of the same sweeps as the rows. */
  readonly drawn: Float64Array[] = [];
  /** Of the same sweeps; none where shares alone are watched. */
  readonly helps: Helps[] = [];
  readonly #ground: Ground;
  readonly #watched: readonly number[];
  readonly #sweeps: number;
  readonly #every: number;
  readonly #random: Random;
  #sweep = 0;

  constructor(ground: Ground, watched: readonly number[], { sweeps, every }: Stretch, random: Random) {
    this.#ground = ground;
    this.#watched = watched;
    this.#sweeps = sweeps;
    this.#every = Math.min(every, sweeps);
    this.#random = random;
    this.traces = Array.from(
      { length: watched.length + 1 + ground.spreads.length },
      () => new Float64Array(sweeps),
    );
    this.expected = new Float64Array(ground.sample.channels + 1);
  }

  add(chain: Chain, { expected, drawn }: Sources): void {
    const { state } = chain;
    const at = this.#sweep;
    for (const [index, id] of this.#watched.entries()) this.#trace(index, at, expected[id] ?? 0);
    this.#trace(this.#watched.length, at, Math.log(state.baseline));
    for (let slope = 0; slope < state.slopes.length; slope += 1)
      this.#trace(this.#watched.length + 1 + slope, at, state.slopes[slope] ?? 0);
    for (let id = 0; id < expected.length; id += 1)
      this.expected[id] = (this.expected[id] ?? 0) + (expected[id] ?? 0) / this.#sweeps;
    this.#sweep += 1;
    if (this.#sweep % this.#every !== 0) return;
    this.rows.push(rowOf(drawAt(this.#ground, state, this.#random)).map(short));
    this.drawn.push(drawn.slice());
    if (this.#ground.options.watched === 'everything') this.helps.push(chain.helps(this.#random));
  }

  #trace(index: number, at: number, value: number): void {
    const trace = this.traces[index];
    if (trace) trace[at] = value;
  }
}

/** The busiest channels, and the baseline. */
export function watchedIds({ sample: { channels } }: Ground, touches: ArrayLike<number>): number[] {
  const busiest = Array.from({ length: channels }, (_, id) => id).sort(
    (one, other) => (touches[other] ?? 0) - (touches[one] ?? 0) || one - other,
  );
  return [...busiest.slice(0, mostWatched), channels];
}

function drawAt({ grid }: Ground, state: State, random: Random): Draw {
  const channels = Array.from(state.effects, (effect, id) => {
    const kernel = state.kernels[id] ?? 0;
    return {
      effect,
      halfLifeDays: grid.halfLife[kernel] ?? 1,
      shape: grid.shape[kernel] ?? 0,
      tiring: tirings[state.tirings[id] ?? 0] ?? 0,
    };
  });
  return {
    baseline: state.baseline,
    slopes: [...state.slopes],
    channels: [...channels, unseen(grid.halfLife, state.pool, random)],
  };
}

/** A channel as channels are, of which nothing is known. */
function unseen(halfLives: Float64Array, pool: Pool, random: Random): Draw['channels'][number] {
  const halfLife = Math.exp(pool.mean + pool.spread * random.normal());
  const [least = halfLife, most = halfLife] = [halfLives[0], halfLives.at(-1)];
  return {
    effect: gamma(random, pool.shape, pool.rate),
    halfLifeDays: Math.max(least, Math.min(most, halfLife)),
    shape: picked(pool.shapes, random) % shapes.length,
    tiring: tirings[picked(pool.tirings, random)] ?? 0,
  };
}

function picked(chances: Float64Array, random: Random): number {
  let left = random.uniform() * chances.reduce((sum, one) => sum + one, 0);
  const found = chances.findIndex((chance) => {
    left -= chance;
    return left < 0;
  });
  return Math.max(found, 0);
}

/** Draws show what is not known: seven digits are plenty. */
function short(value: number): number {
  return Number(value.toPrecision(7));
}
