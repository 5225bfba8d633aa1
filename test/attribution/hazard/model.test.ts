/** A fit applied to one deal. */
import { describe, expect, it } from 'vitest';
import { fitHazard } from '../../../src/attribution/hazard/fit.ts';
import { type FittedHazard, hazardModel } from '../../../src/attribution/hazard/model.ts';
import { type HazardParameters, numbersOf, withNumbers } from '../../../src/attribution/hazard/parameters.ts';
import { hazardOf } from '../../../src/attribution/hazard/rate.ts';
import type { Journey } from '../../../src/attribution/model.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { journeyTo } from '../chat-journey.ts';

const end = Date.parse('2026-05-06T12:00:00Z');

const parameters: HazardParameters = {
  baseline: 0.01,
  covariates: [{ name: 'score', mean: 10, deviation: 5, slope: 0.5 }],
  channels: [
    { name: 'Chat', effect: 0.2, halfLifeDays: 3 },
    { name: 'Email', effect: 0.05, halfLifeDays: 1 },
  ],
  unseen: { effect: 0.1, halfLifeDays: 2 },
  intent: null,
};
const fit: FittedHazard = { version: 'v1', conversions: 812, parameters, resamples: [] };

function journey(touches: readonly (readonly [string, number])[], covariates = {}): Journey {
  return journeyTo(end, touches, covariates);
}

describe('the model', () => {
  const model = hazardModel(fit);
  const split = model.split(
    journey([
      ['Email', 6],
      ['Chat', 3],
    ]),
  );
  // Rates: 0.01 anyway; e-mail 0.05 ln2 2^-6; chat 0.2 ln2/3 2^-1.
  const [email, chat] = [(0.05 * Math.LN2) / 64, (0.1 * Math.LN2) / 3];
  const whole = 0.01 + email + chat;

  it('splits by the rates at the end', () => {
    expect(split.shares[0]).toBeCloseTo(email / whole, 12);
    expect(split.shares[1]).toBeCloseTo(chat / whole, 12);
    expect(split.baseline).toBeCloseTo(0.01 / whole, 12);
  });

  it('says what would have been without a touch', () => {
    // Expected by then: 0.01 × 6 anyway, e-mail 0.05 (1 − 2^-6), chat 0.2 / 2.
    const rest = 0.06 + 0.05 * (1 - 1 / 64);
    const { with: chance, without } = split.counterfactual?.(1) ?? { with: 0, without: 0 };
    expect(chance).toBeCloseTo(1 - Math.exp(-rest - 0.1), 12);
    expect(without).toBeCloseTo(1 - Math.exp(-rest), 12);
  });

  it('gives the reason in one sentence', () => {
    expect(split.reason(1)).toBe(
      'It came 3 days before the close, and the effect of Chat touches halves every 3 days: 69 % of what spoke for the deal then; without it the chance of winning by then would have been 10 % instead of 19 %.',
    );
  });

  it('counts one day as one', () => {
    expect(split.reason(0)).toContain(
      '6 days before the close, and the effect of Email touches halves every 1 day:',
    );
  });

  it('names its fit and what that has seen', () => {
    expect(model).toMatchObject({ id: 'hazard', version: 'v1' });
    expect(model.definition).toContain('812 won deals');
    expect(model.evidence).toBeUndefined();
  });

  it('lets covariates move the baseline; one that is not known counts as the mean', () => {
    const touches = [['Chat', 3]] as const;
    const anyway = (covariates: object) => {
      const { baseline, shares } = model.split(journey(touches, covariates));
      return baseline / (shares[0] ?? 1);
    };
    expect(anyway({ score: 20 }) / anyway({})).toBeCloseTo(Math.E, 12);
    expect(anyway({ score: 10 })).toBe(anyway({}));
  });

  it('counts a channel that the fit has not seen as an average one, and says so', () => {
    const other = model.split(journey([['Fair', 2]]));
    const rate = (0.1 * Math.LN2) / 2 / 2;
    expect(other.shares[0]).toBeCloseTo(rate / (0.01 + rate), 12);
    expect(other.reason(0)).toContain('a channel that the fit has not seen');
  });

  it('leaves everything to the baseline where there is no touch', () => {
    expect(model.split(journey([]))).toMatchObject({ shares: [], baseline: 1 });
  });

  it('gives the same bytes after its fit was kept as text', () => {
    const kept: FittedHazard = JSON.parse(JSON.stringify(fit));
    expect(
      JSON.stringify(
        hazardModel(kept).split(
          journey([
            ['Email', 6.1],
            ['Chat', 0.3],
          ]),
        ),
      ),
    ).toBe(
      JSON.stringify(
        model.split(
          journey([
            ['Email', 6.1],
            ['Chat', 0.3],
          ]),
        ),
      ),
    );
  });
});

describe('the evidence', () => {
  const resamples = [0.5, 1, 1.5].map((factor) =>
    numbersOf({
      ...parameters,
      channels: parameters.channels.map((one) => ({ ...one, effect: one.effect * factor })),
    }),
  );
  const { evidence } = hazardModel({ ...fit, resamples });
  const deal = journey([
    ['Email', 6],
    ['Chat', 3],
  ]);

  it('is the range of shares over resamples, of everything or of the touches', () => {
    const { low, high } = evidence?.interval(deal, [1], 'everything') ?? { low: 0, high: 0 };
    const share = hazardModel(fit).split(deal).shares[1] ?? 0;
    expect(low).toBeLessThan(share);
    expect(high).toBeGreaterThan(share);
    const ofTouches = evidence?.interval(deal, [0, 1], 'touches');
    expect(ofTouches).toEqual({ low: 1, high: 1 });
  });

  it('survives the numbers of its parameters', () => {
    expect(withNumbers(parameters, numbersOf(parameters))).toEqual(parameters);
    const knowing = {
      ...parameters,
      intent: { groups: [0, 1], rates: [1, 1], pulls: [0, 1], leans: [0.1], slope: 0.7 },
    };
    expect(withNumbers(knowing, numbersOf(knowing))).toEqual(knowing);
  });
});

describe('applying a fit to everybody it was made of', () => {
  it.each(['A', 'B'] as const)('adds up to its shares (%s)', (id) => {
    const { observations } = simulate(scenarios[id], 8_000, 2);
    const { parameters: found, shares, conversions } = fitHazard(observations);
    const hazard = hazardOf(found);
    const credit = new Map<string, number>();
    const { channels, channel, time, starts, end: ends, converted, covariates } = observations;
    for (const [person, did] of converted.entries()) {
      if (!did) continue;
      const own = [...channel.subarray(starts[person], starts[person + 1])].map((one, index) => ({
        channel: channels[one] ?? '',
        ageDays: (ends[person] ?? 0) - (time[(starts[person] ?? 0) + index] ?? 0),
      }));
      const known = Object.fromEntries(covariates.map(({ name, values }) => [name, values[person] ?? 0]));
      const rate = hazard.rate({ touches: own, days: ends[person] ?? 0, covariates: known });
      own.forEach((touch, index) => {
        credit.set(touch.channel, (credit.get(touch.channel) ?? 0) + (rate.touches[index] ?? 0) / rate.whole);
      });
    }
    channels.forEach((name, index) => {
      expect((credit.get(name) ?? 0) / conversions).toBeCloseTo(shares.channels[index] ?? 0, 6);
    });
  });
});
