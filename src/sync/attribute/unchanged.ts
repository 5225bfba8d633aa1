/** Which models make of the same facts what they made of them under earlier settings and fits. */
import type { UnchangedSince } from '../../store/contract/credits.ts';
import { canonicalJson } from '../../support/fingerprint.ts';
import { computedBy } from '../computed-by.ts';
import { type Keeper, keptStanding } from '../standing.ts';
import type { ModelSet } from './models.ts';

/** A rule has changed with any setting: there are few such edits, and each is rare. */
export function unchangedSince(store: Keeper, { models, standing }: ModelSet): UnchangedSince {
  return async (rules) => {
    const then = await keptStanding(store, rules);
    const isAlike =
      then?.computedBy === computedBy.attribute &&
      canonicalJson(then.settings) === canonicalJson(standing.settings);
    const alike = isAlike ? models.filter(({ id }) => then.fits[id] === standing.fits[id]) : [];
    return new Set(alike.map(({ id }) => id));
  };
}
