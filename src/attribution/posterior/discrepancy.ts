/**
 * What no draw of the parameters tells about one deal. Its people may remember longer or shorter than most, its touches
 * were better or worse than those of their channel are on average, and what its people want is guessed from few touches.
 * Draws of rates are moved by as much before an interval of a deal's share is read off them.
 *
 * How much that is, is learnt: from the shapes that kernels take (see `Shape.densityOf`), and from the help that channels
 * are found to give each other, which is the misfit of adding that conversions can show. Where touches simply add, deals
 * of the same touches hardly differ.
 */
import { Random } from '../random.ts';
import { Columns } from './columns.ts';
import { groupsIn, type SeenJourney, type SeenTouch } from './history.ts';
import { shapes } from './kernels.ts';
import { deviationBy, helpFound, usualHelp } from './misfit.ts';
import type { Draw, PosteriorFit } from './parameters.ts';

/** Touches with a deviation of their own, and two of the baseline; later touches share them in turn. */
const places = 64;
/** Keeps these draws apart from other uses of a seed. */
const topic = 0x44_49;

/** The draws in which a channel's touches fade for some people faster than for others. */
interface Mixing {
  readonly draws: Int32Array;
  readonly shape: Uint8Array;
  readonly halfLifeDays: Float64Array;
}

export class Discrepancy {
  readonly #draws: number;
  readonly #leastAge: number;
  readonly #deviation: number;
  /** By place, of which the first two are the baseline's, and draw. */
  readonly #normals: Float64Array;
  /** The factors of touches that follow from them. */
  readonly #factors: Float64Array;
  /** By draw: people who forget slowly and fast, and a point that decides which of them the deal is of. */
  readonly #slow: Float64Array;
  readonly #fast: Float64Array;
  readonly #chance: Float64Array;
  /** By draw. */
  readonly #intentSlopes: Float64Array;
  /** By group. */
  readonly #mixing: readonly Mixing[];
  /** What is there for people who forget slowly, while those who forget fast are put where it is wanted. */
  readonly #ifSlow: Columns;
  readonly #wholeIfFast: Float64Array;

