/** Markov chains as the hub fits them: how much each channel matters, by its removal effect. */
import type { Check } from '../../../attribution/fit/checks.ts';
import type { SnapshotCounts } from '../../../attribution/fit/snapshot.ts';
import type { Observations } from '../../../attribution/hazard/observations.ts';
import { Channels } from '../../../attribution/journeys/channels.ts';
import { outcomeOf } from '../../../attribution/journeys/sink.ts';
import { JourneyTable } from '../../../attribution/journeys/table.ts';
import { chainOf } from '../../../attribution/markov/chain.ts';
import { TransitionCounts } from '../../../attribution/markov/counts.ts';
import { markovCredit } from '../../../attribution/markov/credit.ts';
import { chooseOrder } from '../../../attribution/markov/order.ts';
import { Random } from '../../../attribution/random.ts';
import { canonicalJson, fingerprint } from '../../../support/fingerprint.ts';
import { channelWeightModel } from './channel-weights.ts';
import { type FittedJourney, journeysOf } from './journeys.ts';
import type { FittedKind, Trained, TrainingPlan } from './kind.ts';
import { tooFewDeals } from './lacks.ts';
import { type MarkovSnapshot, parseMarkov, sharesOf } from './markov-snapshot.ts';
import { plainJson } from './plain-json.ts';

export function markovKind(order: number): FittedKind {
  const id = `markov:${order}`;
  const title = `The Markov chain of order ${order}`;
  const definition = `Each channel of the journey counts by its removal effect: what share of the won deals a chain of order ${order} loses without it. Its touches share that.`;
  return {
    id,
    title,
    leastConversions: 200,
    train: (observations, plan) => train(id, order, observations, plan),
    open: (json, where) => {
      const snapshot = parseMarkov(json, where);
      const version = versionOf(snapshot);
      const named = { id, title: `Markov chain (order ${order})`, definition, version };
      return { model: channelWeightModel(named, snapshot), drifting: snapshot };
    },
  };
}

function train(id: string, order: number, observations: Observations, plan: TrainingPlan): Trained {
  const { channels } = observations;
  const { window, resamples, seed, minConversions } = plan;
  const journeys = journeysOf(observations, plan.lookbackDays);
  const weights = weightsOf(channels, journeys, order);
  const rows = Array.from({ length: resamples }, (_, index) =>
    weightsOf(channels, journeys, order, new Random(seed, index)),
  );
  const counts = countsOf(observations, journeys);
  const shares = sharesOf(channels, journeys, weights, rows);
  const snapshot: MarkovSnapshot = { format: 1, model: id, window, counts, seed, shares, resamples: rows };
  return {
    version: versionOf(snapshot),
    snapshot: plainJson(snapshot),
    counts: { ...counts },
    quality: plainJson(qualityOf(order, channels, journeys, seed)),
    checks: checksOf(counts.conversions, journeys.length, minConversions),
  };
}

export interface MarkovQuality {
  readonly journeys: number;
  /** Of the next step, held out, in nats; against order 1, with its standard error. Null: not to be had at this order. */
  readonly logLoss: number | null;
  readonly gain: number | null;
  readonly error: number | null;
  /** Which order the journeys speak for. */
  readonly order: string;
}

function qualityOf(
  order: number,
  names: readonly string[],
  journeys: readonly FittedJourney[],
  seed: number,
): MarkovQuality {
  const channels = new Channels();
  for (const name of names) channels.id(name);
  const table = new JourneyTable(channels);
  for (const { touches, converted } of journeys) table.add(touches, touches.length, outcomeOf(converted));
  const { losses, statement } = chooseOrder(table, seed);
  const own = losses.find((one) => one.order === order);
  const { logLoss = null, gain = null, error = null } = own ?? {};
  return { journeys: journeys.length, logLoss, gain, error, order: statement };
}

function versionOf(snapshot: MarkovSnapshot): string {
  return fingerprint(canonicalJson(plainJson(snapshot)), 16);
}

function checksOf(converted: number, journeys: number, least: number): Check[] {
  const both = converted > 0 && converted < journeys;
  return [
    {
      name: 'enough conversions',
      passed: converted >= least,
      words: `There are ${converted} conversions; ${least} are needed.`,
      lack: tooFewDeals(least),
    },
    {
      name: 'journeys with both outcomes',
      passed: both,
      words: `Of ${journeys} journeys ${converted} converted${both ? '' : ': there is nothing to compare'}.`,
    },
  ];
}

function countsOf({ end }: Observations, journeys: readonly FittedJourney[]): SnapshotCounts {
  return {
    people: end.length,
    days: end.reduce((sum, days) => sum + days, 0),
    touches: journeys.reduce((sum, { touches }) => sum + touches.length, 0),
    conversions: journeys.filter(({ converted }) => converted).length,
  };
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
    if (times > 0) counts.add(touches, touches.length, outcomeOf(converted, times));
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
