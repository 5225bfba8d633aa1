/** How many touches a deal has, which of them are chats, and which do not count: in words. */
import type { DealJourney } from '../journey/build.ts';

/** What does not count, in the order in which it is named. */
type Uncounted = readonly { readonly many: number; readonly words: string }[];

/** `2 of 14 touches`; `2 of 17 touches, 3 of the 17 do not count (2 before the window, 1 by employees)`. */
export function countsText(journey: DealJourney, chats: number, withReasons = true): string {
  const uncounted = uncountedOf(journey).filter(({ many }) => many > 0);
  const without = uncounted.reduce((sum, { many }) => sum + many, 0);
  const all = journey.journey.touches.length + without;
  const text = `${chats} of ${all === 1 ? '1 touch' : `${all} touches`}`;
  if (without === 0) return text;
  const [only, ...others] = uncounted;
  const reasons =
    only && others.length === 0
      ? only.words
      : uncounted.map(({ many, words }) => `${many} ${words}`).join(', ');
  return `${text}, ${without} of the ${all} ${without === 1 ? 'does' : 'do'} not count${withReasons ? ` (${reasons})` : ''}`;
}

function uncountedOf({ outside, apart = [], leftOut = {} }: DealJourney): Uncounted {
  return [
    { many: outside.before, words: 'before the window' },
    { many: outside.used, words: 'used up by an earlier deal' },
    { many: apart.length, words: 'of sales' },
    { many: leftOut.sales ?? 0, words: 'of sales left out' },
    { many: leftOut.employees ?? 0, words: 'by employees' },
    { many: leftOut.bots ?? 0, words: 'by bots' },
    { many: leftOut.tests ?? 0, words: 'of tests' },
  ];
}
