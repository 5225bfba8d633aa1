/**
 * What no draw of the parameters tells about one deal. Its touches were better or worse than those of their channel
 * are on average, and what its people want is guessed from few touches. Draws of rates are moved by as much before an
 * interval of a deal's share is read off them.
 */
import { Random } from '../random.ts';
import type { SeenJourney } from './history.ts';
import type { Draw, PosteriorFit } from './parameters.ts';
import type { Rates } from './rate.ts';

/**
 * Standard deviation of the log of a touch's rate, and of the baseline's, around that of the model. Chosen on simulated
 * worlds of other classes than the model's, see docs/attribution.md.
 */
const deviation = { touch: 0.3, baseline: 0.2 };

/** Touches with a deviation of their own; later ones share them in turn. */
const places = 64;
/** Keeps these draws apart from other uses of a seed. */
const topic = 0x44_49;

export class Discrepancy {
  readonly #normals: Float64Array;
  /** The factors of touches that follow from them. */
  readonly #factors: Float64Array;

  constructor({ draws: { length: draws } }: PosteriorFit) {
    const random = new Random(topic);
    this.#normals = Float64Array.from({ length: draws * places }, () => random.normal());
    this.#factors = this.#normals.map((normal) => Math.exp(deviation.touch * normal));
  }

  /** The rates of draw number `index`, moved. Always by the same. */
  moved(index: number, draw: Draw, { covariates, intent }: SeenJourney, rates: Rates): Rates {
    const normal = (place: number) => this.#normals[index * places + (place % places)] ?? 0;
    const slope = intent ? (draw.slopes[covariates.length] ?? 0) : 0;
    const wanted = slope * Math.sqrt(intent?.variance ?? 0);
    const lean = wanted * normal(0) - wanted ** 2 / 2 + deviation.baseline * normal(1);
    const baseline = rates.baseline * Math.exp(lean);
    const touches = new Float64Array(rates.touches.length);
    let whole = baseline;
    for (let place = 0; place < touches.length; place += 1) {
      const factor = this.#factors[index * places + ((place + 2) % places)] ?? 1;
      touches[place] = (rates.touches[place] ?? 0) * factor;
      whole += touches[place] ?? 0;
    }
    return { baseline, touches, whole };
  }
}
