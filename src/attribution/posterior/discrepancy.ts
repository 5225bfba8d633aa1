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
import { groupsIn, type SeenJourney } from './history.ts';
import { shapes } from './kernels.ts';
import type { ChannelDraw, Draw, PosteriorFit } from './parameters.ts';
import type { Rates } from './rate.ts';

/**
 * Standard deviation of the log of a touch's rate, and of the baseline's, around that of the model: `most` where channels
 * help each other much, and half of it where touches do `half` more in company, see `helpIn`. Chosen on simulated worlds,
 * most of them of other classes than the model's, see docs/attribution.md.
 */
const deviation = { most: 0.55, half: 0.2 };

/** Of fits that did not look for help. */
const usualHelp = 0.3;

/** Touches with a deviation of their own; later ones share them in turn. */
const places = 64;
/** Keeps these draws apart from other uses of a seed. */
const topic = 0x44_49;

/** People who forget slowly, and fast: one of each is drawn, and which it is, by how likely each closes a deal now. */
interface Memories {
  readonly slow: number;
  readonly fast: number;
  readonly chance: number;
}

export class Discrepancy {
  readonly #leastAge: number;
  readonly #deviation: number;
  readonly #normals: Float64Array;
  /** The factors of touches that follow from them. */
  readonly #factors: Float64Array;
  /** By draw. */
  readonly #memories: readonly Memories[];

  constructor(fit: PosteriorFit) {
    const random = new Random(topic);
    const draws = fit.draws.length;
    const help = helpIn(fit) ** 2;
    this.#leastAge = fit.leastAge;
    this.#deviation = (deviation.most * help) / (help + deviation.half ** 2);
    this.#normals = Float64Array.from({ length: draws * places }, () => random.normal());
    this.#factors = this.#normals.map((normal) => Math.exp(this.#deviation * normal));
    this.#memories = fit.draws.map(() => ({
      slow: random.uniform() / 2,
      fast: (1 + random.uniform()) / 2,
      chance: random.uniform(),
    }));
  }

  /** The rates of draw number `index`, moved. Always by the same. */
  moved(index: number, draw: Draw, journey: SeenJourney, rates: Rates): Rates {
    const baseline = rates.baseline * Math.exp(this.#lean(index, draw, journey));
    const touches = this.#remembered(index, draw, journey, { ...rates, baseline });
    let whole = baseline;
    for (let place = 0; place < touches.length; place += 1) {
      const factor = this.#factors[index * places + ((place + 2) % places)] ?? 1;
      touches[place] = (touches[place] ?? 0) * factor;
      whole += touches[place] ?? 0;
    }
    return { baseline, touches, whole };
  }

  #lean(index: number, draw: Draw, { covariates, intent }: SeenJourney): number {
    const slope = intent ? (draw.slopes[covariates.length] ?? 0) : 0;
    const wanted = slope * Math.sqrt(intent?.variance ?? 0);
    const [wanting, own] = [this.#normals[index * places] ?? 0, this.#normals[index * places + 1] ?? 0];
    return wanted * wanting - wanted ** 2 / 2 + this.#deviation * own;
  }

  /** The touches' rates for people of one kind of memory. */
  #remembered(index: number, draw: Draw, journey: SeenJourney, { baseline, touches }: Rates): Float64Array {
    const memories = this.#memories[index];
    if (!memories || !journey.touches.some(({ channel }) => mixes(draw.channels[channel])))
      return touches.slice();
    const slow = this.#ratesOf(memories.slow, draw, journey, touches);
    const fast = this.#ratesOf(memories.fast, draw, journey, touches);
    const [bySlow, byFast] = [baseline + total(slow), baseline + total(fast)];
    return memories.chance * (bySlow + byFast) < bySlow ? slow : fast;
  }

  #ratesOf(forgetful: number, draw: Draw, journey: SeenJourney, touches: Float64Array): Float64Array {
    const moved = touches.slice();
    journey.touches.forEach(({ channel, ageDays }, at) => {
      const drawn = draw.channels[channel];
      const shape = drawn && shapes[drawn.shape];
      if (!drawn || !shape?.densityOf) return;
      const age = Math.max(ageDays, this.#leastAge);
      const typical = shape.density(age, drawn.halfLifeDays);
      if (typical > 0)
        moved[at] = ((moved[at] ?? 0) / typical) * shape.densityOf(age, drawn.halfLifeDays, forgetful);
    });
    return moved;
  }
}

/** By which part of itself the average touch that brought a conversion does more in company: 0 where none helps. */
export function helpIn(fit: PosteriorFit): number {
  const { company, channels } = fit;
  if (!company || company.helps.length === 0) return usualHelp;
  const groups = groupsIn(fit);
  const shares = new Map<number, number>();
  channels.forEach(({ share }, id) => {
    const group = groups[id] ?? 0;
    shares.set(group, (shares.get(group) ?? 0) + share.mean);
  });
  const all = channels.reduce((sum, { share }) => sum + share.mean, 0);
  if (all <= 0) return 0;
  const { members, helps } = company;
  let sum = 0;
  for (const flat of helps)
    for (let at = 0; at < flat.length; at += 2) {
      const own = members[Math.floor((flat[at] ?? 0) / members.length)] ?? -1;
      sum += (flat[at + 1] ?? 0) * (shares.get(own) ?? 0);
    }
  return sum / helps.length / all;
}

function mixes(channel: ChannelDraw | undefined): boolean {
  return channel !== undefined && shapes[channel.shape]?.densityOf !== undefined;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
