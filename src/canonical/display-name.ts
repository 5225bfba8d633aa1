/** What a person calls an entity. */
import { fullName } from './full-name.ts';
import type { CanonicalFields } from './model.ts';

/** Its name, else first and last name, else the e-mail address; undefined where it has none of them. */
export function displayName({ name, email, firstName, lastName }: CanonicalFields): string | undefined {
  const person = fullName(firstName, lastName);
  return [name, person, email].find((one) => typeof one === 'string' && one !== '')?.toString();
}
