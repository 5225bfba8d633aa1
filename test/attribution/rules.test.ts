import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/attribution/allocate.ts';
import type { Journey, Milestone, Touch } from '../../src/attribution/model.ts';
import { customModel, ruleModels } from '../../src/attribution/rules.ts';

const day = 86_400_000;
const end = Date.parse('2026-06-01T00:00:00Z');
const models = ruleModels({ halfLifeDays: 7, directChannels: ['Direct'] });

function touch(daysBefore: number, channel = 'Email'): Touch {
  return {
    eventId: `e${daysBefore}`,
    time: end - daysBefore * day,
    channel,
    type: 'touch.email_clicked',
    person: 'p',
  };
}

function journey(touches: Touch[], milestones: Partial<Record<Milestone, number>> = {}): Journey {
  return {
    touches,
    conversionTime: end,
    converted: true,
    milestones: { ...(touches[0] ? { firstTouch: touches[0].time } : {}), ...milestones },
  };
}

function split(id: string, given: Journey): number[] {
  const model = models.find((one) => one.id === id);
  if (!model) throw new Error(`no model ${id}`);
  return [...model.split(given).shares];
}

describe('rule-based models', () => {
  const four = journey([touch(38, 'Ads'), touch(20), touch(8, 'Chat'), touch(0, 'Direct')]);

  it.each([
    ['first', [1, 0, 0, 0]],
    ['last', [0, 0, 0, 1]],
    ['last-non-direct', [0, 0, 1, 0]],
    ['linear', [0.25, 0.25, 0.25, 0.25]],
    ['position', [0.4, 0.1, 0.1, 0.4]],
    ['j-shaped', [0.2, 0.1, 0.1, 0.6]],
    ['inverse-j', [0.6, 0.1, 0.1, 0.2]],
  ])('%s splits four touches', (id, expected) => {
    split(id, four).forEach((share, index) => {
      expect(share).toBeCloseTo(expected[index] ?? 0, 12);
    });
  });

  it('gives one touch all and two touches half each by position', () => {
    expect(split('position', journey([touch(3)]))).toEqual([1]);
    expect(split('position', journey([touch(3), touch(1)]))).toEqual([0.5, 0.5]);
  });

  it('gives the last touch all when every touch is direct', () => {
    expect(split('last-non-direct', journey([touch(3, 'Direct'), touch(1, 'Direct')]))).toEqual([0, 1]);
  });

  it('decays by real time: ages of 0, 1 and 2 half-lives weigh 4, 2 and 1', () => {
    const shares = split('time-decay', journey([touch(14), touch(7), touch(0)]));
    [1 / 7, 2 / 7, 4 / 7].forEach((expected, index) => {
      expect(shares[index]).toBeCloseTo(expected, 12);
    });
  });

  it('splits 12,000.00 over 38, 33, 26, 8 and 0 days as published', () => {
    const shares = split('time-decay', journey([38, 33, 26, 8, 0].map((days) => touch(days))));
    [175.195, 287.438, 574.875, 3417.045, 7545.447].forEach((expected, index) => {
      expect((shares[index] ?? 0) * 12_000).toBeCloseTo(expected, 2);
    });
  });

  const milestones = { leadCreated: end - 19 * day, dealCreated: end - 5 * day, closed: end };

  it('takes the last touch at or before a milestone', () => {
    expect(split('u-shaped', { ...four, milestones: { ...four.milestones, ...milestones } })).toEqual([
      0.5, 0.5, 0, 0,
    ]);
    const w = split('w-shaped', { ...four, milestones: { ...four.milestones, ...milestones } });
    [0.3, 0.3, 0.3, 0.1].forEach((expected, index) => {
      expect(w[index]).toBeCloseTo(expected, 12);
    });
  });

  it('adds up the parts of a touch that holds several milestones', () => {
    const shares = split(
      'w-shaped',
      journey([touch(9), touch(1)], { leadCreated: end - 8 * day, dealCreated: end - 7 * day }),
    );
    expect(shares[0]).toBeCloseTo(0.9, 12);
    expect(shares[1]).toBeCloseTo(0.1, 12);
  });

  it('shares out the part of a missing milestone and of missing middle touches', () => {
    const shares = split('full-path', journey([touch(9), touch(1)], { dealCreated: end - day }));
    expect(shares).toEqual([0.5, 0.5]);
  });

  it('splits by the admin’s own percentages', () => {
    const model = customModel('ours', {
      ...{ firstTouch: 10, leadCreated: 0, dealCreated: 60, closed: 0, lastTouch: 20, others: 10 },
    });
    const shares = model.split(
      journey([touch(9), touch(5), touch(3), touch(1)], { dealCreated: end - 4 * day }),
    ).shares;
    [0.1, 0.6, 0.1, 0.2].forEach((expected, index) => {
      expect(shares[index]).toBeCloseTo(expected, 12);
    });
  });

  it('says why in one sentence with the share', () => {
    const { reason } = models.find(({ id }) => id === 'position')?.split(four) ?? { reason: () => '' };
    expect(reason(0)).toBe('It was the first touch: 40 %.');
    expect(reason(1)).toBe('It was one of the other touches: 10 %.');
    expect(
      models
        .find(({ id }) => id === 'linear')
        ?.split(four)
        .reason(2),
    ).toBe('Every touch gets the same: 25 %.');
  });

  it('gives shares from 0 to 1 that sum to 1 for any journey with a touch, and nothing for one without', () => {
    const anyJourney = fc
      .tuple(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom('Chat', 'Direct', 'Email')), {
          maxLength: 40,
        }),
        fc.integer({ min: 0, max: 3_000 }),
        fc.option(fc.integer({ min: 0, max: 3_000 })),
      )
      .map(([touches, lead, dealAge]) =>
        journey(
          touches.sort((a, b) => b[0] - a[0]).map(([days, channel]) => touch(days, channel)),
          {
            leadCreated: end - lead * day,
            ...(dealAge === null ? {} : { dealCreated: end - dealAge * day }),
          },
        ),
      );
    fc.assert(
      fc.property(anyJourney, (given) => {
        for (const model of models) {
          const { shares, baseline } = model.split(given);
          expect(shares).toHaveLength(given.touches.length);
          expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
          const sum = shares.reduce((all, share) => all + share, baseline);
          expect(Math.abs(sum - (given.touches.length > 0 ? 1 : 0))).toBeLessThan(1e-12);
        }
      }),
    );
  });
});

