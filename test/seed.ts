/**
 * The same inputs in every run, so that a red build says that a change broke something. New inputs are looked for by
 * `npm run explore`, as often as one likes: a failure there prints its seed, and its input becomes a test of its own.
 */
import fc from 'fast-check';

const isExploring = process.env.EXPLORE !== undefined;

fc.configureGlobal(isExploring ? {} : { seed: 20_261_201 });
