/** A sample in memory that threads share, instead of a copy for each. */
import type { Basis } from '../hazard/fit.ts';
import type { Column } from '../hazard/sample.ts';

export function sharedBasis(basis: Basis): Basis {
  const { sample } = basis;
  const { days, covariates, conversions, cells } = sample;
  return {
    ...basis,
    sample: {
      ...sample,
      days: floats(days),
      covariates: covariates.map(sharedColumn),
      conversions: {
        person: integers(conversions.person),
        starts: integers(conversions.starts),
        channel: integers(conversions.channel),
        age: floats(conversions.age),
      },
      cells: {
        starts: integers(cells.starts),
        cell: integers(cells.cell),
        person: integers(cells.person),
        days: floats(cells.days),
      },
    },
  };
}

function sharedColumn({ values, variance }: Column): Column {
  return { values: floats(values), ...(variance ? { variance: floats(variance) } : {}) };
}

function floats(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function integers(values: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
