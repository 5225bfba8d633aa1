/** Person accounts as an org has them: an account and a contact that are one person. */
import { expect, it } from 'vitest';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import { createdId, signIn } from './emulator-client.ts';

it('keeps a contact beside a person account, and takes changes at the account only', async () => {
  const emulator = await salesforceEmulator.start({ knobs: { personAccounts: true } });
  const client = await signIn(emulator);
  const id = await createdId(
    client.post('sobjects/Account', { LastName: 'Winter', FirstName: 'Ada', PersonEmail: 'ada@a.example' }),
  );
  const account = (await client.get(`sobjects/Account/${id}`)).json;
  expect(account).toMatchObject({ Name: 'Ada Winter', IsPersonAccount: true });
  const contact = `sobjects/Contact/${account.PersonContactId}`;
  expect((await client.get(contact)).json).toMatchObject({
    ...{ AccountId: id, Email: 'ada@a.example', IsPersonAccount: true },
  });

  const refused = await client.patch(contact, { Title: 'Buyer' });
  expect(refused.status).toBe(400);
  expect(refused.json[0]).toMatchObject({ errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY' });
  expect((await client.patch(`sobjects/Account/${id}`, { PersonTitle: 'Buyer' })).status).toBe(204);
  expect((await client.get(contact)).json.Title).toBe('Buyer');
  const named = await client.patch(`sobjects/Account/${id}`, { Name: 'Somebody' });
  expect(named.json[0]).toMatchObject({ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' });

  const company = await createdId(client.post('sobjects/Account', { Name: 'Acme' }));
  expect((await client.get(`sobjects/Account/${company}`)).json.IsPersonAccount).toBe(false);
  await emulator.close();
});

it('does not know of them where they are not switched on', async () => {
  const emulator = await salesforceEmulator.start({});
  const client = await signIn(emulator);
  const answer = await client.query('SELECT IsPersonAccount FROM Account');
  expect(answer.json[0]).toMatchObject({ errorCode: 'INVALID_FIELD' });
  await emulator.close();
});
