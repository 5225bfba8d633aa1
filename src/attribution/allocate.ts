/**
 * Splits an amount of integer minor units by shares so that the parts sum exactly to it: largest remainder
 * (Hamilton), ties to the earlier part. Shares are ≥ 0; they are taken relative to their sum, and when that is
 * 0 every part is 0. Negative totals (refunds) are split like their absolute value.
 */
export function allocate(total: number, shares: readonly number[]): number[] {
  if (!Number.isSafeInteger(total)) throw new RangeError(`not a whole number of minor units: ${total}`);
  const sum = shares.reduce((all, share) => all + share, 0);
  if (!(sum > 0)) return shares.map(() => 0);
  const size = Math.abs(total);
  const exact = shares.map((share) => (size * share) / sum);
  const parts = exact.map(Math.floor);
  const order = byRemainder(exact, parts);
  // Rounding may leave more to give than there are parts, or something to take back, where totals are huge.
  const missing = parts.reduce((left, part) => left - part, size);
  const rounds = missing > 0 ? order : order.toReversed().filter((index) => (parts[index] ?? 0) > 0);
  for (let step = 0; step < Math.abs(missing); step += 1) {
    const index = rounds[step % rounds.length] ?? 0;
    parts[index] = (parts[index] ?? 0) + Math.sign(missing);
  }
  return total < 0 ? parts.map((part) => -part) : parts;
}

function byRemainder(exact: readonly number[], parts: readonly number[]): number[] {
  const remainder = (index: number) => (exact[index] ?? 0) - (parts[index] ?? 0);
  return exact.map((_, index) => index).sort((a, b) => remainder(b) - remainder(a) || a - b);
}
