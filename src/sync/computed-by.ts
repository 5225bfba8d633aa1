/**
 * The hub's own part in what each stage computes. Raise a number when the same records and files come to other results
 * than before: the first start of the new version then computes that stage once more for everything there is. Credit
 * whose facts, settings and fits are as they were is not computed again without that.
 */
export const computedBy = { normalize: 5, resolve: 4, attribute: 5, push: 1 } as const;
