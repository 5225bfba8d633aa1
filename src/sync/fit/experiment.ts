/**
 * Calibration by experiment: where chat was withheld from a random part of the visitors, the difference between the
 * two parts is what chat does, whatever any model says.
 */
import {
  type Arm,
  claimOf,
  compareWithExperiment,
  type ExperimentResult,
} from '../../attribution/fit/experiment.ts';
import { parseSnapshot } from '../../attribution/fit/schema.ts';
import type { CanonicalEvent } from '../../canonical/events.ts';
import type { Entity } from '../../canonical/model.ts';
import { isConversion } from '../../journey/conversion.ts';
import type { Fit, Store } from '../../store/contract.ts';
import type { Hub } from '../hub.ts';
import { collectProspects } from './collect.ts';

export interface ChatExperiment {
  /** When visitors were held out, ms. */
  readonly window: { readonly from: number; readonly to: number };
  readonly treated: Arm;
  readonly withheld: Arm;
  /** Of the fit whose claim is measured. */
  readonly version: string;
  readonly result: ExperimentResult;
}

/** A visitor, by the person that they turned out to be, else by the key of their events. */
interface Visitor {
  readonly id: string;
  readonly firstAt: number;
  readonly withheld: boolean;
}

const batchSize = 5_000;
const chatChannel = 'Chat';

/** Null when no visitor was ever held out, or only on one side people are left. */
export async function chatExperiment(
  hub: Hub,
  fit: Fit,
  signal?: AbortSignal,
): Promise<ChatExperiment | null> {
  const sessions = await sessionStarts(hub.store, signal);
  const held = sessions.filter(({ withheld }) => withheld).map(({ at }) => at);
  if (held.length === 0) return null;
  const window = { from: held[0] ?? 0, to: held.at(-1) ?? 0 };
  const during = sessions.filter(({ at }) => at >= window.from && at <= window.to);
  const visitors = await visitorsOf(hub.store, during);
  const bought = await buyersAmong(hub, visitors);
  const arm = (withheld: boolean): Arm => {
    const own = visitors.filter((visitor) => visitor.withheld === withheld);
    return { people: own.length, conversions: own.filter(({ id }) => bought.has(id)).length };
  };
  const [treated, withheld] = [arm(false), arm(true)];
  if (treated.people === 0 || withheld.people === 0) return null;
  const treatedIds = visitors.filter((visitor) => !visitor.withheld).map(({ id }) => id);
  const claim = await claimAmong(hub, fit, new Set(treatedIds), signal);
  const result = compareWithExperiment({ treated, withheld, claim });
  return { window, treated, withheld, version: fit.version, result };
}

interface SessionStart {
  readonly subject: string;
  readonly at: number;
  readonly withheld: boolean;
}

/** All of them, oldest first. */
async function sessionStarts(store: Store, signal?: AbortSignal): Promise<SessionStart[]> {
  const starts: SessionStart[] = [];
  let after: { time: number; id: string } | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const filter = { types: ['chat.session_started'], ...(after ? { after } : {}) };
    const events: CanonicalEvent[] = await store.facts.events(filter, batchSize);
    for (const { subject, time, data } of events)
      starts.push({ subject, at: time, withheld: data.holdout === true });
    const last = events.at(-1);
    if (!last) return starts;
    after = { time: last.time, id: last.id };
  }
}

/** Who comes again stays in the part that the first visit fell into. */
async function visitorsOf(store: Store, sessions: readonly SessionStart[]): Promise<Visitor[]> {
  const visitors = new Map<string, Visitor>();
  for (let start = 0; start < sessions.length; start += batchSize) {
    const batch = sessions.slice(start, start + batchSize);
    const people = await store.entities.byKey('Person', [...new Set(batch.map(({ subject }) => subject))]);
    for (const { subject, at, withheld } of batch) {
      const id = people[subject] ?? subject;
      if (!visitors.has(id)) visitors.set(id, { id, firstAt: at, withheld });
    }
  }
  return [...visitors.values()];
}

/** Visitors with a deal that was won after their first visit. */
async function buyersAmong(
  { store, clock }: Hub,
  visitors: readonly Visitor[],
): Promise<ReadonlySet<string>> {
  const buyers = new Set<string>();
  for (let start = 0; start < visitors.length; start += batchSize) {
    const batch = visitors.slice(start, start + batchSize);
    const facts = await store.entities.personFacts(batch.map(({ id }) => id));
    const dealsOf = new Map(facts.map(({ personId, deals }) => [personId, deals]));
    const deals = await store.entities.get([...new Set(facts.flatMap((one) => one.deals))]);
    const won = new Map(
      deals.filter((deal) => !deal.withdrawn && isConversion(deal)).map((deal) => [deal.id, deal]),
    );
    for (const { id, firstAt } of batch)
      if (dealsOf.get(id)?.some((deal) => closedAfter(won.get(deal), firstAt, clock.now()))) buyers.add(id);
  }
  return buyers;
}

function closedAfter(deal: Entity | undefined, start: number, now: number): boolean {
  const at = deal?.fields.closedAt;
  return typeof at === 'number' && at > start && at <= now;
}

async function claimAmong(hub: Hub, fit: Fit, people: ReadonlySet<string>, signal?: AbortSignal) {
  const { parameters, resamples } = parseSnapshot(fit.snapshot, `fit ${fit.version}`);
  const options = { only: people, ...(signal ? { signal } : {}) };
  const treated = await collectProspects(hub.store, hub.settings.attribution, hub.clock.now(), options);
  return claimOf(parameters, resamples, treated.observations(), chatChannel);
}
