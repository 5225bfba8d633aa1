/**
 * Salesforce stamps whole seconds. Whatever falls into one, and in whatever order it is read and landed: what a person
 * put in the place of the hub's value stays, and reaches the other system. The clock stands still meanwhile, so no order
 * can be had from it.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VendorRecord } from '../../src/connector/contract/reading.ts';
import type { Clock } from '../../src/support/clock.ts';
import { land, pullOptions } from '../../src/sync/pull/landing.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { walk } from '../../src/sync/road.ts';
import { found, mappingsWith, openTestHub, pacingOff, type TestHub } from './hub.ts';

/** Moves when somebody waits, and not even then while it stands. */
class StandingClock implements Clock {
  #now = Date.parse('2026-06-30T12:00:00Z');
  isStanding = false;

  now = () => this.#now;

  sleep = async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.isStanding) this.#now += Math.max(0, ms);
  };

  /** In the middle of a second, an hour on: so many writes to one person within an hour would be stopped. */
  standInNewSecond(): void {
    this.#now = Math.ceil(this.#now / 1_000) * 1_000 + 3_600_500;
    this.isStanding = true;
  }
}

const email = 'same.second@example.com';
const steps = ['push', 'edit', 'read', 'land', 'pull'] as const;
/** What is read by itself is read by a process that knows the vendor's clock better than the others do. */
const knowsBetterMs = 400;
type Step = (typeof steps)[number];

/** What is read lands later; in between, others may read and land. */
const orders = permutations(steps).filter((order) => order.indexOf('read') < order.indexOf('land'));
const fewOrders = orders.filter((order) => order.at(-1) === 'pull');

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((one) => one !== item)).map((rest) => [item, ...rest]),
  );
}

let clock: StandingClock;
let hub: TestHub;
let contact: string;
let person: string;
let numbers: number;
let mappings: ReturnType<typeof mappingsWith>;

beforeEach(async () => {
  clock = new StandingClock();
  numbers = 0;
  // Where the order is not known, the hub would take the other system's word.
  const hubspotFirst = mappingsWith('hubspot', 'two-way, prefer salesforce', 'two-way, prefer hubspot');
  mappings = mappingsWith(
    'salesforce',
    'two-way, prefer salesforce',
    'two-way, prefer hubspot',
    hubspotFirst.path,
  );
  hubspotFirst.remove();
  hub = await openTestHub({
    ...pacingOff,
    clock,
    systems: ['salesforce', 'hubspot'],
    mappings: mappings.path,
  });
  const at = clock.now() - 86_400_000;
  const [Phone, LastName] = [nextNumber(), 'Second'];
  contact = salesforce().create('Contact', { LastName, Email: email, Phone }, { at });
  person = hubspot().create('contacts', { email, lastname: LastName, phone: Phone }, { at });
  await hub.quiet();
});
afterEach(async () => {
  await hub.close();
  mappings.remove();
});

const salesforce = () => hub.emulator('salesforce').records;
const hubspot = () => hub.emulator('hubspot').records;
const held = () => [salesforce().get('Contact', contact)?.Phone, hubspot().get('contacts', person)?.phone];

function nextNumber(): string {
  numbers += 1;
  return `+1212555${String(numbers).padStart(4, '0')}`;
}

/** Takes the steps while the clock stands. */
async function happen(order: readonly Step[], edited: string): Promise<void> {
  const system = hub.system('salesforce');
  const stream = found(system.connector.streams?.Contact, 'stream');
  let read: readonly VendorRecord[] = [];
  const acts: Record<Step, () => unknown> = {
    push: () => walk(hub.hub),
    edit: () => salesforce().update('Contact', contact, { Phone: edited }),
    read: async () => {
      const records = await stream.fetch?.(system.context, [contact], pullOptions(system, 'Contact'));
      read = (records ?? []).map((one) => ({ ...one, readAt: (one.readAt ?? 0) + knowsBetterMs }));
    },
    land: () => land(hub.hub, system.name, read),
    pull: () => pullSystem(hub.hub, system, { objects: ['Contact'] }),
  };
  for (const step of order) await acts[step]();
}

async function expectKept(order: readonly Step[], edited: string): Promise<void> {
  await goOn();
  expect([order.join(', '), ...held()]).toEqual([order.join(', '), edited, edited]);
}

/** The second ends; both systems are read and written until nothing is new. */
async function goOn(): Promise<void> {
  clock.isStanding = false;
  await clock.sleep(5_000);
  for (let news = 1; news > 0; ) {
    news = (await pullSystem(hub.hub, hub.system('salesforce'), { objects: ['Contact'] })).changed;
    news += (await pullSystem(hub.hub, hub.system('hubspot'), { objects: ['contacts'] })).changed;
    await hub.settle();
  }
}

describe('an edit within the second of our own write', () => {
  it('is kept when it came after the write, in the second of the change that was written, too', async () => {
    for (const order of orders.filter(([first]) => first === 'push')) {
      clock.standInNewSecond();
      hubspot().update('contacts', person, { phone: nextNumber() });
      await pullSystem(hub.hub, hub.system('hubspot'), { objects: ['contacts'] });
      const edited = nextNumber();
      await happen(order, edited);
      await expectKept(order, edited);
    }
  });

  it('is kept when it came before the write and is later than the change that was written', async () => {
    for (const order of fewOrders.filter(([first]) => first === 'edit')) {
      clock.standInNewSecond();
      hubspot().update('contacts', person, { phone: nextNumber() }, { at: clock.now() - 5_000 });
      await pullSystem(hub.hub, hub.system('hubspot'), { objects: ['contacts'] });
      const edited = nextNumber();
      await happen(order, edited);
      await expectKept(order, edited);
    }
  });

  it('is kept when it takes back what we wrote over, in the second in which that was put there', async () => {
    for (const order of fewOrders.filter(([first]) => first === 'push')) {
      clock.standInNewSecond();
      const before = nextNumber();
      salesforce().update('Contact', contact, { Phone: before, Title: before }, { at: clock.now() });
      await pullSystem(hub.hub, hub.system('salesforce'), { objects: ['Contact'] });
      hubspot().update('contacts', person, { phone: nextNumber() }, { at: clock.now() + 1_000 });
      await pullSystem(hub.hub, hub.system('hubspot'), { objects: ['contacts'] });
      await happen(order, before);
      await goOn();
      const [inSalesforce, inHubSpot] = held();
      expect([order.join(', '), inSalesforce]).toEqual([order.join(', '), inHubSpot]);
    }
  });
});
