/** Fits as they are kept, and what is seen between two of them. */
import { describe, expect, it } from 'vitest';
import { driftBetween, stabilityIndex } from '../../../src/attribution/fit/drift.ts';
import { parseSnapshot } from '../../../src/attribution/fit/schema.ts';
import {
  fittedOf,
  type HazardSnapshot,
  snapshotOf,
  versionOf,
} from '../../../src/attribution/fit/snapshot.ts';
import { fitHazard } from '../../../src/attribution/hazard/fit.ts';
import { hazardModel } from '../../../src/attribution/hazard/model.ts';
import type { Journey } from '../../../src/attribution/model.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { bootstrapHere } from '../../../src/attribution/uncertainty/bootstrap.ts';
import { toJson } from '../../../src/support/json.ts';
import { observed } from '../hazard/observed.ts';

function make(id: 'A' | 'B', seed: number, people = 5_000): HazardSnapshot {
  const { observations } = simulate(scenarios[id], people, seed);
  const fit = fitHazard(observations);
  const resamples = bootstrapHere(fit.basis, { resamples: 12, seed: 9 });
  return snapshotOf(observations, fit, resamples, { window: { from: 1_000, to: 2_000 }, seed: 9 });
}

const snapshot = make('A', 1);
const end = Date.parse('2026-05-06T12:00:00Z');
const journey: Journey = {
  touches: [
    { eventId: 'e1', time: end - 9 * 86_400_000, channel: 'search', type: 'touch.ad_click', person: 'p' },
    { eventId: 'e2', time: end - 2 * 86_400_000, channel: 'chat', type: 'touch.chat', person: 'p' },
  ],
  conversionTime: end,
  converted: true,
  milestones: {},
};

describe('a snapshot', () => {
  it('comes back from text to the last bit', () => {
    const back = parseSnapshot(JSON.parse(JSON.stringify(toJson(snapshot))), 'here');
    expect(back).toEqual(snapshot);
    expect(versionOf(back)).toBe(versionOf(snapshot));
  });

  it('credits a deal the same from its text, interval and reasons with it', () => {
    const told = (kept: HazardSnapshot) => {
      const model = hazardModel(fittedOf(kept));
      const { shares, baseline, reason } = model.split(journey);
      const interval = model.evidence?.interval(journey, [1], 'everything');
      return JSON.stringify([model.version, shares, baseline, reason(1), interval]);
    };
    expect(told(parseSnapshot(JSON.parse(JSON.stringify(snapshot)), 'here'))).toBe(told(snapshot));
  });

  it('has one version for the same data, another for any other', () => {
    expect(versionOf(make('A', 1))).toBe(versionOf(snapshot));
    expect(versionOf(make('A', 2))).not.toBe(versionOf(snapshot));
    expect(versionOf({ ...snapshot, seed: 8 })).not.toBe(versionOf(snapshot));
    expect(versionOf(snapshot)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('keeps intent', () => {
    const { observations } = simulate(scenarios.B, 14_000, 1);
    const fit = fitHazard({ ...observations, covariates: [] });
    const kept = snapshotOf(observations, fit, [], { window: { from: 0, to: 1 }, seed: 1 });
    expect(kept.parameters.intent).not.toBeNull();
    expect(parseSnapshot(toJson(kept), 'here')).toEqual(kept);
  });

  it('of one won deal comes back, too, with as many resamples as were asked for', () => {
    const people = [
      { end: 9, converted: true, touches: [['chat', 7] as const] },
      { end: 9, converted: false, touches: [['search', 3] as const] },
    ];
    const observations = observed(people);
    const fit = fitHazard(observations);
    const resamples = bootstrapHere(fit.basis, { resamples: 20, seed: 1 });
    const kept = snapshotOf(observations, fit, resamples, { window: { from: 0, to: 1 }, seed: 1 });
    const back = parseSnapshot(JSON.parse(JSON.stringify(toJson(kept))), 'here');
    expect(back.resamples).toHaveLength(20);
    const interval = hazardModel(fittedOf(back)).evidence?.interval(journey, [1], 'everything');
    expect([interval?.low, interval?.high].every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['no object', 'text'],
    ['another format', { ...toJson(snapshot), format: 2 }],
    [
      'a negative baseline',
      { ...toJson(snapshot), parameters: { ...toJson(snapshot.parameters), baseline: -1 } },
    ],
    ['a member too many', { ...toJson(snapshot), extra: 1 }],
  ])('is refused as %s, with its place', (_, json) => {
    expect(() => parseSnapshot(json, 'fit 12ab')).toThrow('The fit cannot be read');
  });
});

describe('drift', () => {
  it('has the stability index of its definition', () => {
    const [p, q] = [100.5 / 201, 150.5 / 201];
    const exact = (q - p) * Math.log(q / p) + (p - q) * Math.log((1 - q) / (1 - p));
    expect(stabilityIndex([100, 100], [150, 50])).toBeCloseTo(exact, 12);
    expect(stabilityIndex([7, 3], [7, 3])).toBe(0);
    expect(Number.isFinite(stabilityIndex([10, 0], [0, 10]))).toBe(true);
  });

  it('is not seen between two samples of one world', () => {
    const { alarm, findings } = driftBetween(snapshot, make('A', 2));
    expect(alarm).toBe(false);
    expect(findings.every(({ level }) => level === 'steady')).toBe(true);
  });

  it('alarms when the mix of channels is another', () => {
    const other = snapshot.shares.map((one) => ({
      ...one,
      touches: one.channel === 'chat' ? 20_000 : one.touches,
    }));
    const { alarm, findings } = driftBetween(snapshot, { ...snapshot, shares: other });
    expect(alarm).toBe(true);
    expect(findings[0]).toMatchObject({ what: 'channel mix', level: 'alarm' });
    expect(findings[0]?.words).toContain('chat moved most');
  });

  it('alarms when what a channel does is another, and not for noise', () => {
    const moved = (by: number, error: number) => ({
      ...snapshot,
      shares: snapshot.shares.map((one) =>
        one.channel === 'search' ? { ...one, share: one.share + by, error } : one,
      ),
    });
    expect(driftBetween(snapshot, moved(0.3, 0.01)).findings[0]).toMatchObject({
      what: 'share of search',
      level: 'alarm',
    });
    expect(driftBetween(snapshot, moved(0.3, 0.5)).alarm).toBe(false);
  });

  it('alarms when people convert twice as often', () => {
    const counts = { ...snapshot.counts, conversions: snapshot.counts.conversions * 2 };
    expect(driftBetween(snapshot, { ...snapshot, counts }).findings[0]).toMatchObject({
      what: 'conversion rate',
      level: 'alarm',
    });
  });

  it('says a channel that came or went', () => {
    const { findings } = driftBetween(snapshot, {
      ...snapshot,
      shares: [...snapshot.shares, { channel: 'fair', touches: 9_000, share: 0.2, error: 0.01 }],
    });
    const fair = findings.find(({ what }) => what === 'share of fair');
    expect(fair).toMatchObject({ level: 'alarm' });
    expect(fair?.words).toContain('from 0.0 % to 20.0 %');
  });
});
