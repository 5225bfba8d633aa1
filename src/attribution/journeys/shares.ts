/**
 * Sums of "a share of so many", exact on a grid of 2⁻⁴⁸: the share is put on the grid first, and whole numbers are
 * added from there. So two journeys at once are the same as one and one, in any order, and a journey taken out
 * leaves no trace.
 */
import { widenFloat64 } from './growable.ts';

const half = 2 ** 24;
/** Grid steps of a whole share. */
export const gridSteps = half * half;

/** Puts weights on the grid in place, as shares of their sum that add up to exactly 1. */
export function ontoGrid(weights: Float64Array, length: number): void {
  let sum = 0;
  for (let at = 0; at < length; at += 1) sum += weights[at] ?? 0;
  let left = gridSteps;
  for (let at = 0; at < length - 1; at += 1) {
    const steps = Math.min(left, Math.round(((weights[at] ?? 0) / sum) * gridSteps));
    weights[at] = steps;
    left -= steps;
  }
  weights[length - 1] = left;
}

/** A sum per slot: whole numbers, and two halves of the grid below them. */
export class ShareSums {
  #whole = new Float64Array(16);
  #upper = new Float64Array(16);
  #lower = new Float64Array(16);

  reserve(size: number): void {
    if (size <= this.#whole.length) return;
    this.#whole = widenFloat64(this.#whole, size);
    this.#upper = widenFloat64(this.#upper, size);
    this.#lower = widenFloat64(this.#lower, size);
  }

  /** Adds `count` times a share of so many grid steps; a count below zero takes it out. */
  add(slot: number, steps: number, count: number): void {
    const upperSteps = Math.floor(steps / half);
    const lower = (this.#lower[slot] ?? 0) + (steps - upperSteps * half) * count;
    const carry = Math.floor(lower / half);
    this.#lower[slot] = lower - carry * half;
    const upper = (this.#upper[slot] ?? 0) + upperSteps * count + carry;
    const over = Math.floor(upper / half);
    this.#upper[slot] = upper - over * half;
    this.#whole[slot] = (this.#whole[slot] ?? 0) + over;
  }

  /** The sum, the nearest double. */
  sum(slot: number): number {
    return Number(this.steps(slot)) / gridSteps;
  }

  /** The sum in grid steps, exactly. */
  steps(slot: number): bigint {
    const whole = BigInt(this.#whole[slot] ?? 0) * BigInt(gridSteps);
    return whole + BigInt((this.#upper[slot] ?? 0) * half + (this.#lower[slot] ?? 0));
  }
}
