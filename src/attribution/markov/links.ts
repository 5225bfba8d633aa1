/** Steps between states as sparse rows. */

/** Sparse rows: row `r` holds the entries `starts[r]` to `starts[r + 1]`. */
export interface Links {
  readonly starts: Int32Array;
  readonly states: Int32Array;
  readonly counts: Float64Array;
}

/** Where rows begin when each item goes to its `row`. */
export function rowStarts(items: Int32Array, row: Int32Array, size: number): Int32Array {
  const starts = new Int32Array(size + 1);
  for (let at = 0; at < items.length; at += 1) {
    const after = (row[items[at] ?? 0] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let at = 0; at < size; at += 1) starts[at + 1] = (starts[at + 1] ?? 0) + (starts[at] ?? 0);
  return starts;
}

/** Rows become columns. Each new row is in order, because the old rows are walked in order. */
export function turned({ starts, states, counts }: Links): Links {
  const size = starts.length - 1;
  const same = Int32Array.from(starts.keys());
  const result = {
    starts: rowStarts(states, same, size),
    states: new Int32Array(states.length),
    counts: new Float64Array(states.length),
  };
  const next = result.starts.slice();
  for (let row = 0; row < size; row += 1) {
    const end = starts[row + 1] ?? 0;
    for (let at = starts[row] ?? 0; at < end; at += 1) {
      const state = states[at] ?? 0;
      const slot = next[state] ?? 0;
      next[state] = slot + 1;
      result.states[slot] = row;
      result.counts[slot] = counts[at] ?? 0;
    }
  }
  return result;
}
