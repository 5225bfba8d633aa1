import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/attribution/model.ts';
import { chatCredit, noChatCredit } from '../../src/credit/chat.ts';
import type { CreditContext } from '../../src/credit/context.ts';
import { chatTouches } from '../../src/credit/touches.ts';
import { writtenSplit } from '../../src/credit/written.ts';
import type { DealJourney } from '../../src/journey/build.ts';
import { entity } from '../sync/fit-world.ts';

const day = 86_400_000;

function context(channels: readonly string[], more: Partial<CreditContext> = {}): CreditContext {
  const touches = channels.map((channel, index) => ({
    ...{ eventId: `e${index}`, time: index * day, channel },
    ...{ type: 'touch.chat', person: 'p' },
  }));
  const journey = { touches, conversionTime: 99 * day, converted: true, milestones: {} };
  const shares = channels.map(() => 0.8 / channels.length);
  const model: Model = {
    ...{ id: 'm', title: 'Data-driven', definition: '', version: 'c9f0647b54e0c3f5' },
    split: () => ({ shares, baseline: 0.2, reason: () => '' }),
    evidence: {
      conversions: 1_234_567,
      interval: (_journey, _touches, _of, level) =>
        level === undefined ? { low: 0.123, high: 0.987 } : { low: 0.456, high: level },
    },
  };
  return {
    journey: { journey, via: [], topics: [], outside: { before: 0, used: 0, after: 0 }, earlier: 0 },
    split: model.split(journey),
    ...{
      model,
      amount: { minor: 1_000, currency: 'USD' },
      ownAmounts: [],
      peopleFrom: 'roles',
      lookbackDays: 90,
    },
    ...{ baseline: 'with', computedAt: 1 },
    ...more,
  };
}

describe('what is written onto a deal', () => {
  it('has interval, n and version in fields and in words, however long the journey is', () => {
    for (const length of [1, 7, 400]) {
      const fields = chatCredit(context(Array.from({ length }, () => 'Chat')));
      const reason = String(fields['chatCredit.reason']);
      expect(reason.length).toBeLessThanOrEqual(255);
      expect(reason).toContain('(likely 46 to 80 %, from 1234567 won deals)');
      expect(String(fields['chatCredit.details'])).toContain(
        '95 % interval: 12.30 % to 98.70 %\nWon deals: 1234567\nFit: c9f0647b54e0c3f5\nWindow: 90 days',
      );
      expect(fields).toMatchObject({
        'chatCredit.interval.low': 0.123,
        'chatCredit.interval.high': 0.987,
        'chatCredit.n': 1_234_567,
        'chatCredit.version': 'c9f0647b54e0c3f5',
      });
    }
  });

  it('says why another model stands in, within 255 characters', () => {
    const instead = `The data-driven model rests on 40 won deals, fewer than the 200 it needs`;
    const { evidence: _, ...rule } = {
      ...context(['Chat']).model,
      title: 'Position 40/20/40',
      version: 'rule',
    };
    const fields = chatCredit(context(['Chat', 'Email'], { model: rule, instead }));
    const reason = String(fields['chatCredit.reason']);
    expect(reason).toMatch(/it is used because the data-driven model rests on 40 won deals/);
    expect(reason.length).toBeLessThanOrEqual(255);
    expect(fields).toMatchObject({ 'chatCredit.n': null, 'chatCredit.interval.low': null });
  });

  it('leaves the baseline’s share with nobody, or shares it out to the last cent', () => {
    const deal = entity('Deal', 'd', {});
    const [kept, shared] = [
      context(['Chat', 'Chat', 'Chat']),
      context(['Chat', 'Chat', 'Chat'], { baseline: 'without' }),
    ];
    expect(chatCredit(kept)).toMatchObject({ 'chatCredit.share': 0.8, 'chatCredit.amount': { minor: 800 } });
    expect(chatCredit(shared)).toMatchObject({
      'chatCredit.share': 1,
      'chatCredit.amount': { minor: 1_000 },
    });
    const minors = chatTouches(deal.id, shared).map(
      ({ fields }) => (fields.amount as { minor: number }).minor,
    );
    expect(minors.reduce((sum, minor) => sum + minor, 0)).toBe(1_000);
  });

  it('has interval and n on every touch, however long the reason is', () => {
    for (const length of [10, 190, 400]) {
      const given = context(['Chat', 'Email']);
      const reason = `${'Because of this. '.repeat(length / 10)}; and more, much more, of it`;
      const [touch] = chatTouches('d', { ...given, split: { ...given.split, reason: () => reason } });
      const told = String(touch?.fields.reason);
      expect(told).toMatch(/^Likely 46 to 80 %, from 1234567 won deals\. Because/);
      expect(told.length).toBeLessThanOrEqual(255);
      expect(told).toMatch(/[.…]$|of it$/);
    }
  });

  it('invents nothing where no touch has a share', () => {
    const split = { shares: [0, 0], baseline: 1, reason: () => '' };
    expect(writtenSplit(split, 'without')).toBe(split);
    expect(chatCredit(context(['Email']))).toBe(noChatCredit);
  });
});

const rule: Pick<CreditContext, 'model'> = {
  model: {
    ...{ id: 'position', title: 'Position 40/20/40', definition: '', version: 'rule' },
    split: () => ({ shares: [], baseline: 0, reason: () => '' }),
  },
};

/** A journey of chats and mails, of which things are told. */
function told(channels: readonly string[], more: Partial<DealJourney>, others: Partial<CreditContext> = {}) {
  const { journey } = context(channels);
  const touches = journey.journey.touches.map((touch) => ({ ...touch, time: touch.time + 20_738 * day }));
  return context(channels, {
    ...rule,
    people: { p: { name: 'Ines Quill', role: 'Decision Maker' } },
    journey: { ...journey, ...more, journey: { ...journey.journey, touches } },
    ...others,
  });
}

