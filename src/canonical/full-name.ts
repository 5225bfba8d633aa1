/** First and last name as a person is called. */
import type { CanonicalValue } from './model.ts';

/** Chinese, Japanese and Korean put the family first. */
const familyFirst =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fb\u30fc\s]+$/u;

/** Empty where both are missing. */
export function fullName(first: CanonicalValue | undefined, last: CanonicalValue | undefined): string {
  const parts = [first, last].filter((part) => typeof part === 'string' && part !== '') as string[];
  const isFamilyFirst = parts.every((part) => familyFirst.test(part));
  return (isFamilyFirst ? parts.toReversed() : parts).join(' ');
}
