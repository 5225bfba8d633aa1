/**
 * Everybody who may buy, as data for fits: a deal with all its people is one prospect, and so is a person on their
 * own. Filled person by person and kept as columns; the same people in the same order give the same data.
 */
import type { Observations } from '../attribution/hazard/observations.ts';
import { Channels } from '../attribution/journeys/channels.ts';
import type { Entity } from '../canonical/model.ts';
import { Column, Whole } from './columns.ts';
import { isConversion } from './conversion.ts';
import { Known } from './known.ts';
import { type Stretch, stretchesOf } from './stretches.ts';
import type { WindowSettings } from './window.ts';

const dayMs = 86_400_000;

export interface Member {
  /** Deals that they belong to; withdrawn ones left out. */
  readonly deals: readonly Entity[];
  /** Engagements, oldest first. */
  readonly touches: readonly { readonly time: number; readonly channel: string }[];
  /** See `covariatesOf` and `historiesIn`. */
  readonly covariates: Readonly<Record<string, number>>;
}

export interface ProspectCounts {
  /** People with touches. */
  readonly people: number;
  readonly prospects: number;
  readonly touches: number;
  readonly conversions: number;
}

export class Prospects {
  readonly window: { readonly from: number; readonly to: number };
  readonly #settings: WindowSettings;
  readonly #channels = new Channels();
  readonly #known: Known;
  readonly #byDeal = new Map<string, number>();
  #people = 0;
  // One per prospect.
  readonly #from = new Column();
  readonly #to = new Column();
  readonly #converted = new Whole();
  readonly #isDeal = new Whole();
  // One per touch.
  readonly #owner = new Whole();
  readonly #channel = new Whole();
  readonly #time = new Column();

  /** @param window what happened outside it, ms, is not looked at */
  constructor(window: { from: number; to: number }, covariates: readonly string[], settings: WindowSettings) {
    this.window = window;
    this.#settings = settings;
    this.#known = new Known(covariates);
  }

  /** People without touches are passed over: nothing tells since when they could have bought. */
  add({ deals, touches, covariates }: Member): void {
    const { from, to } = this.window;
    const first = touches[0]?.time;
    if (first === undefined || first >= to) return;
    this.#people += 1;
    for (const stretch of stretchesOf({ from: Math.max(from, first - 1), to }, deals, this.#settings)) {
      const prospect = this.#prospectOf(stretch);
      this.#known.add(prospect, covariates);
      for (const { time, channel } of touches)
        if (time > stretch.from && time <= stretch.to) this.#touch(prospect, channel, time);
    }
  }

  counts(): ProspectCounts {
    const conversions = this.#converted.values().reduce((sum, one) => sum + one, 0);
    return {
      people: this.#people,
      prospects: this.#from.length,
      touches: this.#time.length,
      conversions,
    };
  }

  /** Channels in the order of their names; each prospect's touches oldest first. */
  observations(): Observations {
    const order = this.#touchOrder();
    const ids = this.#channels.sorted();
    const place = new Int32Array(ids.length);
    ids.forEach((id, index) => {
      place[id] = index;
    });
    const owners = Int32Array.from(order, (touch) => this.#owner.at(touch));
    return {
      channels: ids.map((id) => this.#channels.names[id] ?? ''),
      covariates: this.#known.covariates(this.counts().conversions),
      end: this.#to.values().map((to, prospect) => (to - this.#from.at(prospect)) / dayMs),
      converted: Uint8Array.from(this.#converted.values()),
      isDeal: Uint8Array.from(this.#isDeal.values()),
      starts: startsOf(owners, this.#from.length),
      channel: Int32Array.from(order, (touch) => place[this.#channel.at(touch)] ?? 0),
      time: Float64Array.from(
        order,
        (touch) => (this.#time.at(touch) - this.#from.at(this.#owner.at(touch))) / dayMs,
      ),
    };
  }

  #prospectOf({ deal, from, to }: Stretch): number {
    const known = deal ? this.#byDeal.get(deal.id) : undefined;
    if (known !== undefined) {
      this.#from.set(known, Math.min(this.#from.at(known), from));
      this.#to.set(known, Math.max(this.#to.at(known), to));
      return known;
    }
    const prospect = this.#from.push(from);
    this.#to.push(to);
    this.#converted.push(deal !== null && isConversion(deal) ? 1 : 0);
    this.#isDeal.push(deal === null ? 0 : 1);
    this.#known.grow();
    if (deal) this.#byDeal.set(deal.id, prospect);
    return prospect;
  }

  #touch(prospect: number, channel: string, time: number): void {
    this.#owner.push(prospect);
    this.#channel.push(this.#channels.id(channel));
    this.#time.push(time);
  }

  /** Touches by prospect, oldest first; of one moment in the order in which they came. */
  #touchOrder(): Int32Array {
    const order = Int32Array.from({ length: this.#time.length }, (_, touch) => touch);
    return order.sort(
      (a, b) => this.#owner.at(a) - this.#owner.at(b) || this.#time.at(a) - this.#time.at(b) || a - b,
    );
  }
}

function startsOf(owners: Int32Array, prospects: number): Int32Array {
  const starts = new Int32Array(prospects + 1);
  for (const owner of owners) starts[owner + 1] = (starts[owner + 1] ?? 0) + 1;
  for (let index = 1; index <= prospects; index += 1)
    starts[index] = (starts[index] ?? 0) + (starts[index - 1] ?? 0);
  return starts;
}
