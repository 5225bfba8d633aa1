/**
 * Exact sums by slot: conversions, and values as units and billionths. Integers all of them, so that they do not
 * depend on the order in which journeys came, and taking one out leaves what would have been without it.
 */
import { type Decimal, decimalNumber, nanosPerUnit } from './decimal.ts';
import { widenFloat64 } from './growable.ts';
import type { Outcome } from './sink.ts';

export class OutcomeSums {
  conversions = new Float64Array(16);
  #units = new Float64Array(16);
  #nanos = new Float64Array(16);

  /** Makes room for slots below `size`. */
  reserve(size: number): void {
    if (size <= this.conversions.length) return;
    this.conversions = widenFloat64(this.conversions, size);
    this.#units = widenFloat64(this.#units, size);
    this.#nanos = widenFloat64(this.#nanos, size);
  }

  /** All may be negative together: a journey is taken out. */
  add(slot: number, { conversions, units, nanos }: Omit<Outcome, 'nulls'>): void {
    this.conversions[slot] = (this.conversions[slot] ?? 0) + conversions;
    if (units !== 0 || nanos !== 0) this.#addValue(slot, units, nanos);
  }

  /** The value of a slot, exactly. */
  decimal(slot: number): Decimal {
    return { units: this.#units[slot] ?? 0, nanos: this.#nanos[slot] ?? 0 };
  }

  /** The value of a slot, the nearest double to its exact sum. */
  value(slot: number): number {
    return decimalNumber(this.#units[slot] ?? 0, this.#nanos[slot] ?? 0);
  }

  /** Copies a slot of other sums. */
  take(slot: number, from: OutcomeSums, other: number): void {
    this.conversions[slot] = from.conversions[other] ?? 0;
    this.#units[slot] = from.#units[other] ?? 0;
    this.#nanos[slot] = from.#nanos[other] ?? 0;
  }

  #addValue(slot: number, units: number, nanos: number): void {
    const sum = (this.#nanos[slot] ?? 0) + nanos;
    const carry = sum >= nanosPerUnit ? 1 : sum < 0 ? -1 : 0;
    this.#nanos[slot] = sum - carry * nanosPerUnit;
    this.#units[slot] = (this.#units[slot] ?? 0) + units + carry;
  }
}
