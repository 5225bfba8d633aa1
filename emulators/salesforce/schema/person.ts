import { field, picklist, readOnly, required, text } from './fields.ts';
import type { FieldDef, Row } from './model.ts';
import { salutations } from './picklists.ts';

const of = { compoundOf: 'Name' };

/** `Name` is made of its parts, the salutation left out. */
export const personName: readonly FieldDef[] = [
  text('LastName', 'Last Name', 80, { ...required, ...of }),
  text('FirstName', 'First Name', 40, of),
  picklist('Salutation', 'Salutation', salutations, of),
  field('Name', 'Full Name', 'string', {
    length: 121,
    nillable: false,
    nameField: true,
    derive: fullName,
    ...readOnly,
  }),
];

function fullName(row: Row): string {
  return [row.FirstName, row.LastName].filter((part) => typeof part === 'string').join(' ');
}

export const photoUrl = field('PhotoUrl', 'Photo URL', 'url', {
  length: 255,
  derive: (row) => `/services/images/photo/${row.Id}`,
  ...readOnly,
});
