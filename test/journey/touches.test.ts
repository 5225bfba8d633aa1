import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalEvent, type EventType, eventId } from '../../src/canonical/events.ts';
import type { EventData } from '../../src/canonical/model.ts';
import { leaveOutRule } from '../../src/journey/left-out.ts';
import { type PersonEvent, type TouchRules, touchesOf } from '../../src/journey/touches.ts';
import { attributionSchema } from '../../src/settings/attribution.ts';
import { touchRules } from '../../src/sync/attribute/touch-rules.ts';

const minute = 60_000;
const defaults = touchRules({ attribution: attributionSchema.parse({}) });

interface Told {
  readonly id?: string;
  readonly connection?: string;
  readonly person?: string;
}

/** @param at minutes */
function event(
  at: number,
  kind: string,
  data: EventData = {},
  { id = `${kind} ${at}`, connection = 'web', person = 'p' }: Told = {},
): PersonEvent {
  const type = `touch.${kind}` as EventType;
  const source = { connection, object: 'event', id };
  const told: CanonicalEvent = {
    ...{ id: eventId(source, type), type, time: at * minute, source },
    ...{ subject: `email:${person}@buyer.example`, data },
  };
  return { person, event: told };
}

function told(events: readonly PersonEvent[], rules: TouchRules = defaults, address: string | null = null) {
  const { touches, apart, leftOut } = touchesOf(events, rules, () => address);
  const line = ({ time, channel }: { time: number; channel: string }) => `${time / minute} ${channel}`;
  return {
    touches: touches.map(({ touch }) => line(touch)),
    apart: apart.map(({ touch }) => line(touch)),
    leftOut: leftOut.map(({ because, touch }) => `${because} ${line(touch)}`),
  };
}

const settings = (given: object) => touchRules({ attribution: attributionSchema.parse(given) });

describe('a visit', () => {
  const search = { channel: 'Paid Search' };

  it('is one arrival, of its first source, and one chat', () => {
    const visit = [
      event(0, 'ad_click', search),
      event(0, 'page_view', search),
      event(4, 'page_view', { channel: 'Direct' }),
      event(9, 'chat', { session: 's1' }),
      event(12, 'form_submitted', { channel: 'Direct' }),
      event(20, 'chat', { session: 's2' }),
    ];
    expect(told(visit).touches).toEqual(['0 Paid Search', '9 Chat']);
  });

  it('has the source that is told first, although it began without one', () => {
    const visit = [event(0, 'page_view', { channel: 'Direct' }), event(5, 'ad_click', search)];
    expect(told(visit).touches).toEqual(['0 Paid Search']);
  });

  it('ends when nothing has happened for half an hour, and goes on until then', () => {
    const [direct, email] = [{ channel: 'Direct' }, { channel: 'Email' }];
    const chain = [0, 29, 58].map((at) => event(at, 'page_view', direct));
    expect(told([...chain, event(87.9, 'page_view', email)]).touches).toEqual(['0 Email']);
    expect(told([...chain, event(88, 'page_view', email)]).touches).toEqual(['0 Direct', '88 Email']);
    const short = settings({ visitMinutes: 10 });
    expect(told([...chain], short).touches).toEqual(['0 Direct', '29 Direct', '58 Direct']);
  });

  it('is of one person', () => {
    const two = [event(0, 'page_view', search), event(1, 'page_view', search, { person: 'q' })];
    expect(told(two).touches).toEqual(['0 Paid Search', '1 Paid Search']);
  });
});

describe('a conversation', () => {
  it('is one touch however often the bot restarts', () => {
    const again = [0, 3, 90, 5_000].map((at) => event(at, 'chat', { session: 's1' }, { id: `e${at}` }));
    expect(told(again).touches).toEqual(['0 Chat']);
    expect(told([...again, event(5_010, 'chat', { session: 's2' })]).touches).toEqual(['0 Chat']);
    expect(told([...again, event(5_030, 'chat', { session: 's2' })]).touches).toEqual([
      '0 Chat',
      '5030 Chat',
    ]);
  });

  it('with people is no touch of the chatbot', () => {
    const chats = [event(0, 'chat', {}, { connection: 'bot' }), event(60, 'chat', {}, { connection: 'crm' })];
    expect(told(chats).touches).toEqual(['0 Chat', '60 Chat']);
    const named = settings({ chat: ['bot'] });
    expect(told(chats, named).touches).toEqual(['0 Chat', '60 Live Chat']);
    const page = event(0, 'page_view', { channel: 'Chat' }, { connection: 'crm' });
    expect(told([page], named).touches).toEqual(['0 Live Chat']);
  });
});

describe('touches of one moment', () => {
  const kinds = ['page_view', 'form_submitted', 'chat', 'campaign_response', 'call', 'meeting'] as const;

  it('stand in a stated order, whatever their ids and however they come', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...kinds], { minLength: 6 }),
        fc.array(fc.string({ minLength: 1 }), { minLength: 6, maxLength: 6 }),
        (shuffled, ids) => {
          // Of several people, so that no visit joins them.
          const events = shuffled.map((kind, index) =>
            event(0, kind, { channel: kind }, { id: `${ids[index]}`, person: kind }),
          );
          const channels = ['page_view', 'form_submitted', 'Chat', 'campaign_response', 'call', 'meeting'];
          expect(told(events).touches).toEqual(channels.map((channel) => `0 ${channel}`));
        },
      ),
    );
  });

  it('of one kind stand in the order of their records', () => {
    const forms = ['c', 'a', 'b'].map((id) =>
      event(0, 'form_submitted', { channel: id }, { id, person: id }),
    );
    expect(told(forms).touches).toEqual(['0 a', '0 b', '0 c']);
  });
});

