/**
 * Which stretch of the order (SystemModstamp, Id) a condition can be true in. Where the stretch says all that
 * the condition says, it is exact, and the records need not be tested: so keyset paging costs two binary
 * searches whatever the size of the table.
 */
import { afterId, afterStamp, beforeId, beforeStamp, end, type Place, start } from '../rows/sorted.ts';
import type { Comparison } from './ast.ts';

export interface Span {
  readonly from: Place;
  readonly to: Place;
  readonly exact: boolean;
  /** A bound on ids; it becomes a place once the stamp is fixed. */
  readonly within?: (stamp: string) => { readonly from: Place; readonly to: Place };
}

export const anywhere: Span = { from: start, to: end, exact: false };
const nowhere: Span = { from: start, to: start, exact: true };

export function stampSpan(op: Comparison, stamp: string): Span {
  const spans: Partial<Record<Comparison, Span>> = {
    '=': { from: beforeStamp(stamp), to: afterStamp(stamp), exact: true },
    '<': { from: start, to: beforeStamp(stamp), exact: true },
    '<=': { from: start, to: afterStamp(stamp), exact: true },
    '>': { from: afterStamp(stamp), to: end, exact: true },
    '>=': { from: beforeStamp(stamp), to: end, exact: true },
  };
  return spans[op] ?? anywhere;
}

export function idSpan(op: Comparison, id: string): Span {
  const within = (stamp: string) => {
    const least =
      { '>': afterId, '>=': beforeId, '=': beforeId }[op as '>']?.(stamp, id) ?? beforeStamp(stamp);
    const most = { '<': beforeId, '<=': afterId, '=': afterId }[op as '<']?.(stamp, id) ?? afterStamp(stamp);
    return { from: least, to: most };
  };
  return op === '!=' || op === 'LIKE' ? anywhere : { ...anywhere, within };
}

export function intersect(spans: readonly Span[]): Span {
  const bounds = spans.reduce((one, other) => narrower(one, other), { ...anywhere, exact: true });
  const stamp = fixedStamp(bounds);
  if (stamp === undefined) return { ...bounds, exact: spans.every((span) => span.exact) };
  const resolved = spans.map((span) =>
    span.within === undefined ? span : { ...span.within(stamp), exact: true },
  );
  const found = resolved.reduce(narrower, { ...bounds, exact: true });
  return { ...found, exact: resolved.every((span) => span.exact) };
}

function narrower(one: Span, other: Span): Span {
  const from = one.from > other.from ? one.from : other.from;
  const to = one.to < other.to ? one.to : other.to;
  return from < to ? { from, to, exact: true } : nowhere;
}

function fixedStamp({ from, to }: Span): string | undefined {
  return to === afterStamp(from) ? from : undefined;
}

/** The hull; exact when the parts leave no gap. */
export function unite(spans: readonly Span[]): Span {
  const sorted = spans
    .filter((span) => span.from < span.to)
    .sort((one, other) => (one.from < other.from ? -1 : 1));
  const first = sorted[0];
  if (first === undefined) return nowhere;
  let { to } = first;
  let seamless = true;
  for (const span of sorted) {
    if (span.from > to) seamless = false;
    if (span.to > to) to = span.to;
  }
  return { from: first.from, to, exact: seamless && spans.every((span) => span.exact) };
}