  constructor(fit: PosteriorFit, draws: readonly Draw[]) {
    const random = new Random(topic);
    this.#draws = draws.length;
    this.#leastAge = fit.leastAge;
    this.#deviation = deviationBy(helpIn(fit));
    this.#normals = Float64Array.from({ length: draws.length * places }, () => random.normal());
    this.#factors = this.#normals.map((normal) => Math.exp(this.#deviation * normal));
    this.#slow = Float64Array.from(draws, () => random.uniform() / 2);
    this.#fast = Float64Array.from(draws, () => (1 + random.uniform()) / 2);
    this.#chance = Float64Array.from(draws, () => random.uniform());
    this.#intentSlopes = Float64Array.from(draws, ({ slopes }) => slopes[fit.covariates.length] ?? 0);
    this.#mixing = Array.from({ length: draws[0]?.channels.length ?? 0 }, (_, group) =>
      mixingOf(draws, group),
    );
    this.#ifSlow = new Columns(draws.length);
    this.#wholeIfFast = new Float64Array(draws.length);
  }

  /** The rates as they may be for this deal. Draws are always moved by the same. */
  move(journey: SeenJourney, rates: Columns, into: Columns): void {
    into.begin(journey.touches.length);
    this.#moveBaseline(journey, rates, into);
    this.#remember(journey, rates, into);
    into.whole.set(into.baseline);
    for (let place = 0; place < journey.touches.length; place += 1)
      for (let draw = 0; draw < this.#draws; draw += 1) {
        const at = place * this.#draws + draw;
        const factor = this.#factors[((place + 2) % places) * this.#draws + draw] ?? 1;
        into.touches[at] = (into.touches[at] ?? 0) * factor;
        into.whole[draw] = (into.whole[draw] ?? 0) + (into.touches[at] ?? 0);
      }
  }

  #moveBaseline({ intent }: SeenJourney, rates: Columns, into: Columns): void {
    const unsure = Math.sqrt(intent?.variance ?? 0);
    for (let draw = 0; draw < this.#draws; draw += 1) {
      const wanted = (intent ? (this.#intentSlopes[draw] ?? 0) : 0) * unsure;
      const [wanting, own] = [this.#normals[draw] ?? 0, this.#normals[this.#draws + draw] ?? 0];
      const lean = wanted * wanting - wanted ** 2 / 2 + this.#deviation * own;
      into.baseline[draw] = (rates.baseline[draw] ?? 0) * Math.exp(lean);
    }
  }

  /** The touches' rates for people of one kind of memory: of which, by how likely each closes a deal now. */
  #remember({ touches }: SeenJourney, rates: Columns, into: Columns): void {
    const [slow, wholeIfFast] = [this.#ifSlow, this.#wholeIfFast];
    slow.begin(touches.length);
    into.touches.set(rates.touches.subarray(0, touches.length * this.#draws));
    slow.touches.set(rates.touches.subarray(0, touches.length * this.#draws));
    for (let draw = 0; draw < this.#draws; draw += 1) {
      const whole = (rates.whole[draw] ?? 0) - (rates.baseline[draw] ?? 0) + (into.baseline[draw] ?? 0);
      slow.whole[draw] = whole;
      wholeIfFast[draw] = whole;
    }
    touches.forEach((touch, place) => {
      this.#forget(touch, place, into, slow);
    });
    for (let draw = 0; draw < this.#draws; draw += 1) {
      const [bySlow, byFast] = [slow.whole[draw] ?? 0, wholeIfFast[draw] ?? 0];
      if ((this.#chance[draw] ?? 0) * (bySlow + byFast) >= bySlow) continue;
      for (let at = draw; at < touches.length * this.#draws; at += this.#draws)
        into.touches[at] = slow.touches[at] ?? 0;
    }
  }

  #forget({ channel, ageDays }: SeenTouch, place: number, fast: Columns, slow: Columns): void {
    const mixing = this.#mixing[channel];
    if (!mixing) return;
    const age = Math.max(ageDays, this.#leastAge);
    for (let index = 0; index < mixing.draws.length; index += 1) {
      const [draw, halfLife] = [mixing.draws[index] ?? 0, mixing.halfLifeDays[index] ?? 1];
      const at = place * this.#draws + draw;
      const rate = slow.touches[at] ?? 0;
      const shape = shapes[mixing.shape[index] ?? 0];
      const typical = shape?.densityOf && rate > 0 ? shape.density(age, halfLife) : 0;
      if (!shape?.densityOf || typical <= 0) continue;
      const ifSlow = (rate / typical) * shape.densityOf(age, halfLife, this.#slow[draw] ?? 0);
      const ifFast = (rate / typical) * shape.densityOf(age, halfLife, this.#fast[draw] ?? 0);
      slow.touches[at] = ifSlow;
      fast.touches[at] = ifFast;
      slow.whole[draw] = (slow.whole[draw] ?? 0) + ifSlow - rate;
      this.#wholeIfFast[draw] = (this.#wholeIfFast[draw] ?? 0) + ifFast - rate;
    }
  }
}

function mixingOf(draws: readonly Draw[], group: number): Mixing {
  const found = [...draws.entries()].flatMap(([draw, { channels }]) => {
    const own = channels[group];
    return own && shapes[own.shape]?.densityOf ? [{ draw, own }] : [];
  });
  return {
    draws: Int32Array.from(found, ({ draw }) => draw),
    shape: Uint8Array.from(found, ({ own }) => own.shape),
    halfLifeDays: Float64Array.from(found, ({ own }) => own.halfLifeDays),
  };
}

function helpIn(fit: PosteriorFit): number {
  const shares = fit.channels.map(({ share }) => share.mean);
  return fit.company ? helpFound(fit.company, groupsIn(fit), shares) : usualHelp;
}
