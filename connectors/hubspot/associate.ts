/** Tying written records to others, by batch, after the records themselves are there. */
import { AssociationSpecAssociationCategoryEnum as Category } from '@hubspot/api-client/lib/codegen/crm/associations/v4/models/AssociationSpec.js';
import { z } from 'zod';
import type { Association, Outcome, Write } from '../../src/connector/contract.ts';
import { Fault } from '../../src/connector/fault.ts';
import { associationTypes } from './association-types.ts';
import { ask, build, type HubSpotContext, send } from './client.ts';
import { readError } from './errors.ts';
import { toFault } from './fault.ts';
import { halves, isolate } from './isolate.ts';
import { batchSchema, shaped } from './shapes.ts';

/** Documented second-hand as 2,000; no answer is that large, so less is asked. */
const createLimit = 500;

interface Tie {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** Null: whatever type the pair has by default. */
  readonly spec: Spec | null;
}

interface Spec {
  readonly associationCategory: Category;
  readonly associationTypeId: number;
}

/** Ties what was written; a write whose ties fail has failed, so that it is tried again. */
export async function associate(
  ctx: HubSpotContext,
  object: string,
  writes: readonly Write[],
  outcomes: Map<string, Outcome>,
): Promise<void> {
  const wanted = writes.flatMap(({ key, associations = [] }) => {
    const outcome = outcomes.get(key);
    if (outcome?.status !== 'written') return [];
    return associations.map((association) => ({ key, from: outcome.id, association }));
  });
  for (const [to, group] of Map.groupBy(wanted, ({ association }) => association.object)) {
    const specs = new Specs(ctx, object, to);
    const ties: Tie[] = [];
    for (const { key, from, association } of group) {
      const spec = await specs.of(association);
      if (spec instanceof Fault) outcomes.set(key, { key, status: 'failed', fault: spec });
      else ties.push({ key, from, to: association.id, spec });
    }
    await tieAll(ctx, object, to, ties, outcomes);
  }
}

async function tieAll(
  ctx: HubSpotContext,
  object: string,
  to: string,
  ties: readonly Tie[],
  outcomes: Map<string, Outcome>,
): Promise<void> {
  for (const [usual, group] of Map.groupBy(ties, ({ spec }) => spec === null)) {
    for (let start = 0; start < group.length; start += createLimit) {
      const results = await isolate<Tie, true>(group.slice(start, start + createLimit), {
        attempt: (part) => create(ctx, object, to, part, usual),
        split: (part) => ({ condemned: [], groups: halves(part) }),
      });
      for (const [{ key }, result] of results) {
        if (result instanceof Fault) outcomes.set(key, { key, status: 'failed', fault: result });
      }
    }
  }
}

async function create(ctx: HubSpotContext, object: string, to: string, ties: readonly Tie[], usual: boolean) {
  const pairs = ties.map((tie) => ({
    _from: { id: tie.from },
    to: { id: tie.to },
    types: tie.spec ? [tie.spec] : [],
  }));
  const request = usual
    ? build.associations.createDefault(object, to, { inputs: pairs })
    : build.associations.create(object, to, { inputs: pairs });
  const { errors } = shaped(
    batchSchema,
    (await ask(ctx, request)).json(),
    `associations of ${object} to ${to}`,
  );
  const [first] = errors.map(readError);
  // Errors of a pair do not reliably name it, so a mixed answer is narrowed down like a refusal.
  if (first) throw toFault({ error: first });
  return new Map(ties.map((tie) => [tie, true as const]));
}

const labelSchema = z.looseObject({ category: z.string(), typeId: z.number(), label: z.string().nullish() });

/** Type ids of one pair of objects; the customer's own labels are asked for only when one is named. */
class Specs {
  readonly #ctx: HubSpotContext;
  readonly #from: string;
  readonly #to: string;
  #labels: Promise<z.infer<typeof labelSchema>[]> | null = null;

  constructor(ctx: HubSpotContext, from: string, to: string) {
    this.#ctx = ctx;
    this.#from = from;
    this.#to = to;
  }

  async of({ type }: Association): Promise<Spec | Fault | null> {
    const own = associationTypes.filter(({ from, to }) => from === this.#from && to === this.#to);
    const known = own.find((one) =>
      type === undefined ? one.usual : type === one.name || type === String(one.typeId),
    );
    if (known !== undefined) return specOf('HUBSPOT_DEFINED', known.typeId);
    if (type === undefined) return null;
    const labels = await this.#readLabels();
    const label = labels.find((one) => one.label === type || String(one.typeId) === type);
    if (label !== undefined) return specOf(label.category, label.typeId);
    const names = labels.flatMap((one) => (one.label ? [one.label] : [])).join(', ') || 'none';
    return new Fault(
      'rejected',
      `HubSpot has no association "${type}" of ${this.#from} to ${this.#to}; its labels are: ${names}`,
      { code: 'NO_SUCH_ASSOCIATION' },
    );
  }

  #readLabels() {
    this.#labels ??= this.#askLabels();
    return this.#labels;
  }

  async #askLabels() {
    const url = `/crm/v4/associations/${encodeURIComponent(this.#from)}/${encodeURIComponent(this.#to)}/labels`;
    const answer = await send(this.#ctx, { method: 'GET', url });
    const { results } = shaped(
      batchSchema,
      answer.json(),
      `association labels of ${this.#from} to ${this.#to}`,
    );
    return shaped(z.array(labelSchema), results, `association labels of ${this.#from} to ${this.#to}`);
  }
}

function specOf(category: string, associationTypeId: number): Spec {
  const associationCategory = Object.values(Category).find((one) => one === category) ?? Category.UserDefined;
  return { associationCategory, associationTypeId };
}
