import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/attribution/model.ts';
import { chatCredit, noChatCredit } from '../../src/credit/chat.ts';
import type { CreditContext } from '../../src/credit/context.ts';
import { chatTouches } from '../../src/credit/touches.ts';
import { writtenSplit } from '../../src/credit/written.ts';
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
    ...{ id: 'm', title: 'Data-driven (additive hazard)', definition: '', version: 'c9f0647b54e0c3f5' },
    split: () => ({ shares, baseline: 0.2, reason: () => '' }),
    evidence: { conversions: 1_234_567, interval: () => ({ low: 0.123, high: 0.987 }) },
  };
  return {
    journey: { journey, via: [], topics: [], outside: 0 },
    split: model.split(journey),
    ...{ model, amount: { minor: 1_000, currency: 'USD' }, lookbackDays: 90 },
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
      expect(reason).toContain('95 % interval 12.3 % to 98.7 %; n = 1234567; fit c9f0647b54e0c3f5');
      expect(fields).toMatchObject({
        'chatCredit.interval.low': 0.123,
        'chatCredit.interval.high': 0.987,
        'chatCredit.n': 1_234_567,
        'chatCredit.version': 'c9f0647b54e0c3f5',
      });
    }
  });

  it('says why another model stands in, within 255 characters', () => {
    const instead = `The additive hazard model rests on 40 won deals, fewer than the 200 it needs`;
    const { evidence: _, ...rule } = {
      ...context(['Chat']).model,
      title: 'Position 40/20/40',
      version: 'rule',
    };
    const fields = chatCredit(context(['Chat', 'Email'], { model: rule, instead }));
    const reason = String(fields['chatCredit.reason']);
    expect(reason).toMatch(/it is used because the additive hazard model rests on 40 won deals/);
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

  it('has interval, n and version on every touch, however long the reason is', () => {
    for (const length of [10, 190, 400]) {
      const given = context(['Chat', 'Email']);
      const reason = `${'Because of this. '.repeat(length / 10)}; and more, much more, of it`;
      const [touch] = chatTouches('d', { ...given, split: { ...given.split, reason: () => reason } });
      const told = String(touch?.fields.reason);
      expect(told).toMatch(/^95 % interval 12\.3 % to 98\.7 %; n = 1234567; fit c9f0647b54e0c3f5\. Because/);
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
