/** Markov chains as the hub fits them: how much each channel matters, by its removal effect. */
import type { Observations } from '../../attribution/hazard/observations.ts';
import { Channels } from '../../attribution/journeys/channels.ts';
import { chainOf } from '../../attribution/markov/chain.ts';
import { TransitionCounts } from '../../attribution/markov/counts.ts';
import { markovCredit } from '../../attribution/markov/credit.ts';
import { Random } from '../../attribution/random.ts';
import { channelWeightModel } from './channelWeights.ts';
import type { Check, FittedKind } from './kind.ts';
import { mixOf } from './mix.ts';
import { plainJson, snapshotOf } from './snapshot.ts';

interface MarkovSnapshot {
  readonly channels: readonly string[];
  /** Removal effects as parts of their sum, by channel; below, one row for each resample. */
  readonly weights: readonly number[];
  readonly resamples: readonly (readonly number[])[];
  readonly conversions: number;
}

export function markovKind(order: number): FittedKind {
  const id = `markov:${order}`;
  const title = `The Markov chain of order ${order}`;
  return {
    id,
    title,
    train: (observations, { resamples, seed, lookbackDays }) => {
      const { channels } = observations;
      const journeys = journeysOf(observations, lookbackDays);
      const weights = weightsOf(channels, journeys, order);
      const rows = Array.from({ length: resamples }, (_, index) =>
        weightsOf(channels, journeys, order, new Random(seed, index)),
      );
      const conversions = journeys.filter(({ converted }) => converted).length;
      return {
        snapshot: plainJson({ channels, weights, resamples: rows, conversions } satisfies MarkovSnapshot),
        shares: Object.fromEntries(channels.map((name, channel) => [name, weights[channel] ?? 0])),
        mix: mixOf(observations),
        figures: { journeys: journeys.length, converted: conversions },
        checks: [bothOutcomes(conversions, journeys.length)],
      };
    },
    model: ({ version, snapshot }) => {
      const definition = `Each channel of the journey counts by its removal effect: what share of the won deals a chain of order ${order} loses without it. Its touches share that.`;
      return channelWeightModel({ id, title, definition, version }, snapshotOf<MarkovSnapshot>(snapshot));
    },
  };
}

function bothOutcomes(converted: number, journeys: number): Check {
  const passed = converted > 0 && converted < journeys;
  const words = `Of ${journeys} journeys ${converted} converted${passed ? '' : ': there is nothing to compare'}.`;
  return { name: 'journeys with both outcomes', passed, words };
}

interface FittedJourney {
  readonly touches: Int32Array;
  readonly converted: boolean;
}

/** Touches in the lookback window before each prospect's end; prospects without any are no journeys. */
function journeysOf(
  { starts, channel, time, end, converted }: Observations,
  lookbackDays: number,
): FittedJourney[] {
  const journeys: FittedJourney[] = [];
  for (let prospect = 0; prospect < end.length; prospect += 1) {
    const to = starts[prospect + 1] ?? 0;
    let from = starts[prospect] ?? 0;
    while (from < to && (time[from] ?? 0) <= (end[prospect] ?? 0) - lookbackDays) from += 1;
    if (from < to) journeys.push({ touches: channel.slice(from, to), converted: converted[prospect] === 1 });
  }
  return journeys;
}

/** With chance, every journey counts a Poisson(1) number of times (Poisson bootstrap). */
function weightsOf(
  names: readonly string[],
  journeys: readonly FittedJourney[],
  order: number,
  chance?: Random,
): number[] {
  const channels = new Channels();
  for (const name of names) channels.id(name);
  const counts = new TransitionCounts(channels, order);
  for (const { touches, converted } of journeys) {
    const times = chance ? poisson(chance) : 1;
    if (times > 0) counts.add(touches, touches.length, converted ? times : 0, converted ? 0 : times, 0, 0);
  }
  const credit = new Map(markovCredit(chainOf(counts)).map((one) => [one.channel, one.conversions]));
  const all = [...credit.values()].reduce((sum, one) => sum + one, 0);
  return names.map((name) => (all > 0 ? (credit.get(name) ?? 0) / all : 0));
}

/** Mean 1 (Knuth's product of uniforms). */
function poisson(chance: Random): number {
  let count = 0;
  for (let product = chance.uniform(); product > Math.exp(-1); product *= chance.uniform()) count += 1;
  return count;
}
