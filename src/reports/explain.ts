/** Why a deal has the credit that it has: its journey, every touch's share and money under each model, in words. */

import { withoutTouch } from '../attribution/without.ts';
import type { Entity, Money } from '../canonical/model.ts';
import { parseRef, recordOf } from '../canonical/names.ts';
import { shownCredit } from '../credit/own-amounts.ts';
import type { Outside } from '../journey/build.ts';
import { iso } from '../support/clock.ts';
import { type DealCredit, noCredit } from '../sync/attribute/credit-of.ts';
import { creditDeals } from '../sync/attribute/credits.ts';
import { type Hub, pulledObjects } from '../sync/hub.ts';
import { type AsOf, creditAsOf } from './as-of.ts';
import { changesAfterClose } from './late-evidence.ts';
import { personName } from './person-name.ts';

export interface DealExplanation {
  readonly id: string;
  readonly name: string;
  readonly amount: Money | null;
  readonly status: string | null;
  readonly stage: string | null;
  /** The deal's records at the CRMs. */
  readonly records: readonly { readonly connection: string; readonly object: string; readonly id: string }[];
  readonly people: readonly string[];
  readonly credit: Readonly<Record<string, unknown>>;
  readonly touches: readonly ExplainedTouch[];
  readonly models: readonly {
    readonly id: string;
    readonly title: string;
    readonly definition: string;
    readonly version: string;
    readonly baseline: number;
    /** The deal shows this model's credit with the baseline shared out among the touches (`baseline: without`). */
    readonly sharedOut: boolean;
    /** Won deals that a fit rests on; null for rules. */
    readonly conversions: number | null;
  }[];
  /** Touches that count for nothing, by where they lie. */
  readonly outside: Outside;
  /** Touches of sales that stand apart, without credit (`salesTouches: apart`). */
  readonly apart: readonly Pick<ExplainedTouch, 'at' | 'channel' | 'type' | 'person'>[];
  /** How many touches inside the window are no buyer's, by why. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Null: as of now. */
  readonly asOf: AsOf | null;
  /** What became of the touches of a closed deal after its close, in sentences, oldest first. */
  readonly changes: readonly string[];
}

export interface ExplainedTouch {
  readonly at: string;
  readonly channel: string;
  readonly type: string;
  readonly person: string;
  readonly topic: string | null;
  readonly byModel: Readonly<
    Record<
      string,
      {
        readonly share: number;
        readonly amountMinor: number;
        readonly reason: string;
        /** What its channel would have without it; null where nothing can be said. */
        readonly without: {
          readonly channel: string;
          readonly share: number;
          readonly instead: number;
        } | null;
      }
    >
  >;
}

/** By the hub's id or by a record id at any CRM; null when nobody knows the deal. */
export async function explainDeal(hub: Hub, id: string, asOf?: number): Promise<DealExplanation | null> {
  const dealId = await findDeal(hub, id);
  if (dealId === null) return null;
  const [deal] = await hub.store.entities.get([dealId]);
  if (!deal) return null;
  if (asOf === undefined && deal.withdrawn) return null;
  const { credited, asOf: told } =
    asOf === undefined ? await creditNow(hub, dealId) : await creditAsOf(hub, dealId, asOf);
  const { journey: own, apart = [] } = credited.facts?.journey ?? {};
  const touches = [...(own?.touches ?? []), ...apart];
  const people = await hub.store.entities.get([...new Set(touches.map(({ person }) => person))]);
  const names = new Map(people.map((person) => [person.id, personName(person)]));
  const changes = asOf === undefined ? await changesAfterClose(hub, deal) : [];
  return { ...explanation(credited, deal, names), asOf: told, changes };
}

async function creditNow(hub: Hub, dealId: string): Promise<{ credited: DealCredit; asOf: null }> {
  const [credited = noCredit(dealId)] = await creditDeals(hub, await hub.models.current(), [dealId]);
  return { credited, asOf: null };
}

async function findDeal(hub: Hub, id: string): Promise<string | null> {
  const [known] = await hub.store.entities.get([id]);
  if (known?.kind === 'Deal') return known.id;
  const keys = [...hub.systems.values()].flatMap((system) =>
    pulledObjects(system)
      .filter((object) => system.mapping.objects[object]?.entity === 'Deal')
      .map((object) => `id:${system.name}:${object}:${id}`),
  );
  const found = await hub.store.entities.byKey('Deal', keys);
  return Object.values(found)[0] ?? null;
}

function explanation(
  credited: DealCredit,
  deal: Entity,
  names: ReadonlyMap<string, string>,
): Omit<DealExplanation, 'asOf' | 'changes'> {
  const { facts, written } = credited;
  return {
    id: deal.id,
    name: facts?.name ?? deal.id,
    amount: facts?.amount ?? null,
    status: facts?.status ?? null,
    stage: facts?.stage ?? null,
    records: deal.members.map((member) => parseRef(recordOf(member))),
    people: [...names.values()],
    credit: shownCredit(credited.fields),
    touches: touchesOf(credited, names),
    models: credited.models.map(({ of: { id, title, definition, version, evidence }, split }) => ({
      id,
      title,
      definition,
      version,
      baseline: split.baseline,
      sharedOut: written?.model === id && written.baseline === 'without' && split.baseline > 0,
      conversions: evidence?.conversions ?? null,
    })),
    outside: facts?.journey.outside ?? { before: 0, used: 0, after: 0 },
    apart: (facts?.journey.apart ?? []).map(({ time, channel, type, person }) => ({
      ...{ at: iso(time), channel, type, person: names.get(person) ?? person },
    })),
    leftOut: facts?.journey.leftOut ?? {},
  };
}

function touchesOf(
  { facts, models }: DealCredit,
  names: ReadonlyMap<string, string>,
): DealExplanation['touches'] {
  if (!facts) return [];
  const { journey, topics } = facts.journey;
  const lines = models.flatMap((model) => model.lines());
  const amounts = new Map(lines.map((line) => [`${line.model}|${line.touch}`, line.amountMinor]));
  return journey.touches.map((touch, index) => ({
    at: iso(touch.time),
    channel: touch.channel,
    type: touch.type,
    person: names.get(touch.person) ?? touch.person,
    topic: topics[index] ?? null,
    byModel: Object.fromEntries(
      models.map(({ of: model, split }) => [
        model.id,
        {
          share: split.shares[index] ?? 0,
          amountMinor: amounts.get(`${model.id}|${touch.eventId}`) ?? 0,
          reason: split.reason(index),
          without: withoutTouch(model, journey, split, index),
        },
      ]),
    ),
  }));
}
