/** Too few conversions for a data-driven model: the configured rule credits deals, and says why. */
import type { Model } from '../model.ts';

/**
 * A model under the name of the data-driven one that splits by the rule, and says so with every touch.
 *
 * @param conversions those that there are
 * @param least those that the admin asks for
 */
export function ruleInstead(
  { id, title }: Pick<Model, 'id' | 'title'>,
  rule: Model,
  conversions: number,
  least: number,
): Model {
  const why = `${conversions} conversions are too few for this data-driven model, which needs ${least}, so the rule "${rule.title}" decides`;
  return {
    id,
    title,
    definition: `${why}: ${rule.definition}`,
    version: rule.version,
    split: (journey) => {
      const split = rule.split(journey);
      return { ...split, reason: (index) => `${why}. ${split.reason(index)}` };
    },
  };
}
