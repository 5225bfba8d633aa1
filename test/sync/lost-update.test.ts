/** No lost update: what somebody changes at a CRM while the hub is about to write there survives, and is spoken of. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../src/support/log.ts';
import { normalizeMarked } from '../../src/sync/normalize/normalize.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { pushMarked } from '../../src/sync/push/push.ts';
import { walk } from '../../src/sync/road.ts';
import { openTestHub, type TestHub } from './hub.ts';
import { type Story, tellStory } from './story.ts';

interface Line {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

function recordingLog(lines: Line[]): Log {
  const at = (level: string) => (fields: object, message?: string) =>
    void lines.push({ level, fields, message: message ?? '' });
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  };
  return log;
}

let hub: TestHub;
let story: Story;
let lines: Line[];

beforeEach(async () => {
  lines = [];
  hub = await openTestHub({ log: recordingLog(lines) });
  story = tellStory(hub.emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000);
  await hub.quiet();
  await hub.hub.clock.sleep(2_000);
});
afterEach(() => hub.close());

const salesforce = () => hub.emulator('salesforce').records;
const hubspot = () => hub.emulator('hubspot').records;
const inSalesforce = () => salesforce().get('Contact', story.Contact.ada)?.Phone;
const inHubSpot = () => hubspot().get('contacts', story.contacts.ada)?.phone;
const callAtSalesforce = (last: string) =>
  salesforce().update('Contact', story.Contact.ada, { Phone: `+1 212 555 ${last}` });
const callAtHubSpot = (last: string) =>
  hubspot().update('contacts', story.contacts.ada, { phone: `+1 212 555 ${last}` });
const writesTo = async (connection: string) =>
  (await hub.hub.store.outbox.writes({ connection }, 100)).filter(
    ({ object, op }) => op === 'update' && /^contact/i.test(object),
  );

describe('a change at the CRM between our landing and our write', () => {
  it('survives in Salesforce, and reaches HubSpot', async () => {
    callAtHubSpot('0111');
    await pullSystem(hub.hub, hub.system('hubspot'));
    await hub.hub.clock.sleep(2_000);
    callAtSalesforce('0122');
    await walk(hub.hub);
    expect(inSalesforce()).toMatch(/0122/);
    await hub.quiet();
    expect(inHubSpot()).toMatch(/0122/);
    expect(await writesTo('salesforce')).toEqual([]);
    expect(await writesTo('hubspot')).toHaveLength(1);
    expect(lines).toContainEqual({
      level: 'info',
      fields: expect.objectContaining({ connection: 'salesforce', records: 1 }),
      message: expect.stringContaining('changed before they were sent'),
    });
  });

  it('survives in HubSpot, and reaches Salesforce', async () => {
    callAtSalesforce('0133');
    await pullSystem(hub.hub, hub.system('salesforce'));
    await hub.hub.clock.sleep(2_000);
    callAtHubSpot('0144');
    await walk(hub.hub);
    expect(inHubSpot()).toMatch(/0144/);
    await hub.quiet();
    expect(inSalesforce()).toMatch(/0144/);
    expect(await writesTo('hubspot')).toEqual([]);
  });

  it('that is an earlier one than ours is overwritten, and what it was is kept', async () => {
    const at = hub.hub.clock.now();
    salesforce().update('Contact', story.Contact.ada, { Phone: '+1 212 555 0155' }, { at: at - 1_000 });
    callAtHubSpot('0166');
    await pullSystem(hub.hub, hub.system('hubspot'));
    await walk(hub.hub);
    await hub.quiet();
    expect(inSalesforce()).toMatch(/0166/);
    expect(await writesTo('salesforce')).toMatchObject([{ replaced: { Phone: '+1 212 555 0155' } }]);
  });

  it('in another field hinders nothing and is not touched', async () => {
    callAtHubSpot('0177');
    await pullSystem(hub.hub, hub.system('hubspot'));
    salesforce().update('Contact', story.Contact.ada, { Title: 'Head of Purchasing' });
    await hub.settle();
    expect(inSalesforce()).toMatch(/0177/);
    expect(salesforce().get('Contact', story.Contact.ada)?.Title).toBe('Head of Purchasing');
  });
});

/** Each stage is taken by one process; another may be at any other of them. */
describe('a change that another process has landed, and that has not reached its entity', () => {
  const push = () => pushMarked(hub.hub, hub.system('salesforce'), { run: 'test', yes: false });
  const end = () => [inHubSpot(), inSalesforce()];

  beforeEach(async () => {
    callAtHubSpot('0191');
    await pullSystem(hub.hub, hub.system('hubspot'));
    await walk(hub.hub, { push: false });
    await hub.hub.clock.sleep(2_000);
    callAtSalesforce('0192');
    await pullSystem(hub.hub, hub.system('salesforce'));
  });
  afterEach(async () => {
    await hub.quiet();
    expect(end()).toEqual([expect.stringMatching(/0192/), expect.stringMatching(/0192/)]);
    expect(await writesTo('salesforce')).toEqual([]);
  });

  it('is not overwritten before it is normalized', async () => {
    expect(await push()).toMatchObject({ written: 0 });
  });

  it('nor while somebody is normalizing it', async () => {
    const { work } = hub.hub.store;
    const claims = await work.claim('normalize', 10, 60_000);
    const before = await work.count('push', 'salesforce|Person|');
    expect([claims.length, before]).toEqual([1, 1]);
    expect(await push()).toMatchObject({ written: 0 });
    expect(await work.count('push', 'salesforce|Person|')).toBe(1);
    await work.release(claims);
  });

  it('nor before it is resolved', async () => {
    expect(await normalizeMarked(hub.hub)).toBe(1);
    expect(await push()).toMatchObject({ written: 0 });
  });
});

