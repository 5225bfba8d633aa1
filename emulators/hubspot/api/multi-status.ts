/** Batches in which each input may succeed or fail for itself. */

import { type BadValue, invalidValues, Refusal } from '../state/refusal.ts';
import { type BatchError, batchError } from './batch.ts';

export interface Traceable {
  readonly objectWriteTraceId?: string | undefined;
}

export interface Steps<T> {
  /** Throws a refusal. */
  check(input: T): void;
  write(input: T): object;
}

export interface Outcomes {
  readonly results: readonly object[];
  readonly errors: readonly BatchError[];
}

/**
 * Only a batch whose every input carries a trace id of its own may succeed in part.
 * https://developers.hubspot.com/docs/api-reference/error-handling (multi-status errors)
 */
export function canSplit(inputs: readonly Traceable[]): boolean {
  const ids = new Set(inputs.map(({ objectWriteTraceId }) => objectWriteTraceId));
  return !ids.has(undefined) && ids.size === inputs.length;
}

export function writeAll<T extends Traceable>(inputs: readonly T[], { check, write }: Steps<T>): Outcomes {
  assertEvery(inputs, check);
  return { results: inputs.map((input) => traced(input, write(input))), errors: [] };
}

export function writeEach<T extends Traceable>(
  inputs: readonly T[],
  { write }: Pick<Steps<T>, 'write'>,
): Outcomes {
  const results: object[] = [];
  const errors: BatchError[] = [];
  for (const input of inputs) {
    try {
      results.push(traced(input, write(input)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(batchError(error, contextOf(error, input)));
    }
  }
  return { results, errors };
}

/** Bad values of all inputs are told together; of a conflict, HubSpot does not say whose it is. */
function assertEvery<T>(inputs: readonly T[], check: (input: T) => void): void {
  const bad: BadValue[] = [];
  for (const input of inputs) {
    try {
      check(input);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 409)
        throw new Refusal(409, { message: 'Contact already exists', category: 'CONFLICT' });
      if (error.bad.length === 0) throw error;
      bad.push(...error.bad);
    }
  }
  if (bad.length > 0) throw invalidValues(bad);
}

function contextOf(refusal: Refusal, { objectWriteTraceId }: Traceable): Record<string, string[]> {
  const existing = /Existing ID: (\d+)/.exec(refusal.message)?.[1];
  return {
    ...(objectWriteTraceId === undefined ? {} : { objectWriteTraceId: [objectWriteTraceId] }),
    ...(existing === undefined ? {} : { existingId: [existing] }),
  };
}

function traced({ objectWriteTraceId }: Traceable, json: object): object {
  return objectWriteTraceId === undefined ? json : { ...json, objectWriteTraceId };
}
