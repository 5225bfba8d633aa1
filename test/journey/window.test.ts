/** Which touches are a deal's: the window, what earlier deals have used up, and where the journey ends. */
import { describe, expect, it } from 'vitest';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { Entity } from '../../src/canonical/model.ts';
import { buildJourney } from '../../src/journey/build.ts';
import { leaveOutRule } from '../../src/journey/left-out.ts';
import { SpentTime } from '../../src/journey/spent.ts';
import type { TouchRules } from '../../src/journey/touches.ts';
import { isMoving, type WindowSettings, windowOf, without } from '../../src/journey/window.ts';

const day = 86_400_000;
const now = 200 * day;
const settings: WindowSettings = { lookbackDays: 30, window: 'opened', touches: 'once' };
const rules: TouchRules = {
  ...{ visitMinutes: 30, salesTouches: 'count', isChatbot: () => true },
  leaveOut: leaveOutRule({ employees: [], bots: [], testAddresses: [], testUtm: [] }),
};
const old: WindowSettings = { ...settings, window: 'end' };

function deal(id: string, status: string, opened?: number, closed?: number, systems = ['crm']): Entity {
  const fields = {
    status,
    ...(opened === undefined ? {} : { createdAt: opened * day }),
    ...(closed === undefined ? {} : { closedAt: closed * day }),
  };
  const members = systems.map((system) => `Deal|${system}|deals|${id}`);
  return { id, kind: 'Deal', fields, provenance: {}, members, withdrawn: false };
}

function touch(at: number, type: CanonicalEvent['type'] = 'touch.page_view'): CanonicalEvent {
  const source = { connection: 'web', object: 'visit', id: String(at) };
  return {
    ...{ id: `${type} ${at}`, type, time: at * day, source },
    ...{ subject: 'email:ann@x.example', data: { channel: 'Email' } },
  };
}

/** The days of the touches that count, and what was left out. */
function journey(
  of: Entity,
  days: readonly number[],
  more: { earlier?: Entity[]; at?: number; by?: WindowSettings } = {},
) {
  const { earlier = [], at = now, by = settings } = more;
  const usedUp = new Map([['ann', new SpentTime([of, ...earlier], by, at).before(of)]]);
  const events = days.map((one) => ({ person: 'ann', event: touch(one) }));
  const facts = { people: [{ id: 'ann' }], events, conversations: new Map(), usedUp };
  const built = buildJourney(of, facts, new Map(), { ...by, now: at, rules });
  const { touches, conversionTime } = built.journey;
  return { ...built, days: touches.map(({ time }) => time / day), end: conversionTime };
}

describe('the window of a deal', () => {
  const days = (of: Entity, by: WindowSettings) => {
    const { from, to } = windowOf(of, by, now);
    return [from / day, to / day];
  };

  it('is the look-back before the opening and everything until the end', () => {
    expect(days(deal('a', 'won', 100, 150), settings)).toEqual([70, 150]);
    expect(days(deal('a', 'lost', 100, 150), settings)).toEqual([70, 150]);
    expect(days(deal('a', 'open', 100), settings)).toEqual([70, 200]);
  });

  it('is the look-back before the end by setting, and where nobody knows the opening', () => {
    expect(days(deal('a', 'won', 100, 150), old)).toEqual([120, 150]);
    expect(days(deal('a', 'open', 100), old)).toEqual([170, 200]);
    expect(days(deal('a', 'won', undefined, 150), settings)).toEqual([120, 150]);
  });

  it('begins before the close of a deal that was imported after it', () => {
    expect(days(deal('a', 'won', 180, 150), settings)).toEqual([120, 150]);
  });

  it('moves on with the time only where its end is not known and it hangs on the end', () => {
    const moving = (of: Entity, by: WindowSettings) => isMoving(of, by, now);
    expect(moving(deal('a', 'open', 100), settings)).toBe(false);
    expect(moving(deal('a', 'open', 100), old)).toBe(true);
    expect(moving(deal('a', 'open'), settings)).toBe(true);
    expect(moving(deal('a', 'won', 100, 150), old)).toBe(false);
    expect(moving(deal('a', 'won', 100), old)).toBe(true);
  });

  it('tells of each touch that is left out why', () => {
    const won = deal('a', 'won', 100, 150);
    expect(journey(won, [60, 70, 71, 150, 151, 190])).toMatchObject({
      days: [71, 150],
      outside: { before: 2, used: 0, after: 2 },
      earlier: 2,
    });
  });
});