describe('the reason', () => {
  const url = 'https://chat.example/c/s1';
  const chats = [{ session: 's1', goal: 'demo_booked', url }, null, { session: 's2', goal: null, url: null }];
  const reason = (of: CreditContext) => String(chatCredit(of)['chatCredit.reason']);
  const three = ['Chat', 'Email', 'Chat'];

  it('says who asked about what, what came of it, how many touches were chats, and where to look', () => {
    const all = told(three, { chats, topics: ['pricing', null, null] });
    expect(reason(all)).toBe(
      'Ines Quill (Decision Maker) asked about pricing on 12 Oct 2026 and booked a demo; 2 of 3 touches. ' +
        `Position 40/20/40 gives the chats 53 %. See ${url}`,
    );
    expect(chatCredit(all)).toMatchObject({ 'chatCredit.link': url });
  });

  it('counts what does not count, by why', () => {
    const left = { apart: [], leftOut: { employees: 1, bots: 4, sales: 0 } };
    const all = told(three, { chats, ...left, outside: { before: 2, used: 3, after: 9 } });
    expect(reason(all)).toContain(
      '2 of 13 touches, 10 of the 13 do not count ' +
        '(2 before the window, 3 used up by an earlier deal, 1 by employees, 4 by bots)',
    );
    const early = told(three, { chats, outside: { before: 2, used: 0, after: 0 } });
    expect(reason(early)).toContain('2 of 5 touches, 2 of the 5 do not count (before the window). ');
  });

  it('tells of the chat that came to something, and of somebody with a name', () => {
    const later = [null, null, { session: 's2', goal: 'lead_captured', url: null }];
    const topics = ['support', null, 'demo'];
    expect(reason(told(three, { chats: later, topics }))).toMatch(
      /^Ines Quill \(Decision Maker\) asked about a demo on 14 Oct 2026 and left contact details; .* Conversation s2\.$/,
    );
    expect(reason(told(three, {}, { people: {} }))).toMatch(
      /^A visitor chatted on 12 Oct 2026; 2 of 3 touches\./,
    );
    const own = [{ session: null, goal: 'Whitepaper-Downloaded', url: null }];
    expect(reason(told(['Chat'], { chats: own }))).toContain(
      'and reached "Whitepaper-Downloaded"; 1 of 1 touch.',
    );
  });

  it('has whole percent alone, and never a nought or a whole that is none', () => {
    const parts = [0.1429, 0.004, 0.996, 0, 1];
    const given = parts.map((share) => {
      const of = told(['Chat'], {});
      return reason({ ...of, split: { ...of.split, shares: [share], baseline: 1 - share } });
    });
    const words = ['14 %', 'under 1 %', 'over 99 %', '0 %', '100 %'];
    expect(given.map((text) => /gives the chat (.*?)\./.exec(text)?.[1])).toEqual(words);
  });

  it('fits whatever its parts are, and keeps what the share rests on', () => {
    const { model } = context(['Chat']);
    const long = 'Very Long Name '.repeat(20).trim();
    for (const more of [
      { people: { p: { name: long, role: long } } },
      { people: { p: { name: 'Ines Quill', role: long } }, instead: 'The model has no fit yet' },
      { peopleFrom: 'account' as const, amount: null },
    ]) {
      const of = told(
        three,
        { chats, topics: [long, null, long], leftOut: { bots: 3, tests: 9 } },
        { ...more, model },
      );
      expect(reason(of).length).toBeLessThanOrEqual(255);
      expect(reason(of)).toContain('(likely 46 to 80 %, from 1234567 won deals)');
    }
  });

  it('has no end for an open deal, and no run, fit or window', () => {
    expect(reason(told(three, { chats }))).not.toMatch(/\bend\b|\bfit\b|days|\brun\b/i);
  });
});

describe('the chats of a deal', () => {
  it('are a line each, the newest twenty', () => {
    const many = told(
      Array.from({ length: 25 }, () => 'Chat'),
      { topics: ['pricing'] },
    );
    const lines = String(chatCredit(many)['chatCredit.list']).split('\n');
    expect(lines).toHaveLength(21);
    expect(lines[0]).toMatch(/^5 earlier chats: \d+ %$/);
    expect(lines[1]).toBe('Ines Quill (Decision Maker) chatted on 17 Oct 2026: 4 %');
    expect(lines.at(-1)).toBe('Ines Quill (Decision Maker) chatted on 5 Nov 2026: 3 %');
  });

  it('have percents that sum to what the reason gives them', () => {
    for (const chats of [3, 6, 7, 25]) {
      const told25 = told(
        Array.from({ length: chats + 3 }, (_, at) => (at < chats ? 'Chat' : 'Email')),
        {},
      );
      const credit = chatCredit(told25);
      const listed = String(credit['chatCredit.list'])
        .split('\n')
        .map((line) => Number(/: (\d+) %/.exec(line)?.[1]));
      const [, whole] = /gives the chats (\d+) %/.exec(String(credit['chatCredit.reason'])) ?? [];
      expect(listed.reduce((sum, one) => sum + one, 0)).toBe(Number(whole));
    }
  });

  it('are rows with a name, the person, the topic, what came of it, and a link', () => {
    const url = 'https://chat.example/c/s1';
    const chats = [{ session: 's1', goal: 'meeting_booked', url }];
    const [row] = chatTouches('d', told(['Chat'], { chats, topics: ['pricing'] }));
    expect(row?.fields).toMatchObject({
      name: 'Ines Quill: pricing, 12 Oct 2026',
      personName: 'Ines Quill',
      topic: 'pricing',
      outcome: 'booked a meeting',
      link: url,
    });
  });
});
