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
  /** Worlds with twists only. */
  readonly twists?: ChannelTwists;
}

/** What makes a channel of another kind than any model here supposes. */
export interface ChannelTwists {
  /** The effect rises with this time constant, days, before it fades. */
  readonly onsetDays?: number;
  /** Many touches at work together do as much as this many at the most. */
  readonly enough?: number;
  /** More touches than this in the last 7 days halve what all of them do. */
  readonly tiresAfter?: number;
  /** Does this many times as much while the person was met by the other channel in the last 7 days. */
  readonly together?: { readonly other: string; readonly factor: number };
  /** Comes only once the person was met by another channel, as a call of sales does. */
  readonly follows?: true;
}

export interface ScenarioTwists {
  /** Rates of touches and of conversions on Saturdays and Sundays, as a part of those of other days. */
  readonly weekend?: number;
  /** Degrees of freedom of the t distribution that intent has; none: normal. */
  readonly tails?: number;
  /** Kinds of people, each as often as its part says. */
  readonly segments?: readonly Segment[];
}

export interface Segment {
  readonly part: number;
  /** Times the half-lives, and times the baseline, of the scenario. */
  readonly halfLives: number;
  readonly baseline: number;
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
  readonly combine: 'additive' | 'multiplicative' | 'twisted';
  /** Worlds with twists only. */
  readonly twists?: ScenarioTwists;
  /** A lead score is written: intent plus normal noise of this standard deviation. */
  readonly scoreNoise?: number;
  readonly channels: readonly SimulatedChannel[];
}

export const scenarioIds = ['A', 'B', 'C', 'D', 'E'] as const;
export type ScenarioId = (typeof scenarioIds)[number];

type Row = readonly [name: string, rate: number, effect: number, halfLifeDays: number, chases: number];
type TwistedRow = readonly [...Row, twists: ChannelTwists];

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

/** Nothing here is of a model's kind: touches need time, sate, tire, and weeks have ends. */
const tiring: readonly TwistedRow[] = [
  ['display', 0.06, 0.0015, 2, 0, { enough: 2 }],
  ['social', 0.03, 0.004, 3, 0, { enough: 2, onsetDays: 1 }],
  ['email', 0.06, 0.008, 4, 0, { tiresAfter: 1 }],
  ['search', 0.015, 0.018, 1, 0, {}],
  ['chat', 0.01, 0.035, 6, 0, { enough: 2 }],
  ['event', 0.002, 0.05, 10, 0, { onsetDays: 7 }],
];

/** Nor here: channels help each other, a few people want it badly, kinds of people differ, and sales calls those who do. */
const entangled: readonly TwistedRow[] = [
  ['display', 0.05, 0.0012, 2, 0, {}],
  ['social', 0.03, 0.003, 3, 0.3, {}],
  ['email', 0.035, 0.005, 4, 0, { together: { other: 'event', factor: 3 } }],
  ['search', 0.015, 0.016, 1, 0.7, {}],
  ['chat', 0.008, 0.03, 6, 0.5, { together: { other: 'search', factor: 2.5 } }],
  ['event', 0.002, 0.03, 12, 0.3, {}],
  ['call', 0.02, 0, 1, 0.9, { follows: true }],
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
  D: {
    id: 'D',
    title: 'touches need time, sate and tire, and weeks have ends',
    windowDays: 60,
    baseline: 0.0004,
    intent: 0,
    combine: 'twisted',
    twists: { weekend: 0.3 },
    channels: tiring.map(twisted),
  },
  E: {
    id: 'E',
    title:
      'channels help each other, intent has a heavy tail, kinds of people differ, sales calls who wants it',
    windowDays: 60,
    baseline: 0.0004,
    intent: 0.8,
    combine: 'twisted',
    twists: {
      tails: 4,
      segments: [
        { part: 0.7, halfLives: 0.7, baseline: 0.8 },
        { part: 0.3, halfLives: 2.5, baseline: 1.5 },
      ],
    },
    scoreNoise: 0.8,
    channels: entangled.map(twisted),
  },
};

function channel([name, rate, effect, halfLifeDays, chases]: Row): SimulatedChannel {
  return { name, rate, effect, halfLifeDays, chases };
}

function twisted([name, rate, effect, halfLifeDays, chases, twists]: TwistedRow): SimulatedChannel {
  return { ...channel([name, rate, effect, halfLifeDays, chases]), twists };
}
