/**
 * Splits an amount of integer minor units by shares so that the parts sum exactly to it: largest remainder
 * (Hamilton). Remainders that differ by no more than rounding of doubles are a tie, and a tie goes to the earlier
 * part: `0.1 + 0.2` counts as `0.3`. Shares are ≥ 0; they are taken relative to their sum, and when that is 0 every
 * part is 0. Negative totals (refunds) are split like their absolute value.
 *
 * @throws RangeError for a total that is not a whole number, or shares whose sum is no finite number
 */
export function allocate(total: number, shares: readonly number[]): number[] {
  if (!Number.isSafeInteger(total)) throw new RangeError(`not a whole number of minor units: ${total}`);
  const sum = shares.reduce((all, share) => all + share, 0);
  if (!Number.isFinite(sum)) throw new RangeError(`shares sum to ${sum}`);
  if (!(sum > 0)) return shares.map(() => 0);
  const size = Math.abs(total);
  const exact = shares.map((share) => size * (share / sum));
  const noise = noiseOf(size);
  // What is a whole number but for noise is that number, else its remainder would be the largest of all.
  const parts = exact.map((part) => Math.floor(part + noise));
  const order = byRemainder(
    exact.map((part, index) => part - (parts[index] ?? 0)),
    noise,
  );
  // Rounding may leave more to give than there are parts, or something to take back, where totals are huge.
  const missing = parts.reduce((left, part) => left - part, size);
  const rounds = missing > 0 ? order : order.toReversed().filter((index) => (parts[index] ?? 0) > 0);
  for (let step = 0; step < Math.abs(missing); step += 1) {
    const index = rounds[step % rounds.length] ?? 0;
    parts[index] = (parts[index] ?? 0) + Math.sign(missing);
  }
  return total < 0 ? parts.map((part) => 0 - part) : parts;
}

/** Units by which parts may differ from what exact arithmetic gives: some hundred roundings of the whole amount. */
function noiseOf(size: number): number {
  return Math.min(1e-3, Math.max(1e-9, size * 2 ** -44));
}

/** Indexes by remainder, largest first; those that only noise tells apart in their own order. */
function byRemainder(remainders: readonly number[], noise: number): number[] {
  const order = remainders
    .map((_, index) => index)
    .sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b);
  let from = 0;
  for (let at = 1; at <= order.length; at += 1) {
    const gap = (remainders[order[at - 1] ?? 0] ?? 0) - (remainders[order[at] ?? 0] ?? 0);
    if (at < order.length && gap <= noise) continue;
    if (at - from > 1) inOwnOrder(order, from, at);
    from = at;
  }
  return order;
}

function inOwnOrder(indexes: number[], from: number, until: number): void {
  const tied = indexes.slice(from, until).sort((a, b) => a - b);
  tied.forEach((index, at) => {
    indexes[from + at] = index;
  });
}
