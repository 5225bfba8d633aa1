/** What must be there before a fit makes sense. */
import { Problem } from '../../support/problem.ts';
import type { Observations } from './observations.ts';

/** Throws a `Problem` where nothing can be learned. `where` names the data for the reader. */
export function assertFittable({ converted, end }: Observations, where: string): void {
  if (!converted.includes(1))
    throw new Problem('failed', 'Nobody converted.', {
      where,
      remedy: 'Give people with converted = 1: a model learns from conversions.',
    });
  if (!end.some((days) => days > 0))
    throw new Problem('failed', 'Nobody was watched for any time.', {
      where,
      remedy: 'Give end times in days from when you began to watch each person.',
    });
}
