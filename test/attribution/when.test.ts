import { describe, expect, it } from 'vitest';
import { reasonWith } from '../../src/attribution/hazard/reason.ts';
import type { Journey } from '../../src/attribution/model.ts';
import { usualRuleSettings } from '../../src/attribution/rulebook.ts';
import { ruleModels } from '../../src/attribution/rules.ts';

const day = 86_400_000;
const end = Date.parse('2026-06-01T12:00:00Z');

function journey(daysBefore: number, converted: boolean): Journey {
  const time = end - daysBefore * day;
  const touch = { eventId: 'e', time, channel: 'Chat', type: 'touch.chat', person: 'p' };
  return { touches: [touch], conversionTime: end, converted, milestones: {} };
}

function told(given: Journey, chances = { with: 0.19, without: 0.1 }): string {
  const [touch] = given.touches;
  if (!touch) throw new Error('there is no touch');
  return reasonWith('half of it comes within 9 days', given, touch, 0.14, chances);
}

describe('why a touch has its share', () => {
  it('says when it came, in words that are true of open and lost deals, too', () => {
    expect(told(journey(12, true))).toMatch(/^It came 12 days before the close, /);
    expect(told(journey(0.3, true))).toMatch(/^It came within a day of the close, /);
    expect(told(journey(12, false))).toMatch(/^It came 12 days before the last day that counts, /);
    expect(told(journey(0.3, false))).toMatch(/^It came on the last day that counts, /);
  });

  it('speaks of no chance that is the same with and without it', () => {
    expect(told(journey(12, true))).toMatch(/would have been 10 % instead of 19 %\.$/);
    expect(told(journey(12, true), { with: 0.1601, without: 0.1599 })).toMatch(
      / 14 % of what spoke for the deal then\.$/,
    );
  });

  it('is told by time decay in the same words', () => {
    const decay = ruleModels(usualRuleSettings).find(({ id }) => id === 'time-decay');
    expect(decay?.split(journey(3.5, false)).reason(0)).toBe(
      'It came 3.5 days before the last day that counts, and a touch counts half for every 7 days: 100 %.',
    );
  });
});
