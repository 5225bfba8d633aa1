/** What earlier deals have used up, told at once for all deals of a person, against the plain rule. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeTime } from '../../src/canonical/close-time.ts';
import type { Entity } from '../../src/canonical/model.ts';
import { SpentTime } from '../../src/journey/spent.ts';
import { isWithin, type WindowSettings, windowOf } from '../../src/journey/window.ts';

const day = 86_400_000;
const now = 100 * day;

const deals = fc
  .array(
    fc.record({
      status: fc.constantFrom('won', 'lost', 'open'),
      createdAt: fc.option(fc.integer({ min: 0, max: 110 }), { nil: undefined }),
      closedAt: fc.option(fc.integer({ min: 0, max: 110 }), { nil: undefined }),
      systems: fc.subarray(['one', 'other', 'third']),
      withdrawn: fc.nat(9).map((n) => n === 0),
    }),
    { maxLength: 12 },
  )
  .map((all) => all.map(dealOf));

interface Told {
  readonly status: string;
  /** Days. */
  readonly createdAt?: number | undefined;
  readonly closedAt?: number | undefined;
  readonly systems: readonly string[];
  readonly withdrawn: boolean;
}

function dealOf({ status, createdAt, closedAt, systems, withdrawn }: Told, index: number): Entity {
  const id = `deal${index}`;
  const times = {
    ...(createdAt === undefined ? {} : { createdAt: createdAt * day }),
    ...(closedAt === undefined ? {} : { closedAt: closedAt * day }),
  };
  const members = systems.map((system) => `Deal|${system}|deals|${id}`);
  return { id, kind: 'Deal', fields: { status, ...times }, provenance: {}, members, withdrawn };
}

/** The rule, deal by deal: closed until now, before this one, of a system of its own. */
function isUsed(deal: Entity, all: readonly Entity[], settings: WindowSettings, time: number): boolean {
  const own = closeTime(deal);
  const systems = (one: Entity) => one.members.map((member) => member.split('|')[1]);
  return all.some((other) => {
    const closed = closeTime(other);
    if (other.id === deal.id || other.withdrawn || closed === null || closed > now) return false;
    if (own !== null && own <= now && closed >= own) return false;
    if (!systems(other).some((system) => systems(deal).includes(system))) return false;
    return isWithin(time, windowOf(other, settings, now));
  });
}

describe('the time that earlier deals have used up', () => {
  it.each(['opened', 'end'] as const)('is what the rule says of each moment (window: %s)', (window) => {
    const settings: WindowSettings = { lookbackDays: 10, window, touches: 'once' };
    const moments = Array.from({ length: 140 }, (_, index) => (index - 15) * day);
    fc.assert(
      fc.property(deals, (all) => {
        const spent = new SpentTime(all, settings, now);
        for (const deal of all) {
          const windows = spent.before(deal);
          const told = moments.filter((time) => windows.some((one) => isWithin(time, one)));
          expect(told).toEqual(moments.filter((time) => isUsed(deal, all, settings, time)));
        }
      }),
    );
  });

  it('is told by few windows, apart from each other and oldest first, however many deals there were', () => {
    const settings: WindowSettings = { lookbackDays: 10, window: 'end', touches: 'once' };
    const closed = Array.from({ length: 90 }, (_, index) => index).filter((at) => at < 20 || at > 60);
    const all = closed.map((closedAt, index) =>
      dealOf({ status: 'won', closedAt, systems: ['one'], withdrawn: false }, index),
    );
    const open = dealOf({ status: 'open', systems: ['one'], withdrawn: false }, 1_000);
    expect(new SpentTime([...all, open], settings, now).before(open)).toEqual([
      { from: -10 * day, to: 19 * day },
      { from: 51 * day, to: 89 * day },
    ]);
  });
});
