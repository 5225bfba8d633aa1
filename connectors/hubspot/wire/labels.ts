/** The labels that a customer gave to associations of two objects. */
import { z } from 'zod';
import { Fault } from '../../../src/connector/fault.ts';
import { type HubSpotContext, send } from './client.ts';
import { batchSchema, shaped } from './shapes.ts';

const labelSchema = z.looseObject({ category: z.string(), typeId: z.number(), label: z.string().nullish() });
export type Label = z.infer<typeof labelSchema>;

export async function readLabels(ctx: HubSpotContext, from: string, to: string): Promise<Label[]> {
  const url = `/crm/v4/associations/${encodeURIComponent(from)}/${encodeURIComponent(to)}/labels`;
  const answer = await send(ctx, { method: 'GET', url });
  const what = `the association labels of ${from} to ${to}`;
  return shaped(z.array(labelSchema), shaped(batchSchema, answer.json(), what).results, what);
}

interface Asked {
  readonly at: number;
  readonly has: boolean;
}

/** Labels are made by hand and seldom: whether a pair has any is asked once a day, whatever is read until then. */
const askAgainMs = 86_400_000;
const asked = new WeakMap<HubSpotContext, Map<string, Asked>>();

/** Which pairs of one object with others have labels. */
export class LabelledPairs {
  readonly #ctx: HubSpotContext;
  readonly #from: string;
  readonly #known: Map<string, Asked>;

  constructor(ctx: HubSpotContext, from: string) {
    this.#ctx = ctx;
    this.#from = from;
    this.#known = asked.get(ctx) ?? new Map();
    asked.set(ctx, this.#known);
  }

  /** True as well where HubSpot does not tell. */
  async has(to: string): Promise<boolean> {
    // A label is one of both directions.
    const pair = [this.#from, to].sort().join(' ');
    const now = this.#ctx.vendorClock.now();
    const known = this.#known.get(pair);
    if (known && Math.abs(now - known.at) < askAgainMs) return known.has;
    const has = await this.#ask(to);
    this.#known.set(pair, { at: now, has });
    return has;
  }

  async #ask(to: string): Promise<boolean> {
    try {
      const labels = await readLabels(this.#ctx, this.#from, to);
      return labels.some(({ category }) => category !== 'HUBSPOT_DEFINED');
    } catch (error) {
      const refused = error instanceof Fault && (error.status === 403 || error.status === 404);
      if (!refused) throw error;
      return true;
    }
  }
}