describe('allocate', () => {
  it('splits 100 three ways as 34, 33, 33', () => {
    expect(allocate(100, [1 / 3, 1 / 3, 1 / 3])).toEqual([34, 33, 33]);
  });

  it('gives nobody anything when no share is above 0', () => {
    expect(allocate(100, [0, 0])).toEqual([0, 0]);
  });

  it('refuses parts of a cent', () => {
    expect(() => allocate(0.5, [1])).toThrow(RangeError);
  });

  it('refuses shares without a finite sum', () => {
    expect(() => allocate(100, [1e308, 1e308])).toThrow(RangeError);
    expect(() => allocate(100, [1, Number.NaN])).toThrow(RangeError);
  });

  it.each([
    [5, [0.3, 0.1 + 0.2, 0.4], [2, 1, 2]],
    [5, [0.1 + 0.2, 0.3, 0.4], [2, 1, 2]],
    [1, [0.3, 0.1 + 0.2], [1, 0]],
    [3, [0.7, 0.1 + 0.7 - 0.1], [2, 1]],
    [10, [0.1 * 3, 0.7], [3, 7]],
    [100, [0.57, 0.29, 0.14], [57, 29, 14]],
  ])('splits %i by %j as %j: noise decides no tie', (total, shares, parts) => {
    expect(allocate(total, shares)).toEqual(parts);
    expect(allocate(-total, shares)).toEqual(parts.map((part) => 0 - part));
  });

  const weights = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 30 });

  it('is the same whatever the last bits of the shares are', () => {
    const wobbles = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e11 }), weights, wobbles, (total, whole, wobble) => {
        const noisy = whole.map((weight, at) => (weight / 7) * (1 + (wobble[at] ?? 0) * 2 ** -52));
        expect(allocate(total, noisy)).toEqual(allocate(total, whole));
      }),
    );
  });

  it('gives equal shares of a permuted list the same parts, the earlier ones the larger', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), weights, (total, whole) => {
        const indexes = whole.map((_, at) => at);
        const turned = [...indexes.slice(1), ...indexes.slice(0, 1)].reverse();
        const parts = allocate(total, whole);
        const permuted = allocate(
          total,
          turned.map((at) => whole[at] ?? 0),
        );
        const ofWeight = (all: readonly number[], from: readonly number[], weight: number) =>
          all.filter((_, at) => whole[from[at] ?? 0] === weight);
        for (const weight of new Set(whole)) {
          const one = ofWeight(parts, indexes, weight);
          expect(one).toEqual(one.toSorted((a, b) => b - a));
          expect(Math.max(...one) - Math.min(...one)).toBeLessThanOrEqual(1);
          expect(Math.abs((one[0] ?? 0) - (ofWeight(permuted, turned, weight)[0] ?? 0))).toBeLessThanOrEqual(
            1,
          );
        }
      }),
    );
  });

  it('gives no part less than nothing, and sums exactly, however large and unequal the shares are', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1e300, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.maxSafeNat(), shares, (total, given) => {
        fc.pre(given.some((share) => share > 0));
        const parts = allocate(total, given);
        expect(parts.every((part) => part >= 0)).toBe(true);
        expect(parts.reduce((all, part) => all + BigInt(part), 0n)).toBe(BigInt(total));
      }),
    );
  });

  it('sums exactly to the total and never strays a unit from the exact part', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), shares, (total, given) => {
        const sum = given.reduce((all, share) => all + share, 0);
        fc.pre(sum > 0);
        const parts = allocate(total, given);
        expect(parts.reduce((all, part) => all + part, 0)).toBe(total);
        parts.forEach((part, index) => {
          expect(Math.abs(part - (total * (given[index] ?? 0)) / sum)).toBeLessThan(1.001);
        });
      }),
    );
  });
});
