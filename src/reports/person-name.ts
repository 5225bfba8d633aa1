/** How a person is called in sentences. */
import { fullName } from '../canonical/full-name.ts';
import type { Entity } from '../canonical/model.ts';

export function personName({ fields: { firstName, lastName, email } }: Entity): string {
  const name = fullName(firstName, lastName);
  return name || (typeof email === 'string' ? email : '') || 'a visitor without a name';
}
