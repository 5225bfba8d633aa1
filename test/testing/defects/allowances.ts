import type { Limits } from '../../../src/connector/contract/limits.ts';
import { toy } from '../toy/connector.ts';
import type { Defect, Toy } from './sabotage.ts';

const kept = 'limits can be kept: something is left in each pool, and the day ends somewhere';

export const allowanceDefects: readonly Defect[] = [
  {
    name: 'names the zone of its day as people do',
    toy: limited({ daily: { calls: 1_000, zone: 'Central' } }),
    caughtBy: [kept],
  },
  { name: 'leaves everything to other apps', toy: limited({ reserve: 1 }), caughtBy: [kept] },
  {
    name: 'has a pool that lets nobody in',
    toy: limited({ pools: { slow: { requests: 1, perMs: 1, concurrency: 0 } } }),
    caughtBy: [kept],
  },
];

function limited(change: Partial<Limits>): Toy {
  return { ...toy, limits: (config) => ({ ...toy.limits(config), ...change }) };
}
