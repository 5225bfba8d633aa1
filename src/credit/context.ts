/** One deal under one model: what its credit is told from. */
import type { Model, Split } from '../attribution/model.ts';
import type { Money } from '../canonical/model.ts';
import type { DealJourney } from '../journey/build.ts';
import type { BaselineRule } from './written.ts';

export interface CreditContext {
  readonly journey: DealJourney;
  readonly split: Split;
  readonly model: Model;
  /** Why `model` is not the one that was asked for. */
  readonly instead?: string;
  readonly amount: Money;
  readonly lookbackDays: number;
  readonly baseline: BaselineRule;
  readonly computedAt: number;
}
