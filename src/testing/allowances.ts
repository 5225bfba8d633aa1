/** Checks of what a connector says of its allowances. */
import assert from 'node:assert/strict';
import { isZone } from '../support/zones.ts';
import { type Check, connectorCheck } from './check.ts';

export const allowanceChecks: readonly Check[] = [
  connectorCheck(
    'limits can be kept: something is left in each pool, and the day ends somewhere',
    ({ connector }) => connector,
    async (bench, connector) => {
      const { pools, reserve, daily } = connector.limits(connector.config.parse(bench.emulator.config));
      assert(reserve >= 0 && reserve < 1, `the reserve is ${reserve}, which leaves nothing`);
      assert(pools.default, 'there is no pool "default" for requests that name none');
      for (const [name, { requests, perMs, concurrency }] of Object.entries(pools))
        assert(Math.min(requests, perMs, concurrency) > 0, `nobody can use the pool "${name}"`);
      if (daily === undefined) return;
      assert(daily.calls > 0, `the day has ${daily.calls} calls`);
      assert(daily.zone === undefined || isZone(daily.zone), `"${daily.zone}" is not a time zone`);
    },
  ),
];
