/** Both directions between the two CRMs: latest change wins, blanks overwrite nothing, no echo. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestHub, type TestHub } from './hub.ts';

const email = 'two.way@example.com';

describe('two-way sync of a phone number', () => {
  let hub: TestHub;
  let contact: string;
  let person: string;

  const phoneInSalesforce = () => hub.emulator('salesforce').records.get('Contact', contact)?.Phone;
  const phoneInHubSpot = () => hub.emulator('hubspot').records.get('contacts', person)?.phone;
  const writes = async () => (await hub.hub.store.outbox.writes({}, 1_000)).length;

  beforeEach(async () => {
    hub = await openTestHub();
    const at = hub.hub.clock.now() - 86_400_000;
    contact = hub
      .emulator('salesforce')
      .records.create('Contact', { LastName: 'Way', Email: email, Phone: '+1 212 555 0100' }, { at });
    person = hub
      .emulator('hubspot')
      .records.create('contacts', { email, lastname: 'Way', phone: '+1 212 555 0100' }, { at });
    await hub.quiet();
  });
  afterEach(() => hub.close());

  it('starts silent where both agree', async () => {
    expect(await writes()).toBe(0);
  });

  it('carries a change in HubSpot to Salesforce by one write, and hears no echo', async () => {
    hub.emulator('hubspot').records.update('contacts', person, { phone: '+1 212 555 0199' });
    await hub.quiet();
    expect(phoneInSalesforce()).toMatch(/555.?0199/);
    expect(phoneInHubSpot()).toMatch(/555.?0199/);
    expect(await writes()).toBe(1);
  });

  it('carries a change in Salesforce to HubSpot', async () => {
    hub.emulator('salesforce').records.update('Contact', contact, { Phone: '+1 212 555 0142' });
    await hub.quiet();
    expect(phoneInHubSpot()).toMatch(/555.?0142/);
    expect(await writes()).toBe(1);
  });

  it('lets the later of two changes win', async () => {
    const at = hub.hub.clock.now();
    hub
      .emulator('salesforce')
      .records.update('Contact', contact, { Phone: '+1 212 555 0111' }, { at: at - 20_000 });
    hub
      .emulator('hubspot')
      .records.update('contacts', person, { phone: '+1 212 555 0122' }, { at: at - 10_000 });
    await hub.quiet();
    expect(phoneInSalesforce()).toMatch(/555.?0122/);
    expect(phoneInHubSpot()).toMatch(/555.?0122/);
  });

  it('goes there and back again', async () => {
    for (const [index, last] of ['0131', '0132', '0133', '0134'].entries()) {
      if (index % 2 === 0)
        hub.emulator('hubspot').records.update('contacts', person, { phone: `+1 212 555 ${last}` });
      else hub.emulator('salesforce').records.update('Contact', contact, { Phone: `+1 212 555 ${last}` });
      await hub.quiet();
      await hub.hub.clock.sleep(1_100);
      expect(phoneInSalesforce()).toMatch(new RegExp(`555.?${last}`));
      expect(phoneInHubSpot()).toMatch(new RegExp(`555.?${last}`));
    }
    expect(await writes()).toBe(4);
  });

  it('never lets a blank overwrite a value', async () => {
    hub.emulator('hubspot').records.update('contacts', person, { phone: '' });
    await hub.quiet();
    expect(phoneInSalesforce()).toBe('+1 212 555 0100');
  });
});
