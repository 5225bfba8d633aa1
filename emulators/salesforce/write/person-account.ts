/** A person account and the contact that Salesforce keeps beside it. */
import { SaveFault } from '../errors.ts';
import type { Row } from '../schema/model.ts';
import type { Writer } from './writer.ts';

/** Account field → field of its contact. */
const mirrored: Readonly<Record<string, string>> = {
  LastName: 'LastName',
  FirstName: 'FirstName',
  Phone: 'Phone',
  PersonEmail: 'Email',
  PersonMobilePhone: 'MobilePhone',
  PersonTitle: 'Title',
  PersonMailingStreet: 'MailingStreet',
  PersonMailingCity: 'MailingCity',
  PersonMailingState: 'MailingState',
  PersonMailingPostalCode: 'MailingPostalCode',
  PersonMailingCountry: 'MailingCountry',
};

export function completeAccount(row: Row, old: Row | undefined, given: Row, { org }: Writer): void {
  if (!org.knobs.personAccounts) return;
  if (old === undefined) row.IsPersonAccount = typeof row.LastName === 'string';
  if (row.IsPersonAccount !== true) {
    if (typeof row.Name === 'string') return;
    throw new SaveFault('REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', ['Name']);
  }
  if ('Name' in given) {
    const message = 'Account: bad field names on insert/update call: Name';
    throw new SaveFault('INVALID_FIELD_FOR_INSERT_UPDATE', message, ['Name']);
  }
  row.Name = [row.FirstName, row.LastName].filter((part) => typeof part === 'string').join(' ');
  if (old === undefined) row.PersonContactId = org.ids.next('003');
}

/** Both records move together, stamps included. */
export function mirrorPerson(row: Row, old: Row | undefined, writer: Writer): void {
  if (row.IsPersonAccount !== true) return;
  const { org, stamp, userId } = writer;
  const object = org.catalog.object('Contact');
  const contacts = org.table('Contact');
  const values: Row = { LastModifiedDate: stamp, LastModifiedById: userId, SystemModstamp: stamp };
  for (const [name, its] of Object.entries(mirrored)) values[its] = row[name] ?? null;
  const present = contacts.get(String(row.PersonContactId));
  if (old !== undefined && present !== undefined) contacts.change(present, { ...present, ...values });
  else {
    const ids = { Id: row.PersonContactId ?? null, AccountId: row.Id ?? null, OwnerId: row.OwnerId ?? null };
    const kept = { IsPersonAccount: true, IsDeleted: false, HasOptedOutOfEmail: false };
    contacts.insert({ ...ids, ...kept, ...values, CreatedDate: stamp, CreatedById: userId });
  }
  const contact = contacts.get(String(row.PersonContactId));
  if (object !== undefined && contact !== undefined) org.changed(object, contact);
}

/** "Person Account is the primary interface": https://help.salesforce.com/s/articleView?id=005305352 */
export function guardPersonContact(
  _row: Row,
  old: Row | undefined,
  _given: Row,
  { throughApi }: Writer,
): void {
  if (old?.IsPersonAccount !== true || !throughApi) return;
  throw new SaveFault(
    'INSUFFICIENT_ACCESS_OR_READONLY',
    `insufficient access rights on object id: ${old.Id}`,
  );
}
