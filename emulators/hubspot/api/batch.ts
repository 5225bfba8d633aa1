/** The frame of every batch answer. */

import { iso } from '../../../src/support/clock.ts';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import type { Portal } from '../portal.ts';
import { type ErrorBody, invalid, Refusal } from '../state/refusal.ts';
import type { Call } from './call.ts';

export type BatchError = ErrorBody & { readonly status: 'error' };

/**
 * What a batch answers when not all of it went well. The documents of 2026-09 know no 207 for records and
 * properties; there `errors` stand in the plain answer.
 */
export function partlyDone({ family }: Pick<Call, 'family'>, success: 200 | 201): number {
  return family === '2026-09' ? success : 207;
}

/** HubSpot answers in an order of its own. With errors it is a 207, though `status` still says COMPLETE. */
export function batchAnswer(
  portal: Portal,
  success: 200 | 201,
  results: readonly object[],
  errors: readonly BatchError[] = [],
  partly = 207,
): LoopbackAnswer {
  const now = iso(portal.clock.now());
  const body = {
    status: 'COMPLETE',
    results: portal.random.shuffle(results),
    startedAt: now,
    completedAt: now,
  };
  if (errors.length === 0) return { status: success, json: body };
  return { status: partly, json: { ...body, errors: errors.map(standardError), numErrors: errors.length } };
}

/** Every member has all that the vendor's `StandardError` requires. */
function standardError(error: BatchError): object {
  return { category: 'VALIDATION_ERROR', context: {}, errors: [], links: {}, ...error };
}

/** An input's refusal as one member of `errors`; the trace id says whose it is. */
export function batchError(refusal: Refusal, context: ErrorBody['context'] = {}): BatchError {
  return { status: 'error', ...refusal.body, context: { ...context, ...refusal.body.context } };
}

export function assertBatchSize(inputs: readonly unknown[], most: number): void {
  if (inputs.length > most) throw invalid(`Batch size ${inputs.length} exceeds the limit of ${most}`);
}

export function assertDistinct(ids: readonly string[]): void {
  const repeated = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  if (repeated.length === 0) return;
  throw invalid(`Duplicate IDs found in batch input: [${repeated.join(', ')}]. IDs must be unique`, {
    context: { ids: repeated },
  });
}

/** Makes what can be made: a refused input becomes one of the errors. */
export function eachOf<T>(inputs: readonly T[], make: (input: T) => readonly object[]) {
  const results: object[] = [];
  const errors: BatchError[] = [];
  for (const input of inputs) {
    try {
      results.push(...make(input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(batchError(error));
    }
  }
  return { results, errors };
}
