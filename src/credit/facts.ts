/** What a deal's credit is computed from, as plain text: kept with the credit, it gives the same credit for good. */
import type { Journey, Milestone } from '../attribution/model.ts';
import type { CanonicalFields, Entity, Money } from '../canonical/model.ts';
import type { DealJourney } from '../journey/build.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';

export interface CreditFacts {
  readonly name: string | null;
  readonly status: string | null;
  readonly stage: string | null;
  /** What there is to share out; 0 where the deal has no amount. */
  readonly amount: Money;
  readonly journey: DealJourney;
}

export function creditFacts({ fields }: Entity, journey: DealJourney, amount: Money): CreditFacts {
  return {
    ...{ name: text(fields.name), status: text(fields.status), stage: text(fields.stage) },
    ...{ amount, journey },
  };
}

/** A touch in a row: event, time, channel, type, person, topic, via. */
type KeptTouch = readonly [string, number, string, string, string, string | null, string | null];

interface Kept {
  readonly name: string | null;
  readonly status: string | null;
  readonly stage: string | null;
  readonly amount: { readonly minor: number; readonly currency: string };
  readonly converted: boolean;
  readonly milestones: Readonly<Partial<Record<Milestone, number>>>;
  readonly covariates: Readonly<Record<string, number>>;
  readonly outside: number;
  readonly touches: readonly KeptTouch[];
}

/** Where the journey ended is not among it: an open deal's ends at each computing. */
export function keptFacts({ name, status, stage, amount, journey }: CreditFacts): {
  hash: string;
  body: string;
} {
  const { journey: own, topics, via, outside } = journey;
  const body = canonicalJson({
    ...{ name, status, stage, outside, converted: own.converted },
    amount: { minor: amount.minor, currency: amount.currency },
    milestones: { ...own.milestones },
    covariates: { ...own.covariates },
    touches: own.touches.map(({ eventId, time, channel, type, person }, index) => [
      ...[eventId, time, channel, type, person],
      ...[topics[index] ?? null, via[index] ?? null],
    ]),
  });
  return { hash: fingerprint(body), body };
}

/** @param body as `keptFacts` made it */
export function factsFrom(body: string, endedAt: number): CreditFacts {
  const kept: Kept = JSON.parse(body);
  const { name, status, stage, amount, touches, outside, converted, milestones, covariates } = kept;
  const journey: Journey = {
    touches: touches.map(([eventId, time, channel, type, person]) => ({
      ...{ eventId, time, channel, type, person },
    })),
    ...{ conversionTime: endedAt, converted, milestones, covariates },
  };
  const topics = touches.map((touch) => touch[5]);
  const via = touches.map((touch) => touch[6]);
  return { ...{ name, status, stage, amount }, journey: { journey, topics, via, outside } };
}

/** What is written onto a deal, as one hash. */
export function writtenDigest(fields: CanonicalFields, touches: readonly Entity[]): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return fingerprint(JSON.stringify([sorted, touches.map((touch) => [touch.id, touch.fields])]), 16);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
