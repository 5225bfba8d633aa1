/** All texts that start with a (non-empty) prefix, as a half-open range that an index serves on either database. */
export function prefixRange(prefix: string): { readonly from: string; readonly to: string } {
  const characters = [...prefix];
  const last = characters.pop()?.codePointAt(0) ?? 0;
  return { from: prefix, to: characters.join('') + String.fromCodePoint(last + 1) };
}
