/**
 * Channels that help each other. Where more conversions came while touches of k had the company of j than the model
 * without such help expects, touches of k do 1 + b times as much in it. Drawn beside each draw that is kept, given all
 * else, so that draws differ where conversions do not say.
 */
import type { Random } from '../random.ts';
import { ageClasses } from './ages.ts';
import { candidateOf } from './candidate.ts';
import type { PairAges } from './company.ts';
import type { ConversionRates } from './conversion-rates.ts';
import { fromLogWeights, gamma } from './draws.ts';
import { LogProduct } from './log-product.ts';
import type { Ground, State } from './state.ts';

/** What b may be, 0 first, and the chances of the others for a pair that helps. */
const helps: readonly number[] = [0, 0.5, 1, 2, 4];
const chances: readonly number[] = [0.3, 0.3, 0.3, 0.1];

/**
 * What is thought of pairs before data speak: one of ten helps. How many do is learnt over all pairs (beta), so that
 * where those that are seen well do nothing for each other, those that are hardly seen are not thought to.
 */
const before = { helping: 1, idle: 9 };

/** Pairs explain each other's surplus: given a few turns they settle who does, and how many do. */
const turns = 6;

/** One draw: cell of the pair, b, cell, b … of those that help. */
export type Helps = readonly number[];

export class HelpStep {
  readonly #ground: Ground;
  readonly #rates: ConversionRates;
  readonly #weights = new Float64Array(helps.length);
  readonly #whole: Float64Array;
  readonly #drawn: Float64Array;
  readonly #pairs: readonly Met[];
  /** The chance that a pair helps. */
  #helping = 0;

  constructor(ground: Ground, rates: ConversionRates) {
    this.#ground = ground;
    this.#rates = rates;
    this.#whole = new Float64Array(rates.whole.length);
    this.#pairs = metOf(ground, rates);
    this.#drawn = new Float64Array(this.#pairs.length);
  }

  /** @param state that the rates are of */
  draw(state: State, random: Random): Helps {
    this.#whole.set(this.#rates.whole);
    this.#drawn.fill(0);
    const expected = this.#pairs.map((pair) => this.#expected(pair, state));
    this.#helping = before.helping / (before.helping + before.idle);
    for (let turn = 0; turn < turns; turn += 1) {
      if (turn > 0) this.#drawHelping(random);
      const first = Math.floor(random.uniform() * this.#pairs.length);
      for (let step = 0; step < this.#pairs.length; step += 1) {
        const at = (first + step) % this.#pairs.length;
        this.#drawPair(at, expected[at] ?? 0, random);
      }
    }
    return this.#pairs.flatMap(({ cell }, at) => (this.#drawn[at] ? [cell, this.#drawn[at] ?? 0] : []));
  }

  #drawHelping(random: Random): void {
    const count = this.#drawn.reduce((all, one) => all + Number(one > 0), 0);
    const yes = gamma(random, before.helping + count, 1);
    const no = gamma(random, before.idle + this.#drawn.length - count, 1);
    this.#helping = yes / (yes + no);
  }

  #drawPair(at: number, expected: number, random: Random): void {
    const pair = this.#pairs[at];
    if (!pair) return;
    this.#add(pair, -(this.#drawn[at] ?? 0));
    for (let index = 0; index < helps.length; index += 1)
      this.#weights[index] =
        Math.log(index === 0 ? 1 - this.#helping : this.#helping * (chances[index - 1] ?? 0)) +
        this.#likelier(pair, helps[index] ?? 0, expected);
    const drawn = helps[fromLogWeights(random, this.#weights)] ?? 0;
    this.#drawn[at] = drawn;
    this.#add(pair, drawn);
  }

  #likelier({ runs }: Met, help: number, expected: number): number {
    if (help === 0) return 0;
    const { touches, own } = this.#rates;
    const product = new LogProduct();
    for (const run of runs)
      product.take(1 + (help * (own[run] ?? 0)) / (this.#whole[touches.conversion[run] ?? 0] ?? 1));
    return product.log() - help * expected;
  }

  #add({ runs }: Met, help: number): void {
    if (help === 0) return;
    const { touches, own } = this.#rates;
    for (const run of runs) {
      const at = touches.conversion[run] ?? 0;
      this.#whole[at] = (this.#whole[at] ?? 0) + help * (own[run] ?? 0);
    }
  }

  /** Conversions that the touches are expected to bring in company, without help. */
  #expected({ group, ages }: Met, state: State): number {
    const { effect, kernel, tiring } = candidateOf(state, group);
    const { cumulative } = this.#ground.tables;
    const { classes, counts } = ages[tiring] ?? noAges;
    let sum = 0;
    for (let at = 0; at < classes.length; at += 1)
      sum += (counts[at] ?? 0) * (cumulative[kernel * ageClasses + (classes[at] ?? 0)] ?? 0);
    return effect * Math.max(0, sum);
  }
}

/** A pair where the chain walks. */
interface Met {
  readonly cell: number;
  readonly group: number;
  /** Of touches of the group, at conversions with a fresh touch of the other. */
  readonly runs: Int32Array;
  readonly ages: readonly PairAges[];
}

const noAges: PairAges = { classes: new Int32Array(), counts: new Float64Array() };

function metOf({ sample: { company } }: Ground, { touches }: ConversionRates): Met[] {
  const { members, fresh, pairs } = company;
  return pairs.map(({ own, other, ages }) => {
    const group = members[own] ?? 0;
    const runs: number[] = [];
    for (let run = touches.starts[group] ?? 0; run < (touches.starts[group + 1] ?? 0); run += 1)
      if ((fresh[touches.conversion[run] ?? 0] ?? 0) & (1 << other)) runs.push(run);
    return { cell: own * members.length + other, group, runs: Int32Array.from(runs), ages };
  });
}
