/** When deals were closed, by the histories that their systems keep. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/support/json.ts';
import { findDeal, openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
/** Midnight, UTC. */
const start = Math.floor(Date.now() / day - 100) * day;
const date = (onDay: number) => new Date(start + onDay * day).toISOString().slice(0, 10);
/** Noon of a day. */
const at = (onDay: number) => start + onDay * day + day / 2;
const endOf = (onDay: number) => start + (onDay + 1) * day - 1;

/** A first state and what became of it, each with its day. */
type Story = readonly (readonly [onDay: number, fields: JsonObject])[];

const opportunity = (fields: JsonObject): JsonObject => ({
  ...{ Name: 'Deal', StageName: 'Prospecting', CloseDate: date(90), ...fields },
});
const deal = (fields: JsonObject): JsonObject => ({
  ...{ dealname: 'Deal', dealstage: 'appointmentscheduled', pipeline: 'default', ...fields },
});
const reopened = (back: number): Story => [
  [1, opportunity({})],
  [10, { StageName: 'Closed Lost' }],
  [15, { StageName: 'Negotiation/Review' }],
  [back, { StageName: 'Closed Won' }],
];

const opportunities = {
  moved: [
    [1, opportunity({})],
    [10, { StageName: 'Closed Won', CloseDate: date(10) }],
    [20, { CloseDate: date(3) }],
    [30, { StageName: 'Closed Lost' }],
    [40, { CloseDate: date(80), Amount: 5 }],
  ],
  'reopened for days': reopened(30),
  'reopened for hours': reopened(15.5),
  'came closed, dated before': [[50, opportunity({ StageName: 'Closed Won', CloseDate: date(20) })]],
  'came closed, dated that day': [[50, opportunity({ StageName: 'Closed Won', CloseDate: date(50) })]],
  'came closed, dated after': [[50, opportunity({ StageName: 'Closed Won', CloseDate: date(90) })]],
} satisfies Record<string, Story>;

const midnight = (onDay: number) => `${date(onDay)}T00:00:00.000Z`;
const deals = {
  moved: [
    [1, deal({ closedate: midnight(60) })],
    [10, { dealstage: 'closedwon' }],
    [20, { closedate: midnight(3) }],
    [30, { dealstage: 'closedlost' }],
  ],
  'reopened for days': [
    [1, deal({})],
    [10, { dealstage: 'closedlost' }],
    [15, { dealstage: 'contractsent' }],
    [30, { dealstage: 'closedwon' }],
  ],
  undated: [
    [1, deal({})],
    [10, { dealstage: 'closedwon', closedate: '' }],
  ],
} satisfies Record<string, Story>;

let hub: TestHub;
const ids = new Map<string, string>();

beforeAll(async () => {
  hub = await openTestHub({ systems: ['salesforce', 'hubspot'] });
  for (const [name, story] of Object.entries(opportunities)) tell('salesforce', 'Opportunity', name, story);
  for (const [name, story] of Object.entries(deals)) tell('hubspot', 'deals', name, story);
  await hub.sync();
});
afterAll(() => hub.close());

function tell(system: string, object: string, name: string, [first, ...changes]: Story): void {
  const { records } = hub.emulator(system);
  const id = records.create(object, first?.[1] ?? {}, { at: at(first?.[0] ?? 0) });
  for (const [onDay, fields] of changes) records.update(object, id, fields, { at: at(onDay) });
  ids.set(`${object} ${name}`, id);
}

async function closeOf(object: 'Opportunity' | 'deals', name: string): Promise<unknown> {
  const found = await findDeal(hub, object, ids.get(`${object} ${name}`) ?? '');
  return found?.fields.closedAt;
}

describe('the close of a deal', () => {
  it('is the first entry into a closed stage; later stages and edits of the close date do not move it', async () => {
    expect(await closeOf('Opportunity', 'moved')).toBe(at(10));
    expect(await closeOf('deals', 'moved')).toBe(at(10));
  });

  it('is that of the last time for a deal that was reopened, unless for less than a day', async () => {
    expect(await closeOf('Opportunity', 'reopened for days')).toBe(at(30));
    expect(await closeOf('deals', 'reopened for days')).toBe(at(30));
    expect(await closeOf('Opportunity', 'reopened for hours')).toBe(at(10));
  });

  it('is the end of its date for a deal that came closed, unless that lies ahead', async () => {
    expect(await closeOf('Opportunity', 'came closed, dated before')).toBe(endOf(20));
    expect(await closeOf('Opportunity', 'came closed, dated that day')).toBe(endOf(50));
    expect(await closeOf('Opportunity', 'came closed, dated after')).toBe(at(50));
  });

  it('is in the history of a won deal without a close date, and so is that it was won', async () => {
    expect(await closeOf('deals', 'undated')).toBe(at(10));
    const subject = `id:hubspot:deals:${ids.get('deals undated')}`;
    const events = await hub.hub.store.facts.eventsOf([subject], ['deal.won']);
    expect(events.get(subject)?.map(({ time }) => time)).toEqual([at(10)]);
  });

  it('shows whose history it is', async () => {
    const id = ids.get('Opportunity moved') ?? '';
    const found = await findDeal(hub, 'Opportunity', id);
    expect(found?.provenance.closedAt).toMatchObject({ ref: `salesforce|Opportunity|${id}`, exact: true });
  });
});
