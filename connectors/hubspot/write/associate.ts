/** Tying written records to others, by batch, after the records themselves are there. */
import type { Outcome, Write } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { readError } from '../wire/errors.ts';
import { toFault } from '../wire/fault.ts';
import { halves, isolate } from '../wire/isolate.ts';
import { batchSchema, shaped } from '../wire/shapes.ts';
import { type Spec, Specs } from './association-specs.ts';

/** Only third parties name a limit (2,000), so less is asked. */
const createLimit = 500;

interface Tie {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** Null: whatever type the pair has by default. */
  readonly spec: Spec | null;
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
      const spec = await specs.of(association).catch(asFault);
      if (spec instanceof Fault) outcomes.set(key, { key, status: 'failed', fault: spec });
      else ties.push({ key, from, to: association.id, spec });
    }
    await tieAll(ctx, object, to, ties, outcomes);
  }
}

/** The records are written by now: whatever goes wrong is told of each, not thrown. */
function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  throw error;
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
  const answer = (await ask(ctx, request)).json();
  const { errors } = shaped(batchSchema, answer, `associations of ${object} to ${to}`);
  const [first] = errors.map(readError);
  // Errors of a pair do not reliably name it, so a mixed answer is narrowed down like a refusal.
  if (first) throw toFault({ error: first });
  return new Map(ties.map((tie) => [tie, true as const]));
}
