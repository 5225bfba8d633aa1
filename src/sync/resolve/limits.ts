/**
 * More contributions than this about one thing, by keys that identify somebody, are too many to look at at once:
 * parked, never joined.
 */
export const componentLimit = 10_000;
