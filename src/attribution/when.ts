/** When a touch came, in words that are true of won, lost and open deals. */
import type { Journey } from './model.ts';

const dayMs = 86_400_000;

/** `12 days before the close`. Of a deal that is open nobody knows the end; its last touch is the last that counts. */
export function cameBefore({ conversionTime, converted }: Journey, time: number): string {
  const end = converted ? 'the close' : 'the last day that counts';
  const days = (conversionTime - time) / dayMs;
  if (days >= 1) return `${inDays(days)} before ${end}`;
  return converted ? 'within a day of the close' : 'on the last day that counts';
}

/** `3.5 days`: two digits are what a fit can tell. */
export function inDays(count: number): string {
  const told = Number(count.toPrecision(2));
  return `${told} ${told === 1 ? 'day' : 'days'}`;
}
