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
  const missing = size - parts.reduce((all, part) => all + part, 0);
  for (const index of byRemainder(exact, parts).slice(0, missing)) parts[index] = (parts[index] ?? 0) + 1;
  return total < 0 ? parts.map((part) => -part) : parts;
}

function byRemainder(exact: readonly number[], parts: readonly number[]): number[] {
  const remainder = (index: number) => (exact[index] ?? 0) - (parts[index] ?? 0);
  return exact.map((_, index) => index).sort((a, b) => remainder(b) - remainder(a) || a - b);
}
