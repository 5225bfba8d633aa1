/** One deal's credit by every model, from its facts alone: pure, so that it comes out the same years later. */
import { allocate } from '../../attribution/allocate.ts';
import type { Model, Split } from '../../attribution/model.ts';
import type { CanonicalFields, Entity } from '../../canonical/model.ts';
import { chatCredit, keepComputedAt, noChatCredit } from '../../credit/chat.ts';
import type { CreditFacts } from '../../credit/facts.ts';
import { chatTouches } from '../../credit/touches.ts';
import type { BaselineRule } from '../../credit/written.ts';
import type { DealJourney } from '../../journey/build.ts';
import { noOrigin, type Origin } from '../../journey/origins.ts';
import type { CreditLine, CreditTouch, GivenCredit, ModelCredit } from '../../store/contract/credits.ts';
import { linesOf } from '../../store/credits/lines.ts';
import type { ModelSet } from './models.ts';

export interface DealCredit {
  readonly id: string;
  /** Absent when the deal is gone (merged away): everything credited to it goes too. */
  readonly facts?: CreditFacts;
  readonly models: readonly CreditByModel[];
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
  const credited = models.map((model) => new CreditByModel(id, facts, model));
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
export class CreditByModel implements ModelCredit {
  readonly of: Model;
  readonly #dealId: string;
  readonly #facts: CreditFacts;
  #split: Split | undefined;
  #given: GivenCredit | undefined;

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

  given(): GivenCredit {
    this.#given ??= givenBy(this.#facts, this.of, this.split);
    return this.#given;
  }

  lines(): CreditLine[] {
    return linesOf(this.#dealId, this.model, this.given());
  }
}

function givenBy(
  { journey, amount, currency }: CreditFacts,
  { version }: Model,
  { shares, baseline, reason }: Split,
): GivenCredit {
  const reasons: string[] = [];
  const minors = allocate(amount?.minor ?? 0, [...shares, baseline]);
  const rest = {
    ...{ time: journey.journey.conversionTime, share: baseline, minor: minors.at(-1) ?? 0 },
    reason: 'What spoke for the deal without any touch.',
  };
  return {
    ...{ version, currency, touches: creditTouches(journey), shares, minors: minors.slice(0, -1) },
    // Asked for more than once, and worked out of hundreds of draws by some models.
    reason: (index) => {
      reasons[index] ??= reason(index);
      return reasons[index];
    },
    baseline: baseline === 0 ? null : rest,
  };
}

const touchesKnown = new WeakMap<DealJourney, readonly CreditTouch[]>();

/** Once for all models. */
function creditTouches(of: DealJourney): readonly CreditTouch[] {
  const known = touchesKnown.get(of);
  if (known) return known;
  const { journey, topics, origins = [] } = of;
  const touches = journey.touches.map(({ type, eventId, channel, time }, index) =>
    told({ touch: eventId, channel, time }, origins[index], type === 'touch.chat' ? topics[index] : null),
  );
  touchesKnown.set(of, touches);
  return touches;
}

type Touch = { -readonly [Field in keyof CreditTouch]: CreditTouch[Field] };

/** With what can be grouped by, as far as it is told. */
function told(touch: Touch, origin: Origin = noOrigin, topic: string | null = null): CreditTouch {
  if (origin.campaign !== null) touch.campaign = origin.campaign;
  if (origin.source !== null) touch.source = origin.source;
  if (origin.medium !== null) touch.medium = origin.medium;
  if (origin.content !== null) touch.content = origin.content;
  if (topic !== null) touch.topic = topic;
  if (origin.bot !== null) touch.bot = origin.bot;
  return touch;
}
