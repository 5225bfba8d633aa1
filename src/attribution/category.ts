/**
 * Categories among covariates, such as the industry of a company. A model knows numbers alone, so each frequent category
 * is a covariate of its own: 1 for those of it, 0 for all others of whom it is known.
 */

const sign = ' = ';

/** `Organization.industry = Retail` */
export function categoryName(field: string, value: string): string {
  return `${field}${sign}${value}`;
}

/** Null for a covariate that is no category. */
export function categoryIn(name: string): { readonly field: string; readonly value: string } | null {
  const at = name.indexOf(sign);
  return at < 0 ? null : { field: name.slice(0, at), value: name.slice(at + sign.length) };
}

/**
 * What is known of a covariate, undefined where nothing is. Of a category that is not among what is known: 0 where it is
 * known that there is another, see `covariatesOf` of the journey.
 */
export function knownOf(
  known: Readonly<Record<string, number>> | undefined,
  name: string,
): number | undefined {
  const own = known?.[name];
  if (own !== undefined) return own;
  const category = categoryIn(name);
  return category && known?.[category.field] !== undefined ? 0 : undefined;
}
