/**
 * Calibration: where the fit says that conversions come often, do they? The time of the held-out people is cut at
 * their touches; pieces are grouped by the rate with which they begin, and in each group the conversions that came
 * are put beside those expected. (Grouping people by what was expected of them altogether would not do: who converts
 * early had little time, and would seem to have been underrated.)
 */
import type { Observations } from '../hazard/observations.ts';
import type { HazardParameters } from '../hazard/parameters.ts';
import { type Hazard, type History, hazardOf } from '../hazard/rate.ts';
import { historyOf } from './people.ts';

export interface CalibrationGroup {
  readonly observed: number;
  readonly expected: number;
}

/** A stretch of one person's time between two touches. */
interface Piece {
  /** Conversions per day at its beginning. */
  readonly rate: number;
  readonly expected: number;
  readonly observed: number;
}

/** Groups of about equal expectation, the calmest first. */
export function calibrate(
  parameters: HazardParameters,
  observations: Observations,
  groups = 10,
): CalibrationGroup[] {
  const hazard = hazardOf(parameters);
  const pieces: Piece[] = [];
  for (const [person, converted] of observations.converted.entries())
    pieces.push(...piecesOf(hazard, historyOf(observations, person), converted));
  pieces.sort((one, other) => one.rate - other.rate);
  const whole = pieces.reduce((sum, { expected }) => sum + expected, 0);
  const sums = Array.from({ length: groups }, () => ({ observed: 0, expected: 0 }));
  let before = 0;
  for (const { expected, observed } of pieces) {
    const sum = sums[Math.min(groups - 1, Math.floor((before / whole) * groups))];
    before += expected;
    if (!sum) continue;
    sum.expected += expected;
    sum.observed += observed;
  }
  return sums;
}

/** What a channel's touches have yet to bring, fading between them: one number for all of them. */
function piecesOf(hazard: Hazard, history: History, converted: number): Piece[] {
  const baseline = hazard.baseline(history);
  const toCome = new Map<string, number>();
  const pieces: Piece[] = [];
  let age = history.days;
  for (let index = 0; index <= history.touches.length; index += 1) {
    const touch = history.touches[index];
    const until = touch?.ageDays ?? 0;
    pieces.push({
      ...fade(hazard, toCome, baseline, age - until),
      observed: touch ? 0 : converted,
    });
    age = until;
    if (touch)
      toCome.set(touch.channel, (toCome.get(touch.channel) ?? 0) + hazard.effect(touch.channel).effect);
  }
  return pieces;
}

function fade(
  hazard: Hazard,
  toCome: Map<string, number>,
  baseline: number,
  days: number,
): Pick<Piece, 'rate' | 'expected'> {
  let rate = baseline;
  let expected = baseline * days;
  for (const [channel, effect] of toCome) {
    const { halfLifeDays } = hazard.effect(channel);
    const left = effect * 2 ** (-days / halfLifeDays);
    rate += (effect * Math.LN2) / halfLifeDays;
    expected += effect - left;
    toCome.set(channel, left);
  }
  return { rate, expected };
}
