/** How far one JSONata expression may go on one record, and how it says that it went further. */
import type { Json } from '../../../support/json.ts';

export const expressionLimits = {
  /** Parts of the expression evaluated, counted alike on every machine. */
  steps: 200_000,
  /** Calls inside calls. */
  depth: 2_000,
  /** Items of one list. */
  items: 100_000,
  /** Characters of the result as JSON. */
  length: 1_000_000,
  /** Megabytes that the evaluation may hold. */
  memory: 128,
  /** Milliseconds of the processor, for what takes no countable step: a pattern that backtracks without end. */
  time: 2_000,
} as const;

export type ExpressionLimit = keyof typeof expressionLimits;

/** What an expression yields: a value (absent: nothing), an error of its own, or the limit that it exceeded. */
export type Evaluated =
  | { readonly value?: Json }
  | { readonly error: string }
  | { readonly exceeded: ExpressionLimit };

export interface Evaluation {
  readonly text: string;
  readonly input: Json | undefined;
}

const words: Readonly<Record<ExpressionLimit, string>> = {
  steps: 'took more than 200,000 steps',
  depth: 'called itself more than 2,000 levels deep',
  items: 'made a list of more than 100,000 items',
  length: 'made a result of more than 1,000,000 characters',
  memory: 'needed more than 128 MB',
  time: 'kept the processor busy for longer than 2 seconds',
};

export function limitText(limit: ExpressionLimit): string {
  return words[limit];
}
