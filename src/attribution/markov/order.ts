/**
 * Which order the journeys speak for: ten-fold cross-validated log-loss of "what comes next, given the last touches",
 * where next is a channel, a conversion, or the end. Every order predicts the same events, so that the losses compare.
 * A rare context leans on the next shorter one (a Dirichlet prior with that as its mean), so that a higher order
 * loses by what it cannot know and not by a zero.
 *
 * Chosen is the lowest order that no higher one beats by two standard errors over the folds (paired; in the spirit of
 * the one-standard-error rule of Breiman, Friedman, Olshen, Stone 1984). How well the data fit that were fitted says
 * nothing: by that, the highest order always wins.
 */
import type { JourneyTable } from '../journeys/table.ts';
import { countEvents, type EventCounts, type FoldCounts, folds } from './events.ts';

export interface OrderLoss {
  readonly order: number;
  /** Held-out log-loss, natural logarithm, per event. */
  readonly logLoss: number;
  /** By how much it beats order 1 per event, and the standard error of that; both 0 for order 1. */
  readonly gain: number;
  readonly error: number;
}

export interface OrderChoice {
  readonly order: number;
  readonly losses: readonly OrderLoss[];
  /** For people. */
  readonly statement: string;
}

const highestOrder = 4;
/** Weight of the shorter context in a prediction, in events. */
const priorWeight = 1;
/** How many standard errors a gain must be to count. */
const evidence = 2;

/** @param seed which journeys go to which fold */
export function chooseOrder(table: JourneyTable, seed = 1): OrderChoice {
  const orders = ordersFor(table.channels.size);
  const counts = countEvents(table, orders, seed);
  const byFold = lossesPerEvent(counts);
  const losses = byFold.map((loss, index) => ({
    order: index + 1,
    logLoss: mean(loss),
    ...gainOf(loss, byFold[0] ?? []),
  }));
  const beaten = (index: number) =>
    byFold.some((loss, other) => other > index && beats(loss, byFold[index] ?? []));
  const order = losses.find((_, index) => !beaten(index))?.order ?? 1;
  return { order, losses, statement: statementOf(order, losses) };
}

/** The highest order whose sequences can be numbered. */
function ordersFor(channels: number): number {
  let order = highestOrder;
  while (order > 1 && (channels + 3) ** (order + 1) > Number.MAX_SAFE_INTEGER) order -= 1;
  return order;
}

/** Mean held-out loss per event, by order and fold; folds without events are left out. */
function lossesPerEvent(counts: EventCounts): number[][] {
  const events = Array.from({ length: folds }, (_, fold) => counts.contexts[0]?.counts[fold] ?? 0);
  let predictions = new Float64Array(0);
  return counts.events
    .map((_, touches) => {
      predictions = predict(counts, touches, predictions);
      return lossOf(counts, touches, predictions);
    })
    .slice(1)
    .map((losses) =>
      losses.flatMap((loss, fold) => ((events[fold] ?? 0) > 0 ? [loss / (events[fold] ?? 1)] : [])),
    );
}

/**
 * The probability of each sequence's last event, for each fold from the others, leaning on one touch less. A touch
 * that all journeys of a context share tells nothing, and changes nothing.
 */
function predict(
  { events, contexts, radix, outcomes }: EventCounts,
  touches: number,
  shorter: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const counted = events[touches];
  const context = contexts[touches];
  const lower = events[touches - 1];
  if (!counted || !context) return shorter;
  const predictions = new Float64Array(counted.grams.size * folds);
  const size = radix ** touches;
  for (let place = 0; place < counted.grams.size; place += 1) {
    const gram = counted.grams.gram(place);
    const before = context.grams.place(Math.floor(gram / radix));
    const parent = lower?.grams.place(gram % size) ?? 0;
    const told = !lower || isNarrower(contexts, touches, Math.floor(gram / radix), radix);
    for (let fold = 0; fold < folds; fold += 1) {
      const mean = lower ? (shorter[parent * folds + fold] ?? 0) : 1 / outcomes;
      predictions[place * folds + fold] = told
        ? (counted.without(place, fold) + priorWeight * mean) / (context.without(before, fold) + priorWeight)
        : mean;
    }
  }
  return predictions;
}

/** Whether the context holds fewer events than the one without its oldest touch. */
function isNarrower(
  contexts: readonly FoldCounts[],
  touches: number,
  context: number,
  radix: number,
): boolean {
  const longer = contexts[touches];
  const shorter = contexts[touches - 1];
  if (!longer || !shorter) return true;
  const all = longer.total(longer.grams.place(context));
  return all < shorter.total(shorter.grams.place(context % radix ** (touches - 1)));
}

/** By fold; added up in the order of the sequences, so that the order of the journeys leaves no trace. */
function lossOf({ events }: EventCounts, touches: number, predictions: Float64Array): number[] {
  const losses = Array.from({ length: folds }, () => 0);
  const counted = events[touches];
  if (!counted) return losses;
  const { grams, counts } = counted;
  const order = Float64Array.from({ length: grams.size }, (_, place) => grams.gram(place)).sort();
  for (const gram of order) {
    const place = grams.place(gram);
    for (let fold = 0; fold < folds; fold += 1) {
      const count = counts[place * folds + fold] ?? 0;
      const prediction = predictions[place * folds + fold] ?? 1;
      if (count > 0) losses[fold] = (losses[fold] ?? 0) - count * Math.log(prediction);
    }
  }
  return losses;
}

function beats(higher: readonly number[], lower: readonly number[]): boolean {
  const { gain, error } = gainOf(higher, lower);
  return gain > evidence * error;
}

/** What `better` saves, over the folds: mean and standard error. */
function gainOf(better: readonly number[], worse: readonly number[]): { gain: number; error: number } {
  const gains = better.map((loss, fold) => (worse[fold] ?? 0) - loss);
  if (gains.length < 2) return { gain: 0, error: 0 };
  const gain = mean(gains);
  const variance = gains.reduce((all, one) => all + (one - gain) ** 2, 0) / (gains.length - 1);
  return { gain, error: Math.sqrt(variance / gains.length) };
}

function statementOf(order: number, losses: readonly OrderLoss[]): string {
  const chosen = losses[order - 1];
  if (!chosen || order === 1) return 'There is no evidence for a higher order than 1.';
  const margin = `${chosen.gain.toPrecision(3)} ± ${(evidence * chosen.error).toPrecision(2)} nats per step`;
  const higher = order < losses.length ? ' There is no evidence for a higher order.' : '';
  return `Order ${order} predicts held-out steps better than order 1, by ${margin}.${higher}`;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0) / Math.max(1, numbers.length);
}
