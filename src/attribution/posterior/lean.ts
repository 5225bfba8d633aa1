/** What covariates and intent make of the baseline of those who converted. */
import { leanDays } from './crowd.ts';
import type { Ground, State } from './state.ts';

/** One factor per conversion, column by column: these sums are computed in every sweep. */
export function leansOf(
  { columns }: Pick<Ground, 'columns'>,
  slopes: Float64Array,
  into: Float64Array,
): void {
  into.fill(0);
  columns.forEach(({ values, variance }, index) => {
    const slope = slopes[index] ?? 0;
    const half = (slope * slope) / 2;
    for (let at = 0; at < into.length; at += 1) into[at] = (into[at] ?? 0) + slope * (values[at] ?? 0);
    if (variance)
      for (let at = 0; at < into.length; at += 1) into[at] = (into[at] ?? 0) + half * (variance[at] ?? 0);
  });
  for (let at = 0; at < into.length; at += 1) into[at] = Math.exp(into[at] ?? 0);
}

/** After the slopes were changed. */
export function leanAnew(ground: Ground, state: State): void {
  leansOf(ground, state.slopes, state.leans);
  state.leanDays = leanDays(ground.crowd, state.slopes);
}
