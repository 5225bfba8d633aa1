/**
 * Orgs with person accounts: an account with a last name is a person. Salesforce keeps a contact beside it that
 * shows the same values.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_guidelines_personaccounts.htm
 */
import { checkbox, email, phone, readOnly, reference, text } from './fields.ts';
import type { FieldDef, ObjectDef } from './model.ts';

const isPerson = checkbox('IsPersonAccount', 'Is Person Account', readOnly);

const ofAccount: readonly FieldDef[] = [
  text('LastName', 'Last Name', 80),
  text('FirstName', 'First Name', 40),
  reference('PersonContactId', 'Contact ID', 'Contact', null, {
    ...readOnly,
    relationshipName: 'PersonContact',
  }),
  isPerson,
  email('PersonEmail', 'Email'),
  phone('PersonMobilePhone', 'Mobile'),
  text('PersonTitle', 'Title', 80),
  text('PersonMailingStreet', 'Mailing Street', 255),
  text('PersonMailingCity', 'Mailing City', 40),
  text('PersonMailingState', 'Mailing State/Province', 80),
  text('PersonMailingPostalCode', 'Mailing Zip/Postal Code', 20),
  text('PersonMailingCountry', 'Mailing Country', 80),
];

export function withPersonAccounts(objects: readonly ObjectDef[]): ObjectDef[] {
  return objects.map((def) => {
    if (def.name === 'Contact') return added(def, [isPerson]);
    return def.name === 'Account' ? added(nameFollows(def), ofAccount) : def;
  });
}

/** A person's account name is made of the person's: nobody has to give it. */
function nameFollows(def: ObjectDef): ObjectDef {
  const fields = def.fields.map((field) => (field.name === 'Name' ? { ...field, defaulted: true } : field));
  return { ...def, fields };
}

function added(def: ObjectDef, fields: readonly FieldDef[]): ObjectDef {
  const before = def.fields.findIndex((one) => one.name === 'CreatedDate');
  return { ...def, fields: def.fields.toSpliced(before, 0, ...fields) };
}
