/** Fields that the hub's user may not read: unknown is no blank, here and in every other system. */
import { describe, expect, test } from 'vitest';
import { hubStatus } from '../../src/reports/status.ts';
import { pullStream } from '../../src/sync/pull/stream.ts';
import { openTestHub, type TestHub, writeRequests } from './hub.ts';

const phone = '+12125550100';
const mobile = '+12125550199';

async function story(): Promise<TestHub & { readonly id: string }> {
  const hub = await openTestHub();
  const id = hub.emulator('salesforce').records.create('Contact', {
    LastName: 'Able',
    Email: 'ann@acme.example',
    Phone: phone,
    Title: 'Buyer',
  });
  hub.emulator('hubspot').records.create('contacts', { email: 'ann@acme.example', lastname: 'Able' });
  await hub.quiet();
  return { ...hub, id };
}

async function landedPhone({ hub, id }: TestHub & { readonly id: string }) {
  const [record] = await hub.store.landing.get([`salesforce|Contact|${id}`]);
  return record?.body.Phone;
}

const phoneInHubSpot = ({ emulator }: TestHub) => emulator('hubspot').records.all('contacts')[0]?.phone;

async function troubles({ hub }: TestHub): Promise<string[]> {
  const { connections } = await hubStatus(hub);
  return (connections.salesforce?.troubles ?? []).map(({ message }) => message);
}

describe('a field that was readable and is hidden now', () => {
  test('keeps what was last known of it, clears nothing anywhere, and is told', async () => {
    const hub = await story();
    expect(phoneInHubSpot(hub)).toBe(phone);
    const { records } = hub.emulator('salesforce');
    records.act?.('hide', 'Contact', 'Phone');
    records.update('Contact', hub.id, { Title: 'Head of buying' });
    await hub.quiet();
    expect(await landedPhone(hub)).toBe(phone);
    expect(phoneInHubSpot(hub)).toBe(phone);
    expect(await troubles(hub)).toEqual([
      expect.stringMatching(/may not read Contact\.Phone.*field-level security/),
    ]);
    const before = writeRequests(hub);
    await pullStream(hub.hub, hub.system('salesforce'), 'Contact', { full: true });
    await hub.quiet();
    expect(writeRequests(hub)).toEqual(before);
    expect(await landedPhone(hub)).toBe(phone);
    await hub.close();
  });

  test('counts again once it is shown, and the trouble is over', async () => {
    const hub = await story();
    const { records } = hub.emulator('salesforce');
    records.act?.('hide', 'Contact', 'Phone');
    records.update('Contact', hub.id, { Title: 'Head of buying' });
    await hub.quiet();
    records.act?.('show', 'Contact', 'Phone');
    records.update('Contact', hub.id, { Phone: mobile });
    await hub.hub.clock.sleep(2 * 3_600_000);
    await pullStream(hub.hub, hub.system('salesforce'), 'Contact', { full: true });
    await hub.quiet();
    expect(await landedPhone(hub)).toBe(mobile);
    expect(await troubles(hub)).toEqual([]);
    await hub.close();
  });

  test('that changed in the other system is written nowhere again and again', async () => {
    const hub = await story();
    hub.emulator('salesforce').records.act?.('hide', 'Contact', 'Phone');
    const { records } = hub.emulator('hubspot');
    const [contact] = records.all('contacts');
    await hub.hub.clock.sleep(60_000);
    records.update('contacts', String(contact?.id), { phone: mobile });
    await hub.hub.clock.sleep(600_000);
    await hub.quiet();
    const before = writeRequests(hub);
    await hub.quiet();
    expect(writeRequests(hub)).toEqual(before);
    expect(phoneInHubSpot(hub)).toBe(mobile);
    await hub.close();
  });
});
