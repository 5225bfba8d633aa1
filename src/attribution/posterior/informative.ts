/** How much the conversions have said: the spread of shares that is left, beside shares of which nothing is known. */

/**
 * 0: all shares are as likely as each other (a flat Dirichlet distribution); 1: they are known.
 *
 * @param drawn shares of channels and baseline, draw by draw of the posterior
 */
export function informativeOf(drawn: readonly Float64Array[]): number {
  const places = drawn[0]?.length ?? 0;
  if (places < 2) return 1;
  const even = 1 / places;
  const unknown = places * Math.sqrt((even * (1 - even)) / (places + 1));
  return Math.max(0, Math.min(1, 1 - spreadOf(drawn) / unknown));
}

/** Standard deviations of all places together. */
function spreadOf(rows: readonly Float64Array[]): number {
  const places = rows[0]?.length ?? 0;
  let sum = 0;
  for (let place = 0; place < places; place += 1) {
    const mean = rows.reduce((all, row) => all + (row[place] ?? 0), 0) / rows.length;
    const squares = rows.reduce((all, row) => all + ((row[place] ?? 0) - mean) ** 2, 0);
    sum += Math.sqrt(squares / Math.max(rows.length - 1, 1));
  }
  return sum;
}
