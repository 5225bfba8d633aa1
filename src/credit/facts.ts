/** What a deal's credit is computed from, as plain text: kept with the credit, it gives the same credit for good. */
import type { Journey, Milestone } from '../attribution/model.ts';
import type { CanonicalFields, Contribution, Entity, Money } from '../canonical/model.ts';
import type { DealJourney, Outside } from '../journey/build.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import { toJson } from '../support/json.ts';
import { besidesFrom, type KeptTouch, keptTouch, keptTouches, touchFrom } from './kept-touch.ts';
import { asMoney, type OwnAmount, ownAmounts } from './own-amounts.ts';
import type { PeopleFrom } from './people.ts';
import type { People } from './story.ts';

export interface CreditFacts {
  readonly name: string | null;
  readonly status: string | null;
  readonly stage: string | null;
  /** What there is to share out; null: not known. */
  readonly amount: Money | null;
  /** Of the deal's records whose amount is another. */
  readonly ownAmounts: readonly OwnAmount[];
  /** In which the deal is counted where its amount is not known. */
  readonly currency: string;
  readonly peopleFrom: PeopleFrom;
  /** Who chatted. */
  readonly people: People;
  readonly journey: DealJourney;
}

/** Besides the deal itself and its journey. */
interface Told extends Pick<CreditFacts, 'peopleFrom' | 'people'> {
  /** What the deal's records say. */
  readonly contributions: readonly Contribution[];
  /** Of deals whose amount is not known. */
  readonly currency: string;
}

export function creditFacts(
  { fields }: Entity,
  journey: DealJourney,
  { contributions, currency, peopleFrom, people }: Told,
): CreditFacts {
  const amount = asMoney(fields.amount);
  return {
    ...{ name: text(fields.name), status: text(fields.status), stage: text(fields.stage) },
    ...{ amount, ownAmounts: ownAmounts(contributions, amount), journey },
    ...{ currency: amount?.currency ?? currency, peopleFrom, people },
  };
}

type KeptAmount = readonly [ref: string, minor: number | null, currency: string | null];

interface Kept {
  readonly name: string | null;
  readonly status: string | null;
  readonly stage: string | null;
  /** `known` is there where it is false: a deal without an amount was once told 0. */
  readonly amount: { readonly minor: number; readonly currency: string; readonly known?: false };
  readonly own?: readonly KeptAmount[];
  /** Absent: from roles. */
  readonly people?: PeopleFrom;
  /** Absent: nobody who chatted had a name. */
  readonly who?: People;
  readonly converted: boolean;
  readonly milestones: Readonly<Partial<Record<Milestone, number>>>;
  readonly covariates: Readonly<Record<string, number>>;
  /** Absent: none. */
  readonly apart?: readonly KeptTouch[];
  readonly leftOut?: DealJourney['leftOut'];
  /** Before the window or after the end: a number, as it was once kept, else without what came after the end. */
  readonly outside: number | Pick<Outside, 'before' | 'used'>;
  /** Absent: none, or kept before it was counted. */
  readonly earlier?: number;
  readonly touches: readonly KeptTouch[];
}

/** Where the journey ended is not among it: an open deal's ends at each computing. */
export function keptFacts(facts: CreditFacts): { hash: string; body: string } {
  const { name, status, stage, amount, ownAmounts: others, currency, peopleFrom, people, journey } = facts;
  const { journey: own, outside, earlier, apart = [], leftOut = {} } = journey;
  const body = canonicalJson({
    ...{ name, status, stage, converted: own.converted },
    // What comes after the end changes nothing: with it, each later chat of a customer would be news of old deals.
    outside: { before: outside.before, used: outside.used },
    ...(earlier === 0 ? {} : { earlier }),
    amount: amount ? { minor: amount.minor, currency } : { minor: 0, currency, known: false },
    ...(others.length === 0 ? {} : { own: others.map(keptAmount) }),
    ...(peopleFrom === 'roles' ? {} : { people: peopleFrom }),
    ...(Object.keys(people).length === 0 ? {} : { who: toJson(people) }),
    ...(apart.length === 0 ? {} : { apart: apart.map((touch) => keptTouch(touch)) }),
    ...(Object.keys(leftOut).length === 0 ? {} : { leftOut: { ...leftOut } }),
    milestones: { ...own.milestones },
    covariates: { ...own.covariates },
    touches: keptTouches(journey),
  });
  return { hash: fingerprint(body), body };
}

function keptAmount({ ref, amount }: OwnAmount): [string, number | null, string | null] {
  return [ref, amount?.minor ?? null, amount?.currency ?? null];
}

function amountFrom([ref, minor, currency]: KeptAmount): OwnAmount {
  return { ref, amount: minor === null || currency === null ? null : { minor, currency } };
}

/** @param body as `keptFacts` made it */
export function factsFrom(body: string, endedAt: number): CreditFacts {
  const kept: Kept = JSON.parse(body);
  const {
    name,
    status,
    stage,
    amount,
    own = [],
    people: peopleFrom = 'roles',
    who = {},
    touches,
    outside,
    earlier = 0,
    apart = [],
    leftOut = {},
    converted,
    milestones,
    covariates,
  } = kept;
  const journey: Journey = {
    touches: touches.map(touchFrom),
    ...{ conversionTime: endedAt, converted, milestones, covariates },
  };
  const { minor, currency, known = true } = amount;
  return {
    ...{ name, status, stage, currency, peopleFrom, people: who },
    amount: known ? { minor, currency } : null,
    ownAmounts: own.map(amountFrom),
    journey: {
      ...{ journey, ...besidesFrom(touches), apart: apart.map(touchFrom), leftOut },
      outside:
        typeof outside === 'number' ? { before: outside, used: 0, after: 0 } : { ...outside, after: 0 },
      earlier: typeof outside === 'number' ? outside : earlier,
    },
  };
}

/** What is written onto a deal, as one hash. */
export function writtenDigest(fields: CanonicalFields, touches: readonly Entity[]): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return fingerprint(JSON.stringify([sorted, touches.map((touch) => [touch.id, touch.fields])]), 16);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
