/** Shapley values of a game, exactly (Shapley 1953): every coalition once, so for few players. */

/** 2^20 coalitions are a million; each player more doubles them. */
export const mostExactPlayers = 20;

/**
 * Each player's mean contribution over all orders of joining.
 *
 * @param players at most `mostExactPlayers`
 * @param worth what a coalition is worth: bit `p` of the set says whether player `p` is in it
 */
export function shapleyExact(players: number, worth: (coalition: number) => number): Float64Array {
  if (players > mostExactPlayers) throw new RangeError(`${players} players are too many to take them all`);
  const weights = joiningWeights(players);
  const values = new Float64Array(players);
  for (let coalition = 0; coalition < 2 ** players; coalition += 1) {
    const value = worth(coalition);
    const size = bits(coalition);
    // A coalition counts for who is in it, as the last to have joined; against who is not, as the next to join.
    const joined = weights[size - 1] ?? 0;
    const joining = weights[size] ?? 0;
    for (let player = 0; player < players; player += 1)
      values[player] = (values[player] ?? 0) + ((coalition >> player) & 1 ? joined : -joining) * value;
  }
  return values;
}

/** By size of the coalition that is joined: how likely it is to be exactly the one that stands before a player. */
function joiningWeights(players: number): Float64Array {
  const weights = new Float64Array(players);
  let weight = 1 / players;
  for (let size = 0; size < players; size += 1) {
    weights[size] = weight;
    weight *= (size + 1) / (players - 1 - size);
  }
  return weights;
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest &= rest - 1) count += 1;
  return count;
}
