/** Numbers that a command line gives. */
import { Problem } from '../../support/problem.ts';

export function wholeNumber(given: unknown, option: string, least: number): number {
  const number = Number(given);
  if (typeof given === 'string' && /^\d+$/.test(given) && number >= least && Number.isSafeInteger(number))
    return number;
  throw new Problem('usage', `"${String(given)}" is not a number for ${option}.`, {
    remedy: `Give a whole number from ${least} up.`,
  });
}
