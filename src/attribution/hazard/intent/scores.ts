/** Everybody's intent, as a covariate of the baseline that is known only so well. */

import type { Observations } from '../observations.ts';
import type { Column } from '../sample.ts';
import { entry, type IntentModel, scoreOf } from './model.ts';

/**
 * @param columns the covariates, standardized
 */
export function intentColumn(
  model: IntentModel,
  { end, starts, channel, time }: Observations,
  columns: readonly Float64Array[],
): Column {
  const values = new Float64Array(end.length);
  const variance = new Float64Array(end.length);
  for (let person = 0; person < end.length; person += 1) {
    let pulled = 0;
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
      if ((time[touch] ?? 0) >= entry) pulled += model.pulls[model.groups[channel[touch] ?? 0] ?? 0] ?? 0;
    const expected = model.leans.reduce(
      (sum, lean, index) => sum + lean * (columns[index]?.[person] ?? 0),
      0,
    );
    const score = scoreOf(model, { pulled, days: end[person] ?? 0, expected });
    values[person] = score.mean;
    variance[person] = score.variance;
  }
  return { values, variance };
}
