/** One chain: starts somewhere, and each sweep draws every part of the state anew, given the others (Gibbs). */
import type { Random } from '../random.ts';
import { BaselineStep } from './baseline.ts';
import { ChannelStep } from './channels.ts';
import { ConversionRates } from './conversion-rates.ts';
import { HelpStep, type Helps } from './helping.ts';
import { drawPool, firstPool } from './pooling.ts';
import { SourceStep, type Sources } from './sources.ts';
import type { Ground, State } from './state.ts';
import { WalkStep } from './walk.ts';

export class Chain {
  readonly state: State;
  readonly #ground: Ground;
  readonly #random: Random;
  readonly #sources: SourceStep;
  readonly #channels: ChannelStep;
  readonly #baseline: BaselineStep;
  readonly #walk: WalkStep;
  readonly #rates: ConversionRates;
  /** Made when it is first asked for. */
  #help: HelpStep | undefined;

  constructor(ground: Ground, random: Random) {
    this.#ground = ground;
    this.#random = random;
    const rates = new ConversionRates(ground);
    this.#sources = new SourceStep(ground, rates);
    this.#channels = new ChannelStep(ground);
    this.#baseline = new BaselineStep(ground);
    this.#walk = new WalkStep(ground, rates);
    this.#rates = rates;
    this.state = somewhere(ground, random);
    rates.refresh(this.state);
  }

  /** Valid until the next sweep. */
  sweep(): Sources {
    const sources = this.#sources.draw(this.state, this.#random);
    this.#channels.draw(this.state, sources, this.#random);
    this.#baseline.draw(this.state, sources, this.#random);
    this.#walk.step(this.state, this.#random);
    drawPool(this.#ground, this.state, this.#random);
    return sources;
  }

  /** What channels do for each other where the chain is now. */
  helps(random: Random): Helps {
    this.#help ??= new HelpStep(this.#ground, this.#rates);
    return this.#help.draw(this.state, random);
  }
}

/** Far apart: between nearly all conversions anyway and nearly none, any kernel. */
function somewhere(ground: Ground, random: Random): State {
  const { sample, grid, crowd, spreads } = ground;
  const conversions = sample.conversions.person.length;
  const part = 0.1 + 0.8 * random.uniform();
  const days = crowd.days.reduce((sum, one) => sum + one, 0);
  const kernels = Int32Array.from({ length: sample.groups }, () =>
    Math.floor(random.uniform() * grid.shape.length),
  );
  return {
    baseline: (part * conversions) / days,
    slopes: new Float64Array(spreads.length),
    leans: new Float64Array(conversions).fill(1),
    leanDays: days,
    effects: new Float64Array(sample.groups).fill(((1 - part) * conversions) / Math.max(sample.touches, 1)),
    kernels,
    tirings: new Int32Array(sample.groups),
    pool: firstPool(ground),
  };
}
