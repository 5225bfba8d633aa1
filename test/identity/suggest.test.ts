import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DealSketch, likelyPairs, nameLikeness } from '../../src/identity/suggest.ts';

const deal = (id: string, more: Partial<DealSketch> = {}): DealSketch => ({
  id,
  name: 'Acme: Renewal 2026',
  amount: { minor: 1_250_000, currency: 'USD' },
  closeDate: '2026-06-30',
  connections: ['salesforce'],
  parties: ['acme'],
  ...more,
});
const inHubSpot = { connections: ['hubspot'] };
const ids = (deals: readonly DealSketch[]) =>
  likelyPairs(deals).map(({ deals: [a, b] }) => `${a.id} ${b.id}`);

describe('likely pairs of deals', () => {
  it('are deals of two CRMs with a common party, the same amount, and like names or near dates', () => {
    const [pair] = likelyPairs([deal('b'), deal('a', { ...inHubSpot, closeDate: '2026-07-02' })]);
    expect(pair?.deals.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(pair?.because).toEqual([
      'same organization or person',
      'same amount',
      'same name',
      'close dates 2 days apart',
    ]);
  });

  it('show what each field speaks for, as weights that add up', () => {
    const [pair] = likelyPairs([deal('a'), deal('b', { ...inHubSpot, name: 'Acme Renewal' })]);
    expect(pair?.weights.map(({ field, level }) => `${field} ${level}`)).toEqual([
      'deal name alike',
      'amount the same',
      'close date the same',
    ]);
    expect(pair?.total).toBeCloseTo(
      (pair?.weights ?? []).reduce((sum, { bits }) => sum + bits, 0),
      9,
    );
  });

  it('need only one of like names and near dates', () => {
    expect(ids([deal('a'), deal('b', { ...inHubSpot, name: 'Something else' })])).toEqual(['a b']);
    expect(ids([deal('a'), deal('b', { ...inHubSpot, closeDate: null })])).toEqual(['a b']);
    expect(ids([deal('a'), deal('b', { ...inHubSpot, name: 'Other', closeDate: '2026-09-30' })])).toEqual([]);
  });

  it.each<[string, Partial<DealSketch>]>([
    ['another amount', { amount: { minor: 1_250_001, currency: 'USD' } }],
    ['another currency', { amount: { minor: 1_250_000, currency: 'EUR' } }],
    ['no amount', { amount: null }],
    ['nobody in common', { parties: ['globex'] }],
    ['a record in the same CRM', { connections: ['hubspot', 'salesforce'] }],
  ])('are none with %s', (_, difference) => {
    expect(ids([deal('a'), deal('b', { ...inHubSpot, ...difference })])).toEqual([]);
  });

  it('put the likeliest first and name each pair once, however many parties they share', () => {
    const far = deal('c', { ...inHubSpot, closeDate: '2026-07-29', parties: ['acme', 'jo'] });
    const near = deal('b', { ...inHubSpot, parties: ['acme', 'jo'] });
    expect(ids([deal('a', { parties: ['acme', 'jo'] }), far, near])).toEqual(['a b', 'a c']);
  });

  it('do not depend on the order of deals', () => {
    const some = [
      deal('a'),
      deal('b', inHubSpot),
      deal('c', { ...inHubSpot, name: 'Acme Renewal' }),
      deal('d', { parties: ['acme', 'jo'], closeDate: null }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(some, { minLength: 4 }), (shuffled) => {
        expect(new Set(ids(shuffled))).toEqual(new Set(ids(some)));
      }),
    );
  });

  it('compare names word by word, in any script', () => {
    expect(nameLikeness('Acme – Renewal', 'ACME renewal')).toBe(1);
    expect(nameLikeness('東京商事 更新', '東京商事 新規')).toBeCloseTo(1 / 3);
    expect(nameLikeness('', '')).toBe(0);
  });
});
