/** What a channel would have without one of its touches: never more than with it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hazardModel } from '../../src/attribution/hazard/model.ts';
import type { HazardParameters } from '../../src/attribution/hazard/parameters.ts';
import type { Journey, Model } from '../../src/attribution/model.ts';
import { ruleModels } from '../../src/attribution/rules.ts';
import { shapleyModel } from '../../src/attribution/shapley/model.ts';
import { withoutTouch } from '../../src/attribution/without.ts';

const dayMs = 86_400_000;
const end = Date.parse('2026-05-06T12:00:00Z');

/** Chat chases intent, and intent moves the baseline: who chats would have come anyway, or so the fit has it. */
const parameters: HazardParameters = {
  baseline: 0.002,
  covariates: [{ name: 'score', mean: 0, deviation: 1, slope: 0.4 }],
  channels: [
    { name: 'Chat', effect: 0.05, halfLifeDays: 3 },
    { name: 'Email', effect: 0.02, halfLifeDays: 6 },
  ],
  unseen: { effect: 0.01, halfLifeDays: 2 },
  intent: { groups: [0, 1], rates: [0.02, 0.05], pulls: [0.9, 0], leans: [0.3], slope: 1 },
};
const hazard = hazardModel({ version: 'v1', conversions: 812, parameters, resamples: [] });

/** Channel and days before the end, oldest first. */
function journey(touches: readonly (readonly [string, number])[], others: Partial<Journey> = {}): Journey {
  return {
    touches: touches.map(([channel, age], index) => ({
      ...{ eventId: `e${index}`, time: end - age * dayMs, channel, type: 'touch.chat', person: 'p1' },
    })),
    conversionTime: end,
    converted: true,
    milestones: {},
    covariates: { score: 1 },
    ...others,
  };
}

function without(model: Model, given: Journey, index: number) {
  const found = withoutTouch(model, given, model.split(given), index);
  if (!found) throw new Error(`no touch ${index}`);
  return found;
}

describe('the hazard model', () => {
  const deal = journey([
    ['Chat', 40],
    ['Chat', 2],
    ['Email', 1],
  ]);

  it('takes out what the touch itself added to the rate, and leaves watch and intent as they were', () => {
    const { shares, baseline } = hazard.split(deal);
    const [old = 0, young = 0, email = 0] = shares;
    const { channel, share, instead } = without(hazard, deal, 1);
    expect(channel).toBe('Chat');
    expect(share).toBeCloseTo(old + young, 12);
    expect(instead).toBeCloseTo(old / (old + email + baseline), 12);
  });

  it('hardly changes when the touch with which the watch began has faded', () => {
    const { share, instead } = without(hazard, deal, 0);
    expect(instead).toBeLessThan(share);
    expect(share - instead).toBeLessThan(1e-4);
  });

  it('gives nothing to a channel that has lost its only touch', () => {
    expect(without(hazard, deal, 2).instead).toBe(0);
  });
});

describe('any model', () => {
  const anyTouches = fc
    .array(
      fc.tuple(
        fc.constantFrom('Chat', 'Email', 'Direct', 'Fair'),
        fc.double({ min: 0, max: 90, noNaN: true }),
      ),
      { minLength: 1, maxLength: 9 },
    )
    .map((touches) => touches.sort(([, one], [, other]) => other - one));
  const models = [hazard, shapleyModel, ...ruleModels({ halfLifeDays: 7, directChannels: ['Direct'] })];

  it.each(
    models.map((model) => [model.id, model] as const),
  )('%s: chat gains nothing by losing a chat', (_, model) => {
    fc.assert(
      fc.property(anyTouches, fc.nat(90), fc.nat(90), (touches, lead, opened) => {
        const milestones = {
          leadCreated: end - lead * dayMs,
          dealCreated: end - opened * dayMs,
          closed: end,
        };
        const given = journey(touches, { milestones });
        given.touches.forEach(({ channel }, index) => {
          if (channel !== 'Chat') return;
          const { share, instead } = without(model, given, index);
          expect(instead).toBeLessThanOrEqual(share + 1e-12);
        });
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });
});