describe('what is no touch of a buyer', () => {
  const page = event(0, 'page_view', { channel: 'Email' });

  it('is that of employees, by domain and by address', () => {
    const rules = settings({ leaveOut: { employees: ['Acme.example', '@shop.example', 'jo@mail.example'] } });
    for (const own of [
      'a@acme.example',
      'A@ACME.EXAMPLE',
      'a@eu.acme.example',
      'b@shop.example',
      'jo@mail.example',
    ])
      expect(told([page], rules, own), own).toMatchObject({ touches: [], leftOut: ['employees 0 Email'] });
    for (const buyer of ['a@notacme.example', 'acme.example@mail.example', 'joe@mail.example'])
      expect(told([page], rules, buyer).touches, buyer).toEqual(['0 Email']);
  });

  it('is that of bots, by their user agents', () => {
    const visit = (userAgent: string) => [event(0, 'chat', { userAgent })];
    const bots = [
      'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36',
      'curl/8.4.0',
    ];
    for (const agent of bots) expect(told(visit(agent)).leftOut, agent).toEqual(['bots 0 Chat']);
    const people = [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1',
      'Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36',
    ];
    for (const agent of people) expect(told(visit(agent)).touches, agent).toEqual(['0 Chat']);
  });

  it('is a test, by its mark, its campaign or its address', () => {
    const tests = [
      event(0, 'chat', { test: true }),
      event(60, 'page_view', { channel: 'Email', utm: { source: 'Test' } }),
    ];
    expect(told(tests).leftOut).toEqual(['tests 0 Chat', 'tests 60 Email']);
    for (const tester of ['test@buyer.example', 'ann+test@buyer.example', 'x@shop.test', 'x@y.invalid'])
      expect(told([page], defaults, tester).touches, tester).toEqual([]);
    for (const buyer of ['latest@buyer.example', 'x@test.example', 'tester@buyer.example'])
      expect(told([page], defaults, buyer).touches, buyer).toEqual(['0 Email']);
  });

  it('does not end or prolong the visit of anybody', () => {
    const pages = [0, 20, 40].map((at) =>
      event(at, 'page_view', { channel: at === 20 ? 'Social' : 'Email', test: at === 20 }),
    );
    expect(told(pages).touches).toEqual(['0 Email', '40 Email']);
  });

  it('is a mailing, but not a mail that a salesperson wrote', () => {
    const mails = [
      event(0, 'email_sent', { channel: 'Email' }),
      event(60, 'email_sent', { channel: 'Sales' }),
    ];
    expect(told(mails).touches).toEqual(['60 Sales']);
  });
});

describe('what two systems tell of', () => {
  it('is one touch where person, kind and minute are the same, and two where one system tells both', () => {
    const call = (at: number, connection: string, person = 'p') =>
      event(at, 'call', { channel: 'Sales' }, { connection, person, id: `${connection}${at}` });
    expect(told([call(0, 'crm'), call(0.9, 'mail'), call(30, 'crm')]).touches).toEqual([
      '0 Sales',
      '30 Sales',
    ]);
    expect(told([call(0, 'crm'), call(1, 'mail')]).touches).toEqual(['0 Sales', '1 Sales']);
    expect(told([call(0, 'crm'), call(0.5, 'crm')]).touches).toEqual(['0 Sales', '0.5 Sales']);
    expect(told([call(0, 'crm'), call(0, 'mail', 'q')]).touches).toEqual(['0 Sales', '0 Sales']);
    const meeting = event(0, 'meeting', { channel: 'Sales' }, { connection: 'mail' });
    expect(told([call(0, 'crm'), meeting]).touches).toEqual(['0 Sales', '0 Sales']);
  });
});

describe('touches of sales', () => {
  const work = [
    event(0, 'call', { channel: 'Phone' }),
    event(1, 'meeting'),
    event(2, 'page_view', { channel: 'Direct' }),
  ];

  it('count, stand apart, or are left out', () => {
    expect(told(work).touches).toEqual(['0 Phone', '1 Unassigned', '2 Direct']);
    expect(told(work, settings({ salesTouches: 'apart' }))).toEqual({
      ...{ touches: ['2 Direct'], apart: ['0 Phone', '1 Unassigned'], leftOut: [] },
    });
    expect(told(work, settings({ salesTouches: 'leave out' }))).toEqual({
      ...{ touches: ['2 Direct'], apart: [], leftOut: ['sales 0 Phone', 'sales 1 Unassigned'] },
    });
  });
});

describe('the pattern of an address', () => {
  it('has a star for anything', () => {
    const rule = leaveOutRule({
      employees: [],
      bots: [],
      testUtm: [],
      testAddresses: ['a*b*c', 'exact@x.y'],
    });
    const is = (address: string) => rule(event(0, 'page_view').event, address) === 'tests';
    expect(['abc', 'axxbyyc', 'a-b-b-c', 'EXACT@x.y'].map(is)).toEqual([true, true, true, true]);
    expect(['ab', 'acb', 'xabc', 'abcx', 'exact@x.yz'].map(is)).toEqual([false, false, false, false, false]);
  });
});