describe('a journey’s end', () => {
  it('is the close of a closed deal', () => {
    expect(journey(deal('a', 'won', 100, 150), [90]).end).toBe(150 * day);
  });

  it('is the day of the last touch or of the opening of an open one, whenever somebody looks', () => {
    const open = deal('a', 'open', 100);
    for (const at of [120, 160, 3_000]) {
      expect(journey(open, [90, 110.5], { at: at * day }).end).toBe(111 * day - 1);
      expect(journey(open, [90.5], { at: at * day }).end).toBe(101 * day - 1);
    }
  });

  it('knows nothing of what lies in the future', () => {
    const open = deal('a', 'open', 100);
    expect(journey(open, [90, 130], { at: 120 * day })).toMatchObject({
      ...{ days: [90], end: 101 * day - 1, outside: { before: 0, used: 0, after: 1 } },
    });
    expect(journey(deal('a', 'won', 100, 150), [90, 130], { at: 120 * day }).days).toEqual([90]);
  });
});

describe('a touch that an earlier deal has used up', () => {
  const second = deal('b', 'won', 130, 180);

  it.each(['won', 'lost'])('is not credited again (%s)', (status) => {
    const first = deal('a', status, 100, 140);
    expect(journey(second, [105, 139, 140, 141, 170], { earlier: [first] })).toMatchObject({
      days: [141, 170],
      outside: { before: 0, used: 3, after: 0 },
      earlier: 3,
    });
  });

  it('is not credited again to a deal of which one of several records is of the same system', () => {
    const twins = deal('b', 'won', 130, 180, ['other', 'crm']);
    expect(journey(twins, [105, 170], { earlier: [deal('a', 'won', 100, 140)] }).days).toEqual([170]);
  });

  it('still counts for the deal that used it up', () => {
    expect(journey(deal('a', 'won', 100, 140), [105, 139], { earlier: [second] }).days).toEqual([105, 139]);
  });

  it.each([
    ['open', deal('a', 'open', 100)],
    ['gone', { ...deal('a', 'won', 100, 140), withdrawn: true }],
    ['closed in the same moment', deal('a', 'won', 100, 180)],
    ['closed later', deal('a', 'won', 100, 190)],
    ['of another system alone', deal('a', 'won', 100, 140, ['other'])],
    ['closed nobody knows when', deal('a', 'won', 100)],
  ])('is none of a deal that is %s', (_, other) => {
    expect(journey(second, [105, 139], { earlier: [other] }).days).toEqual([105, 139]);
  });

  it('is one in that deal’s own window only', () => {
    const long = deal('long', 'won', 50, 180);
    const brief = deal('brief', 'won', 120, 130);
    expect(journey(long, [60, 89, 95, 125, 140], { earlier: [brief] }).days).toEqual([60, 89, 140]);
  });

  it('is credited again where touches are shared', () => {
    const shared: WindowSettings = { ...settings, touches: 'shared' };
    expect(new SpentTime([deal('a', 'won', 100, 140)], shared, now).before(second)).toEqual([]);
  });
});

describe('the example of docs/deals.md', () => {
  const on = (date: string) => Date.parse(date) / day;
  const touches = ['2025-11-12', '2026-03-20', '2026-05-03', '2026-06-02', '2026-06-14', '2026-07-05'];
  const first = deal('start', 'won', on('2026-04-01'), on('2026-05-15T16:40Z'));
  const second = deal('renewal', 'won', on('2026-06-10'), on('2026-06-30'));
  const counted = (of: Entity, earlier: Entity[]) => {
    const by = { ...settings, lookbackDays: 90 };
    const { outside, days } = journey(of, touches.map(on), { earlier, at: on('2026-08-01') * day, by });
    return [days.map((one) => new Date(one * day).toISOString().slice(5, 10)), outside];
  };

  it('comes out as it says', () => {
    expect(counted(first, [second])).toEqual([['03-20', '05-03'], { before: 1, used: 0, after: 3 }]);
    expect(counted(second, [first])).toEqual([['06-02', '06-14'], { before: 1, used: 2, after: 1 }]);
  });
});

describe('a window without others', () => {
  it('is what they leave, in order', () => {
    const one = { from: 10, to: 50 };
    expect(without(one, [])).toEqual([one]);
    expect(without(one, [{ from: 0, to: 60 }])).toEqual([]);
    expect(
      without(one, [
        { from: 30, to: 35 },
        { from: 5, to: 12 },
        { from: 33, to: 40 },
      ]),
    ).toEqual([
      { from: 12, to: 30 },
      { from: 40, to: 50 },
    ]);
  });
});
