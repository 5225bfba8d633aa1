/** One deal under one model: what its credit is told from. */
import type { Model, Split } from '../attribution/model.ts';
import type { Money } from '../canonical/model.ts';
import type { DealJourney } from '../journey/build.ts';
import type { OwnAmount } from './own-amounts.ts';
import type { PeopleFrom } from './people.ts';
import type { People } from './story.ts';
import type { BaselineRule } from './written.ts';

export interface CreditContext {
  readonly journey: DealJourney;
  /** Names and roles of who chatted; absent: nobody has a name. */
  readonly people?: People;
  readonly split: Split;
  readonly model: Model;
  /** Why `model` is not the one that was asked for. */
  readonly instead?: string;
  /** Null: not known, and then no part of it is. */
  readonly amount: Money | null;
  /** Of the deal's records whose amount is another. */
  readonly ownAmounts: readonly OwnAmount[];
  /** Where the deal has its people from. */
  readonly peopleFrom: PeopleFrom;
  readonly lookbackDays: number;
  readonly baseline: BaselineRule;
  readonly computedAt: number;
}
