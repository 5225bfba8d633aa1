/** Shapley values of a game: exact while all coalitions can be taken, sampled with a stated error beyond. */
import { mostExactPlayers, shapleyExact } from './exact.ts';
import type { Game } from './games.ts';
import { type SampledShapley, type Sampling, shapleySampled } from './sampled.ts';

/** Errors are 0 where the values are exact. */
export function shapleyValues({ channels, worth }: Game, sampling: Sampling): SampledShapley {
  const players = channels.length;
  if (players > mostExactPlayers) return shapleySampled(players, worth, sampling);
  const members = new Uint8Array(players);
  const values = shapleyExact(players, (coalition) => {
    for (let player = 0; player < players; player += 1) members[player] = (coalition >> player) & 1;
    return worth(members);
  });
  return { values, errors: new Float64Array(players) };
}
