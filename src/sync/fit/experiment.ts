/**
 * Calibration by experiment: where chat was withheld from a random part of the visitors, the difference between the
 * two parts is what chat does, whatever any model says.
 */
import {
  type Arm,
  type Claim,
  compareWithExperiment,
  type ExperimentResult,
} from '../../attribution/fit/experiment.ts';
import { wordOf } from '../../attribution/names.ts';
import type { Entity } from '../../canonical/model.ts';
import { isConversion } from '../../journey/conversion.ts';
import type { Fit } from '../../store/contract/fits.ts';
import type { Store } from '../../store/contract/store.ts';
import { Problem } from '../../support/problem.ts';
import { fittedKind } from '../attribute/kinds/kinds.ts';
import { touchRules } from '../attribute/touch-rules.ts';
import type { Hub } from '../hub.ts';
import { collectProspects } from './collect.ts';
import { sessionStarts, type Visitor, visitorsOf } from './visitors.ts';

export interface ChatExperiment {
  /** When visitors were held out, ms. */
  readonly window: { readonly from: number; readonly to: number };
  readonly treated: Arm;
  readonly withheld: Arm;
  /** Of either part, those of whom e-mail, phone or name are known: only they can be found to have bought. */
  readonly known: { readonly treated: number; readonly withheld: number };
  /** What makes the measure doubtful; null: nothing that the hub can see. */
  readonly doubt: string | null;
  /** Of the fit whose claim is measured. */
  readonly version: string;
  readonly result: ExperimentResult;
}

const batchSize = 5_000;
const chatChannel = 'Chat';
/** Chance alone makes a difference of more than this one time in 370. */
const errors = 3;

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
  const known = await knownAmong(hub.store, visitors);
  const treatedIds = visitors.filter((visitor) => !visitor.withheld).map(({ id }) => id);
  const claim = await claimAmong(hub, fit, new Set(treatedIds), signal);
  const result = compareWithExperiment({ treated, withheld, claim });
  const doubt = doubtOf(treated, withheld, known);
  return { window, treated, withheld, known, doubt, version: fit.version, result };
}

async function knownAmong(store: Store, visitors: readonly Visitor[]): Promise<ChatExperiment['known']> {
  const counts = { treated: 0, withheld: 0 };
  for (let start = 0; start < visitors.length; start += batchSize) {
    const batch = visitors.slice(start, start + batchSize);
    const people = await store.entities.get(batch.map(({ id }) => id));
    const named = new Set(people.filter(isNamed).map(({ id }) => id));
    for (const { id, withheld } of batch) if (named.has(id)) counts[withheld ? 'withheld' : 'treated'] += 1;
  }
  return counts;
}

function isNamed({ fields }: Entity): boolean {
  return ['email', 'phone', 'lastName'].some((name) => typeof fields[name] === 'string');
}

/** Chats ask for names: who was never asked may have bought unseen, and then the chat seems to do more than it does. */
function doubtOf(treated: Arm, withheld: Arm, known: ChatExperiment['known']): string | null {
  const [chatted, not] = [known.treated / treated.people, known.withheld / withheld.people];
  const all = (known.treated + known.withheld) / (treated.people + withheld.people);
  const error = Math.sqrt(all * (1 - all) * (1 / treated.people + 1 / withheld.people));
  if (Math.abs(chatted - not) <= errors * error) return null;
  const percent = (part: number) => `${(part * 100).toFixed(0)} %`;
  return (
    `Of the visitors with chat ${percent(chatted)} are known by name, of those without ${percent(not)}. ` +
    'Who is not known cannot be seen to buy, so the lift is wrong by as much: send `identified` for both parts, from forms or from the shop.'
  );
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

async function claimAmong(
  hub: Hub,
  { model, snapshot, version }: Fit,
  people: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Claim> {
  const claim = fittedKind(model)?.open(snapshot, `fit ${version}`).claim;
  if (!claim)
    throw new Problem('usage', `A fit of ${wordOf(model)} makes no claim that an experiment could measure.`, {
      remedy: 'Compare the experiment with a fit of the data-driven model.',
    });
  const options = { only: people, ...(signal ? { signal } : {}) };
  const { attribution } = hub.settings;
  const rules = touchRules(hub.settings);
  const treated = await collectProspects(hub.store, attribution, rules, hub.clock.now(), options);
  return claim(treated.observations(), chatChannel);
}
