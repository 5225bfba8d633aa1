/** A hub that was restored from a backup does not take what it wrote since for somebody's word. */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { takeBackup } from '../../src/store/backup.ts';
import { briskClock } from './clock.ts';
import { attached, dataDirectory, openTestHub, type TestHub } from './hub.ts';

const leftovers: (() => unknown)[] = [];
afterEach(async () => {
  for (const clear of leftovers.splice(0).reverse()) await clear();
});

const hour = 3_600_000;

/** `run` opens the hub on the same data for as long as it works. */
async function world() {
  const clock = briskClock();
  const [vendors, data] = [await openTestHub({ clock }), dataDirectory()];
  leftovers.push(data.remove, () => vendors.close());
  const [store, backup] = [join(data.path, 'hub.db'), join(data.path, 'kept.db')];
  return {
    clock,
    salesforce: vendors.emulator('salesforce').records,
    hubspot: vendors.emulator('hubspot').records,
    async run(work: (hub: TestHub) => Promise<unknown> = (hub) => hub.quiet(8)) {
      const hub = await openTestHub({ clock, attach: attached(vendors), data: data.path });
      await work(hub).finally(() => hub.close());
      await clock.sleep(hour);
    },
    backUp: () => takeBackup(store, backup, clock.now()),
    restore() {
      for (const ending of ['', '-wal', '-shm']) rmSync(store + ending, { force: true });
      copyFileSync(backup, store);
    },
  };
}

const berg = { LastName: 'Berg', Email: 'berg@x.example' };

describe('what HubSpot got from a lead after the backup', () => {
  it.each([
    true,
    false,
  ])('is not written to the contact who comes after the lead (restored: %s)', async (isRestored) => {
    const { salesforce, hubspot, run, backUp, restore, clock } = await world();
    const lead = salesforce.create('Lead', { ...berg, Company: 'X', Phone: '+12125550111' });
    await run();
    await backUp();
    await clock.sleep(hour);
    const copy = hubspot.create('contacts', { lastname: 'Berg', email: 'berg@x.example' });
    await run();
    expect(hubspot.get('contacts', copy)?.phone).toBe('+12125550111');
    if (isRestored) restore();
    await run();
    salesforce.remove('Lead', lead);
    await run();
    const contact = salesforce.create('Contact', { ...berg, FirstName: 'Tom' });
    await run();
    expect(salesforce.get('Contact', contact)?.Phone).toBeNull();
    // What somebody says later is theirs.
    hubspot.update('contacts', copy, { phone: '+12125550122' });
    await run();
    expect(salesforce.get('Contact', contact)?.Phone).toBe('+12125550122');
  });
});

it('what somebody else changed there meanwhile goes to the one record that there is', async () => {
  const { salesforce, hubspot, run, backUp, restore, clock } = await world();
  const contact = salesforce.create('Contact', { ...berg, Phone: '+12125550111' });
  const twin = hubspot.create('contacts', { lastname: 'Berg', email: 'berg@x.example' });
  await run();
  await backUp();
  await clock.sleep(hour);
  hubspot.update('contacts', twin, { phone: '+12125550133' });
  restore();
  await run();
  expect(salesforce.get('Contact', contact)?.Phone).toBe('+12125550133');
});
