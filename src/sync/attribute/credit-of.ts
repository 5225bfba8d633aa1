/** One deal's credit by every model, from its facts alone: pure, so that it comes out the same years later. */
import { allocate } from '../../attribution/allocate.ts';
import type { Model, Split } from '../../attribution/model.ts';
import type { CanonicalFields, Entity } from '../../canonical/model.ts';
import { chatCredit, keepComputedAt, noChatCredit } from '../../credit/chat.ts';
import type { CreditFacts } from '../../credit/facts.ts';
import { chatTouches } from '../../credit/touches.ts';
import type { BaselineRule } from '../../credit/written.ts';
import { noOrigin, type Origin } from '../../journey/origins.ts';
import type { CreditLine, ModelLines } from '../../store/contract/credits.ts';
import type { ModelSet } from './models.ts';

export interface DealCredit {
  readonly id: string;
  /** Absent when the deal is gone (merged away): everything credited to it goes too. */
  readonly facts?: CreditFacts;
  readonly models: readonly ModelCredit[];
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
  const { journey, people, amount, ownAmounts, peopleFrom } = facts;
  const { lookbackDays, baseline } = standing.settings;
  const credited = models.map((model) => new ModelCredit(id, facts, model));
  const split = credited.find(({ of }) => of === credit)?.split;
  const context = split && {
    ...{ journey, people, amount, ownAmounts, peopleFrom, model: credit, split },
    ...{ lookbackDays, baseline, computedAt, ...(instead === undefined ? {} : { instead }) },
  };
  return {
    ...{ id, facts, models: credited },
    fields: context ? keepComputedAt(before, chatCredit(context)) : noChatCredit,
    touches: context ? chatTouches(id, context) : [],
    written: { model: credit.id, baseline },
  };
}

export function noCredit(id: string): DealCredit {
  return { id, models: [], fields: noChatCredit, touches: [] };
}

/** What one model makes of the deal, worked out when somebody asks: most of it is kept already. */
export class ModelCredit implements ModelLines {
  readonly of: Model;
  readonly #dealId: string;
  readonly #facts: CreditFacts;
  #split: Split | undefined;
  #lines: readonly CreditLine[] | undefined;

  constructor(dealId: string, facts: CreditFacts, of: Model) {
    this.of = of;
    this.#dealId = dealId;
    this.#facts = facts;
  }

  get model(): string {
    return this.of.id;
  }

  get split(): Split {
    this.#split ??= this.of.split(this.#facts.journey.journey);
    return this.#split;
  }

  lines(): readonly CreditLine[] {
    this.#lines ??= creditLines(this.#dealId, this.#facts, this.of, this.split);
    return this.#lines;
  }
}

function creditLines(
  dealId: string,
  { journey: { journey, topics, origins = [] }, amount, currency }: CreditFacts,
  model: Model,
  split: Split,
): CreditLine[] {
  const minors = allocate(amount?.minor ?? 0, [...split.shares, split.baseline]);
  const { id, version } = model;
  // Field by field: there is a line for every touch and model, and spreading takes longer than all else.
  const lines = journey.touches.map(({ type, eventId, channel, time }, index) => {
    const line: Line = {
      dealId,
      model: id,
      version,
      currency,
      touch: eventId,
      channel,
      time,
      share: split.shares[index] ?? 0,
      amountMinor: minors[index] ?? 0,
      reason: split.reason(index),
    };
    tell(line, origins[index] ?? noOrigin, type === 'touch.chat' ? topics[index] : null);
    return line;
  });
  if (split.baseline === 0) return lines;
  lines.push({
    ...{ dealId, model: id, version, currency, touch: 'baseline', channel: 'baseline' },
    ...{ time: journey.conversionTime, share: split.baseline, amountMinor: minors.at(-1) ?? 0 },
    reason: 'What spoke for the deal without any touch.',
  });
  return lines;
}

type Line = { -readonly [Field in keyof CreditLine]: CreditLine[Field] };

/** What can be grouped by, without what is not told. */
function tell(line: Line, origin: Origin, topic: string | null = null): void {
  if (origin.campaign !== null) line.campaign = origin.campaign;
  if (origin.source !== null) line.source = origin.source;
  if (origin.medium !== null) line.medium = origin.medium;
  if (origin.content !== null) line.content = origin.content;
  if (topic !== null) line.topic = topic;
  if (origin.bot !== null) line.bot = origin.bot;
}
