/** Rows of a deal with very many chats: few to write, and they still tell the deal's number. */
import { describe, expect, it } from 'vitest';
import { ruleModels } from '../../src/attribution/rules.ts';
import type { Money } from '../../src/canonical/model.ts';
import { chatCredit } from '../../src/credit/chat.ts';
import type { CreditContext } from '../../src/credit/context.ts';
import { mostRows, rowsOf } from '../../src/credit/touch-rows.ts';
import { chatTouches } from '../../src/credit/touches.ts';
import { attributionSchema } from '../../src/settings/attribution.ts';

const day = 86_400_000;
const chatsOf = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A deal with a mail first and then so many chats, a day apart. */
function contextOf(count: number, amount: Money | null): CreditContext {
  const touches = ['Email', ...chatsOf(count).map(() => 'Chat')].map((channel, index) => ({
    ...{ eventId: `e${index}`, time: index * day, channel, person: 'ann' },
    type: channel === 'Chat' ? ('touch.chat' as const) : ('touch.email_clicked' as const),
  }));
  const model = ruleModels(attributionSchema.parse({})).find(({ id }) => id === 'time-decay');
  if (!model) throw new Error('there is no such model');
  const journey = {
    ...{ touches, conversionTime: (count + 1) * day, converted: true, milestones: {}, covariates: {} },
  };
  return {
    journey: {
      ...{ journey, via: touches.map(() => null), topics: touches.map(() => null), origins: [], chats: [] },
      ...{ outside: { before: 0, used: 0, after: 0 }, earlier: 0, apart: [], leftOut: {}, changesAt: null },
    },
    ...{ model, split: model.split(journey), amount, ownAmounts: [], people: {} },
    ...{ peopleFrom: 'roles', lookbackDays: 90, baseline: 'with', computedAt: 0 },
  };
}

describe('rows of chats', () => {
  it('are a row for each chat, and never more than a CRM takes in one call', () => {
    for (let count = 0; count <= 1_234; count += 1) {
      const { together, alone } = rowsOf(chatsOf(count));
      expect([...together, ...alone]).toEqual(chatsOf(count));
      expect(alone.length + Math.min(together.length, 1)).toBeLessThanOrEqual(mostRows);
      if (count <= mostRows) expect(together).toEqual([]);
      else expect(alone.length).toBeGreaterThanOrEqual(mostRows / 2);
    }
  });

  it('stay when one more chat comes, but for one chat in a hundred', () => {
    const counts = chatsOf(1_200).map((count) => rowsOf(chatsOf(count)).together.length);
    const moves = counts.filter((count, index) => index > 0 && count !== counts[index - 1]).length;
    expect(moves).toBe(10);
  });

  it.each([7, mostRows, mostRows + 1, 1_500])('sum to what the deal is told, with %i chats', (count) => {
    const context = contextOf(count, { minor: 1_234_567, currency: 'USD' });
    const rows = chatTouches('d', context);
    const deal = chatCredit(context);
    const minors = rows.map(({ fields: { amount } }) => (amount as Money).minor);
    expect(minors.reduce((sum, minor) => sum + minor, 0)).toBe((deal['chatCredit.amount'] as Money).minor);
    const shares = rows.map(({ fields: { share } }) => Number(share));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(Number(deal['chatCredit.share']), 9);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('tell of the earlier chats in one row, which stays the same record', () => {
    const [row, next] = chatTouches('d', contextOf(300, null));
    expect(row?.fields).toMatchObject({
      ...{ name: '200 earlier chats', person: null, amount: null, at: 200 * day },
      reason: '200 chats from 2 Jan 1970 to 20 Jul 1970, together.',
    });
    expect(next?.fields).toMatchObject({ person: 'ann', at: 201 * day });
    const [later] = chatTouches('d', contextOf(1_000, null));
    expect([later?.id, later?.fields.name]).toEqual([row?.id, '900 earlier chats']);
  });
});