describe('a change at the CRM while an answer is on its way', () => {
  it('survives a page that is old when it lands', async () => {
    callAtHubSpot('0181');
    hub
      .emulator('hubspot')
      .faults.inject({ what: 'slow', route: 'contacts/batch/read', times: 1, delayMs: 150 });
    const pulling = pullSystem(hub.hub, hub.system('hubspot'));
    await pause(100);
    await hub.hub.clock.sleep(2_000);
    callAtHubSpot('0182');
    await pulling;
    await hub.settle();
    await hub.quiet();
    expect([inHubSpot(), inSalesforce()]).toEqual([
      expect.stringMatching(/0182/),
      expect.stringMatching(/0182/),
    ]);
  });

  it('survives when it comes after our write was taken', async () => {
    callAtHubSpot('0183');
    await pullSystem(hub.hub, hub.system('hubspot'));
    hub.emulator('salesforce').faults.inject({ what: 'slow', route: 'PATCH', times: 1, delayMs: 150 });
    const walking = walk(hub.hub);
    await expect.poll(inSalesforce, { interval: 5 }).toMatch(/0183/);
    await hub.hub.clock.sleep(2_000);
    callAtSalesforce('0184');
    await walking;
    await hub.quiet();
    expect([inHubSpot(), inSalesforce()]).toEqual([
      expect.stringMatching(/0184/),
      expect.stringMatching(/0184/),
    ]);
  });

  it('survives within the second in which our write was taken and read back', async () => {
    for (const last of ['0185', '0186', '0187']) {
      callAtHubSpot(last);
      await hub.hub.clock.sleep(5_000 - (hub.hub.clock.now() % 1_000));
      await hub.quiet();
      const before = salesforce().get('Contact', story.Contact.ada)?.SystemModstamp;
      salesforce().update(
        'Contact',
        story.Contact.ada,
        { Phone: `5557${last.slice(1)}` },
        { at: Date.parse(String(before)) },
      );
      expect(salesforce().get('Contact', story.Contact.ada)?.SystemModstamp).toBe(before);
      await hub.quiet();
      expect([inHubSpot(), inSalesforce()].map((phone) => String(phone).slice(-7))).toEqual([
        `5557${last.slice(1)}`,
        `5557${last.slice(1)}`,
      ]);
      expect(inSalesforce()).toBe(`5557${last.slice(1)}`);
      const known = await hub.hub.store.landing.get([`salesforce|Contact|${story.Contact.ada}`]);
      expect(known[0]?.body.Phone).toBe(`5557${last.slice(1)}`);
    }
  });
});
