/** One deal's credit by every model, from its facts alone: pure, so that it comes out the same years later. */
import { allocate } from '../attribution/allocate.ts';
import type { Model, Split } from '../attribution/model.ts';
import type { CanonicalFields, Entity } from '../canonical/model.ts';
import { chatCredit, keepComputedAt, noChatCredit } from '../credit/chat.ts';
import type { CreditFacts } from '../credit/facts.ts';
import { chatTouches } from '../credit/touches.ts';
import type { BaselineRule } from '../credit/written.ts';
import type { CreditLine } from '../store/contract.ts';
import type { ModelSet } from './models.ts';

export interface DealCredit {
  readonly id: string;
  /** Absent when the deal is gone (merged away): everything credited to it goes too. */
  readonly facts?: CreditFacts;
  readonly splits: readonly { readonly model: Model; readonly split: Split }[];
  readonly lines: readonly CreditLine[];
  readonly fields: CanonicalFields;
  readonly touches: readonly Entity[];
  /** By which model the deal is told its credit, and whether the baseline counts there; absent like `facts`. */
  readonly written?: { readonly model: string; readonly baseline: BaselineRule };
}

/** @param before what the deal shows now */
export function creditOf(
  { models, credit, instead, standing }: ModelSet,
  id: string,
  facts: CreditFacts,
  computedAt: number,
  before: CanonicalFields = {},
): DealCredit {
  const { journey, amount } = facts;
  const { lookbackDays, baseline } = standing.settings;
  const splits = models.map((model) => ({ model, split: model.split(journey.journey) }));
  const reported = splits.find(({ model }) => model === credit);
  const context = reported && {
    ...{ journey, amount, ...reported, lookbackDays, baseline, computedAt },
    ...(instead === undefined ? {} : { instead }),
  };
  return {
    ...{ id, facts, splits },
    lines: splits.flatMap(({ model, split }) => creditLines(id, facts, model, split)),
    fields: context ? keepComputedAt(before, chatCredit(context)) : noChatCredit,
    touches: context ? chatTouches(id, context) : [],
    written: { model: credit.id, baseline },
  };
}

export function noCredit(id: string): DealCredit {
  return { id, splits: [], lines: [], fields: noChatCredit, touches: [] };
}

function creditLines(
  dealId: string,
  { journey: { journey }, amount }: CreditFacts,
  model: Model,
  split: Split,
): CreditLine[] {
  const minors = allocate(amount.minor, [...split.shares, split.baseline]);
  const common = { dealId, model: model.id, version: model.version, currency: amount.currency };
  const lines = journey.touches.map((touch, index) => ({
    ...common,
    touch: touch.eventId,
    channel: touch.channel,
    time: touch.time,
    share: split.shares[index] ?? 0,
    amountMinor: minors[index] ?? 0,
    reason: split.reason(index),
  }));
  if (split.baseline === 0) return lines;
  const anyway = { ...common, touch: 'baseline', channel: 'baseline', time: journey.conversionTime };
  const reason = 'Would have happened without any touch.';
  return [...lines, { ...anyway, share: split.baseline, amountMinor: minors.at(-1) ?? 0, reason }];
}
