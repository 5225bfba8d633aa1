/** Systems that are solved side by side: they share the links, and reading the links is what costs. */
export const lanes = 4;

/** All lanes of a state blocked. */
export const allLanes = 0b1111;
