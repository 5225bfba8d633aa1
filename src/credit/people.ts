/** Where a deal has its people from, in words. */

/** `crowd`: its account has too many for all of them to be the deal's. */
export type PeopleFrom = 'roles' | 'account' | 'nobody' | 'crowd';

/** What the deal is told in place of a reason; undefined: there are people. */
export const noPeopleReason: Readonly<Partial<Record<PeopleFrom, string>>> = {
  nobody: 'No people are tied to this deal, so no chat can be credited.',
  crowd:
    'No people are tied to this deal, and its account has too many for all of them to be meant: no chat is credited.',
};

/** Said beside the credit. */
export const peopleNote: Readonly<Partial<Record<PeopleFrom, string>>> = {
  account: ' No people are tied to this deal; those of its account count.',
};
