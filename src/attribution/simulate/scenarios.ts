/**
 * Worlds whose causes are known. Rates, effects and half-lives are of the size that web teams report; what matters
 * is that the loudest channel (display) does little and quiet ones (chat, event) do much.
 */
export interface SimulatedChannel {
  readonly name: string;
  /** Touches per person and day. */
  readonly rate: number;
  /** Additive worlds: conversions that a touch brings in the long run. Multiplicative: log of its first factor. */
  readonly effect: number;
  /** Days after which half of the effect is gone. */
  readonly halfLifeDays: number;
  /** How strongly the channel chases intent: its rate is multiplied by exp(g z − g²/2). */
  readonly chases: number;
}

export interface Scenario {
  readonly id: ScenarioId;
  readonly title: string;
  readonly windowDays: number;
  /** Conversions per day without any touch. */
  readonly baseline: number;
  /** How strongly intent moves the baseline: it is multiplied by exp(b z − b²/2), z standard normal per person. */
  readonly intent: number;
  /** How touches add up. */
  readonly combine: 'additive' | 'multiplicative';
  /** A lead score is written: intent plus normal noise of this standard deviation. */
  readonly scoreNoise?: number;
  readonly channels: readonly SimulatedChannel[];
}

export const scenarioIds = ['A', 'B', 'C'] as const;
export type ScenarioId = (typeof scenarioIds)[number];

type Row = readonly [name: string, rate: number, effect: number, halfLifeDays: number, chases: number];

const additive: readonly Row[] = [
  ['display', 0.05, 0.0012, 2, 0],
  ['social', 0.03, 0.003, 3, 0],
  ['email', 0.035, 0.005, 4, 0],
  ['search', 0.015, 0.018, 1, 0],
  ['chat', 0.008, 0.035, 6, 0],
  ['event', 0.0015, 0.03, 14, 0],
];

const intentDriven: readonly Row[] = [
  ['display', 0.05, 0.0012, 2, 0],
  ['social', 0.03, 0.003, 3, 0.4],
  ['email', 0.035, 0.005, 4, 0],
  ['search', 0.015, 0.018, 1, 1],
  ['chat', 0.008, 0.035, 6, 0.8],
  ['event', 0.0015, 0.03, 14, 0.6],
];

const multiplicative: readonly Row[] = [
  ['display', 0.05, 0.4, 2, 0],
  ['social', 0.03, 0.5, 3, 0],
  ['email', 0.035, 0.7, 4, 0],
  ['search', 0.015, 1.6, 1, 0],
  ['chat', 0.008, 1.4, 6, 0],
  ['event', 0.0015, 1.2, 14, 0],
];

export const scenarios: Readonly<Record<ScenarioId, Scenario>> = {
  A: {
    id: 'A',
    title: 'touches add to the rate, nobody chases intent',
    windowDays: 60,
    baseline: 0.00036,
    intent: 0,
    combine: 'additive',
    channels: additive.map(channel),
  },
  B: {
    id: 'B',
    title: 'touches add to the rate, some channels chase those who would buy anyway',
    windowDays: 60,
    baseline: 0.00036,
    intent: 1,
    combine: 'additive',
    scoreNoise: 0.8,
    channels: intentDriven.map(channel),
  },
  C: {
    id: 'C',
    title: 'touches multiply the rate',
    windowDays: 60,
    baseline: 0.00064,
    intent: 0,
    combine: 'multiplicative',
    channels: multiplicative.map(channel),
  },
};

function channel([name, rate, effect, halfLifeDays, chases]: Row): SimulatedChannel {
  return { name, rate, effect, halfLifeDays, chases };
}
