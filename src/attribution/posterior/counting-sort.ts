/** Touches in the order of their groups, within a group as they come. */
export function sorted(
  group: ArrayLike<number>,
  groups: number,
): { readonly starts: Int32Array; readonly order: Int32Array } {
  const starts = new Int32Array(groups + 1);
  for (let touch = 0; touch < group.length; touch += 1) {
    const id = group[touch] ?? 0;
    starts[id + 1] = (starts[id + 1] ?? 0) + 1;
  }
  for (let id = 0; id < groups; id += 1) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0);
  const next = starts.slice();
  const order = new Int32Array(group.length);
  for (let touch = 0; touch < group.length; touch += 1) {
    const id = group[touch] ?? 0;
    const place = next[id] ?? 0;
    order[place] = touch;
    next[id] = place + 1;
  }
  return { starts, order };
}
