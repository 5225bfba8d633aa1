/** Credit by removal effects: Anderl, Becker, von Wangenheim, Schumann, "Mapping the customer journey", 2016. */
import type { ChannelCredit } from '../credit.ts';
import type { Chain } from './chain.ts';
import { removalEffects } from './removal.ts';

/**
 * Each channel's part of the conversions and of their value, in proportion to the removal effects; channels by name.
 * All zero where nothing converted; else they sum to what there is.
 */
export function markovCredit(chain: Chain): ChannelCredit[] {
  const effects = removalEffects(chain);
  const total = sum(chain.conversions);
  const value = sum(chain.values);
  const all = sum(effects.conversions);
  const allValues = sum(effects.values);
  return chain.channels.map((channel, index) => ({
    channel,
    conversions: all > 0 ? ((effects.conversions[index] ?? 0) / all) * total : 0,
    value: allValues > 0 ? ((effects.values[index] ?? 0) / allValues) * value : 0,
    removalEffect: effects.conversions[index] ?? 0,
    removalEffectOnValue: effects.values[index] ?? 0,
  }));
}

function sum(numbers: Float64Array): number {
  return numbers.reduce((all, number) => all + number, 0);
}
