/** A deal's credit as it stood at a time: computed again from what was kept then, and held against what came out. */
import { factsFrom, writtenDigest } from '../credit/facts.ts';
import type { KeptComputation } from '../store/contract/credits.ts';
import { digestsOf } from '../store/credits/computations.ts';
import { iso } from '../support/clock.ts';
import { typedTime } from '../support/dates.ts';
import { canonicalJson } from '../support/fingerprint.ts';
import { creditOf, type DealCredit, noCredit } from '../sync/attribute/credit-of.ts';
import { creditDeals } from '../sync/attribute/credits.ts';
import type { Hub } from '../sync/hub.ts';
import { keptStanding } from '../sync/standing.ts';

export interface AsOf {
  /** ISO 8601: the time that was asked for. */
  readonly at: string;
  /** When the credit that stood then had been computed; null: the deal had none that is known. */
  readonly computedAt: string | null;
  /** Whether computing it again gave every byte of what was stored and written then; null: there is nothing to compare. */
  readonly same: boolean | null;
  /** A sentence. */
  readonly words: string;
}

export interface CreditAsOf {
  readonly credited: DealCredit;
  readonly asOf: AsOf;
}

const dayMs = 86_400_000;

/** A date alone is its end, UTC. Throws a `usage` Problem. */
export function asOfTime(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const { time, isDate } = typedTime(given);
  return isDate ? time + dayMs - 1 : time;
}

export async function creditAsOf(hub: Hub, dealId: string, at: number): Promise<CreditAsOf> {
  const kept = await hub.store.credits.computedBy(dealId, at);
  return kept ? again(hub, kept, at) : reckoned(hub, dealId, at);
}

async function again(hub: Hub, kept: KeptComputation, asked: number): Promise<CreditAsOf> {
  const { dealId, at, endedAt, toldAt } = kept;
  const told = { at: iso(asked), computedAt: iso(at) };
  if (kept.facts === null) {
    const words = `On ${iso(at)} there was nothing to credit any more: the deal was gone.`;
    return { credited: noCredit(dealId), asOf: { ...told, same: true, words } };
  }
  const standing = await keptStanding(hub.store, kept.rules);
  if (!standing) throw new Error(`the rules ${kept.rules} of deal ${dealId} were not kept`);
  const models = await hub.models.again(standing);
  const credited = creditOf(models, dealId, factsFrom(kept.facts, endedAt), toldAt ?? at);
  const digests = digestsOf(credited.models, writtenDigest(credited.fields, credited.touches));
  const same = canonicalJson(digests) === canonicalJson(kept.digests);
  const words = same
    ? `Computed on ${iso(at)}; computed again from what was kept of it, and byte for byte the same.`
    : `Computed on ${iso(at)}; computed again from what was kept of it, it is not the same: another version of the hub computed it then.`;
  return { credited, asOf: { ...told, same, words } };
}

/** The deal had not been credited by then, or what was kept of it has been erased. */
async function reckoned(hub: Hub, dealId: string, at: number): Promise<CreditAsOf> {
  const models = await hub.models.asOf(at);
  const [credited = noCredit(dealId)] = await creditDeals(hub, models, [dealId], { now: at });
  const words =
    'The hub keeps no credit of this deal from then. This is what the fits of that day make of the touches up to it; ' +
    'amount and status of the deal are as they are now.';
  return { credited, asOf: { at: iso(at), computedAt: null, same: null, words } };
}
