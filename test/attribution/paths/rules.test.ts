/** Position rules on aggregated paths, against the models that split one deal at a time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channels } from '../../../src/attribution/journeys/channels.ts';
import { collect } from '../../../src/attribution/journeys/collect.ts';
import { pathModel, usualPathSettings } from '../../../src/attribution/path-models.ts';
import { rulebook, usualRuleSettings } from '../../../src/attribution/rulebook.ts';
import { ruleModels } from '../../../src/attribution/rules.ts';
import { credit, type Row } from './journeys.ts';
import { journeys } from './random.ts';

const day = 86_400_000;
const settings = { ...usualPathSettings, directChannels: ['c0'] };
const oneByOne = ruleModels({ halfLifeDays: 7, directChannels: ['c0'] });

/** Credit by channel, every journey split on its own; touches a day apart. */
function split(id: string, given: readonly Row[]): Map<string, { conversions: number; value: number }> {
  const model = oneByOne.find((one) => one.id === id);
  const all = new Map<string, { conversions: number; value: number }>();
  for (const { path, conversions, value } of given) {
    const channels = path.split('>');
    const touches = channels.map((channel, at) => ({
      eventId: String(at),
      time: at * day,
      channel,
      type: 'touch',
      person: 'p',
    }));
    const conversionTime = (channels.length - 1) * day;
    const parts = model?.split({
      touches,
      conversionTime,
      converted: true,
      milestones: { closed: conversionTime },
    });
    parts?.shares.forEach((share, at) => {
      const channel = channels[at] ?? '';
      const before = all.get(channel) ?? { conversions: 0, value: 0 };
      all.set(channel, {
        conversions: before.conversions + share * conversions,
        value: before.value + share * Number(value),
      });
    });
  }
  return all;
}

describe.each(rulebook.map(({ id }) => id))('%s', (model) => {
  it('gives on paths what it gives on deals', () => {
    fc.assert(
      fc.property(journeys({ channels: 4, longest: 7, most: 20 }), (given) => {
        const expected = split(model, given);
        for (const one of credit(model, given, settings)) {
          expect(one.conversions).toBeCloseTo(expected.get(one.channel)?.conversions ?? 0, 9);
          expect(one.value).toBeCloseTo(expected.get(one.channel)?.value ?? 0, 8);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('time decay', () => {
  async function decayed(ages: readonly number[], value: string): Promise<number[]> {
    const channels = new Channels();
    const model = pathModel('time-decay', channels, usualPathSettings);
    const names = ages.map((_, at) => `t${at}`);
    await collect([{ channels: names, converted: true, value, ages }], channels, model.counts);
    return model.credit().credit.map((one) => one.value);
  }

  it('counts days, not steps and not weeks', async () => {
    const expected = [175.195, 287.438, 574.875, 3417.045, 7545.447];
    const found = await decayed([38, 33, 26, 8, 0], '12000.00');
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] ?? 0, 3);
    });
  });

  it('halves with each half-life', async () => {
    const found = await decayed([14, 7, 0], '7');
    expect(found.map((value) => Number(value.toFixed(12)))).toEqual([1, 2, 4]);
  });

  it('does not lose journeys that are old', async () => {
    const [first, second] = await decayed([1_000_000, 1_000_000], '1');
    expect([first, second]).toEqual([0.5, 0.5]);
  });

  it('stands ten thousand touches', async () => {
    const found = await decayed(
      Array.from({ length: 10_000 }, (_, at) => 9_999 - at),
      '1',
    );
    expect(found.reduce((all, value) => all + value, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  });
});

describe('last-non-direct', () => {
  it.each(['Direct', 'direct', '(direct)', '(Direct)'])('passes over %s, on paths and on deals', (direct) => {
    const given = [{ path: `Ads>${direct}`, conversions: 1, value: '0', nulls: 0 }];
    const [model] = ruleModels(usualRuleSettings).filter(({ id }) => id === 'last-non-direct');
    const touches = ['Ads', direct].map((channel, time) => ({
      ...{ eventId: String(time), time, channel, type: 'touch', person: 'p' },
    }));
    const deal = model?.split({ touches, conversionTime: 2, converted: true, milestones: {} });
    const onPaths = credit('last-non-direct', given, usualPathSettings);
    expect(deal?.shares).toEqual([1, 0]);
    expect(onPaths.find(({ channel }) => channel === 'Ads')?.conversions).toBe(1);
  });
});
