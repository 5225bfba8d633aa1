/** Whether the world, or what is believed of it, has changed between two fits. */
import type { HazardSnapshot } from './snapshot.ts';

/** What drift is seen in: any model's fit that keeps these. */
export interface Drifting extends Pick<HazardSnapshot, 'counts' | 'shares'> {
  /**
   * Of a fit that was drawn: how many independent draws its shares are worth. Other draws of the same data would give
   * other shares by as much as that.
   */
  readonly draws?: number;
}

export interface DriftSettings {
  /**
   * Population stability index of the channel mix: below the first it is the same population, above the second it
   * is another (the customary 0.1 and 0.25; Siddiqi 2006).
   */
  readonly mix: { readonly moved: number; readonly alarm: number };
  /** By how much a channel's share may move beyond chance, in points of 1. */
  readonly share: { readonly moved: number; readonly alarm: number };
  /** By which factor conversions per watched day may move beyond chance. */
  readonly rate: { readonly moved: number; readonly alarm: number };
}

export const usualDrift: DriftSettings = {
  mix: { moved: 0.1, alarm: 0.25 },
  share: { moved: 0.02, alarm: 0.1 },
  rate: { moved: 1.2, alarm: 1.5 },
};

export type DriftLevel = 'steady' | 'moved' | 'alarm';

export interface DriftFinding {
  readonly what: string;
  readonly level: DriftLevel;
  /** One sentence with the numbers. */
  readonly words: string;
}

export interface DriftReport {
  /** True: a person should look before the new fit credits deals. */
  readonly alarm: boolean;
  /** The most serious first. */
  readonly findings: readonly DriftFinding[];
}

/** @param before the fit that credits deals, `after` the new one; channels may come and go between them */
export function driftBetween(
  before: Drifting,
  after: Drifting,
  settings: DriftSettings = usualDrift,
): DriftReport {
  const findings = [
    mixDrift(before, after, settings),
    rateDrift(before, after, settings),
    ...shareDrift(before, after, settings),
  ].sort((one, other) => seriousness.indexOf(other.level) - seriousness.indexOf(one.level));
  return { alarm: findings.some(({ level }) => level === 'alarm'), findings };
}

const seriousness: readonly DriftLevel[] = ['steady', 'moved', 'alarm'];

function levelOf(amount: number, { moved, alarm }: { moved: number; alarm: number }): DriftLevel {
  if (amount >= alarm) return 'alarm';
  return amount >= moved ? 'moved' : 'steady';
}

/** Σ (q − p) ln(q / p) over channels. Half a touch is added everywhere, so that a channel may come or go. */
export function stabilityIndex(before: readonly number[], after: readonly number[]): number {
  const part = (counts: readonly number[], index: number) =>
    ((counts[index] ?? 0) + 0.5) / (counts.reduce((sum, count) => sum + count, 0) + counts.length / 2);
  return before.reduce((sum, _, index) => {
    const p = part(before, index);
    const q = part(after, index);
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}

function mixDrift(before: Drifting, after: Drifting, { mix }: DriftSettings): DriftFinding {
  const names = namesOf(before, after).filter((name) => name !== 'baseline');
  const touches = (snapshot: Drifting) => names.map((name) => find(snapshot, name)?.touches ?? 0);
  const index = stabilityIndex(touches(before), touches(after));
  const part = (snapshot: Drifting, name: string) =>
    (find(snapshot, name)?.touches ?? 0) / Math.max(snapshot.counts.touches, 1);
  const moves = names.map((name) => ({ name, from: part(before, name), to: part(after, name) }));
  const [most] = moves.sort((one, other) => Math.abs(other.to - other.from) - Math.abs(one.to - one.from));
  return {
    what: 'channel mix',
    level: levelOf(index, mix),
    words: most
      ? `The mix of channels has a stability index of ${index.toFixed(3)}; ${most.name} moved most, from ${percent(most.from)} to ${percent(most.to)} of all touches.`
      : 'There are no touches.',
  };
}

function rateDrift(before: Drifting, after: Drifting, { rate }: DriftSettings): DriftFinding {
  const perDay = ({ counts }: Drifting) => counts.conversions / counts.days;
  const log = Math.log(perDay(after) / perDay(before));
  const error = Math.sqrt(1 / before.counts.conversions + 1 / after.counts.conversions);
  const beyond = Math.exp(Math.max(0, Math.abs(log) - errors * error));
  return {
    what: 'conversion rate',
    level: levelOf(beyond, rate),
    words: `1,000 people had ${thousand(perDay(before))} conversions a day before and ${thousand(perDay(after))} now.`,
  };
}

/** Chance alone moves a share by more than this many standard errors one time in 370. */
const errors = 3;

function shareDrift(before: Drifting, after: Drifting, settings: DriftSettings): DriftFinding[] {
  return namesOf(before, after).map((name) => {
    const from = find(before, name);
    const to = find(after, name);
    const error = Math.hypot(from?.error ?? 0, to?.error ?? 0);
    const move = (to?.share ?? 0) - (from?.share ?? 0);
    return {
      what: `share of ${name}`,
      level: levelOf(Math.abs(move) - errors * error, settings.share),
      words: `The share of ${name} went from ${percent(from?.share ?? 0)} to ${percent(to?.share ?? 0)}; chance alone moves it by ${percent(error)}.`,
    };
  });
}

function find({ shares }: Drifting, name: string): Drifting['shares'][number] | undefined {
  return shares.find(({ channel }) => channel === name);
}

function namesOf(before: Drifting, after: Drifting): string[] {
  return [...new Set([...before.shares, ...after.shares].map(({ channel }) => channel))];
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function thousand(rate: number): string {
  return (rate * 1_000).toPrecision(3);
}
