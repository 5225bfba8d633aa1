/** Checks of bad days at the vendor: waited out where that helps, told where it does not, stopped when asked. */
import assert from 'node:assert/strict';
import type { InjectedFault } from '../../emulators/loopback/contract.ts';
import { textResponse } from '../connector/response.ts';
import { collect } from './bench.ts';
import { type Check, connectorCheck, streamCheck } from './check.ts';
import { complete, eachOnce } from './expect.ts';
import { longAgo, twoPagesAndMore } from './story.ts';

const forever = 1000;

const waitedOut: readonly { readonly name: string; readonly faults: readonly InjectedFault[] }[] = [
  { name: 'throttling is waited out', faults: [{ what: 'throttle', times: 2, after: 1 }] },
  { name: 'server errors are waited out', faults: [{ what: 'server-error', times: 2, after: 1 }] },
  { name: 'a proxy’s HTML page is waited out', faults: [{ what: 'html', times: 2, after: 1 }] },
  {
    name: 'an answer that stops in the middle is asked for again',
    faults: [{ what: 'truncated', times: 2, after: 1 }],
  },
  {
    name: 'lost connections are made again',
    faults: [
      { what: 'drop', times: 1 },
      { what: 'lost-answer', times: 1, after: 1 },
    ],
  },
];

export const outageChecks: readonly Check[] = [
  ...waitedOut.map(({ name, faults }) =>
    streamCheck(name, async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      await bench.check();
      const calm = await bench.requestsOf(() => bench.read(stream.object));
      for (const fault of faults) bench.emulator.faults.inject(fault);
      const stormy = await bench.requestsOf(async () => {
        eachOnce((await bench.read(stream.object)).records, ids);
      });
      assert(stormy > calm, 'no request met the fault: this proves nothing');
    }),
  ),

  streamCheck('an answer that does not come in time is asked for again', async (bench, stream) => {
    const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
    await bench.check();
    bench.emulator.faults.inject({ what: 'slow', times: 1, delayMs: 60_000 });
    const connection = bench.connect({ timeoutMs: 500 });
    eachOnce((await collect(bench.pull(connection, stream.object))).records, ids);
  }),

  streamCheck('a long outage is told, and the next run goes on from the last page', async (bench, stream) => {
    const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
    const first = await bench.read(stream.object, null, 1);
    bench.emulator.faults.inject({ what: 'server-error', times: forever });
    await bench.fault(() => bench.read(stream.object, first.checkpoint), 'unavailable');
    bench.emulator.faults.clear();
    const rest = await bench.read(stream.object, first.checkpoint);
    complete([...first.records, ...rest.records], ids);
  }),

  streamCheck(
    'a spent day is told with its time, and the next day goes on from the last page',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const first = await bench.read(stream.object, null, 1);
      bench.emulator.faults.inject({ what: 'daily-limit', times: forever });
      const fault = await bench.fault(() => bench.read(stream.object, first.checkpoint), 'throttled');
      assert(fault.retryAfterMs !== undefined, 'the fault does not say how long to wait');
      bench.emulator.faults.clear();
      bench.clock.advance(fault.retryAfterMs);
      const rest = await bench.read(stream.object, first.checkpoint);
      complete([...first.records, ...rest.records], ids);
    },
  ),

  connectorCheck(
    'a wait until a date is counted from the vendor’s time',
    ({ connector }) => connector,
    async (bench, { fault }) => {
      const now = Date.UTC(2020, 1, 29, 23, 59, 30);
      const headers = {
        'retry-after': new Date(now + 90_000).toUTCString(),
        'content-type': 'application/json',
      };
      for (const status of [429, 503]) {
        const request = { method: 'GET', url: `${bench.emulator.url}/` } as const;
        const answer = textResponse(status, headers, '{"code":"BUSY","message":"come later"}', 'GET /');
        const told = fault(answer, { now, request });
        assert.equal(told?.retryAfterMs, 90_000, `of an answer ${status}`);
      }
    },
  ),

  streamCheck(
    'cancelling between two pages ends the reading with its reason and no further call',
    async (bench, stream) => {
      twoPagesAndMore(bench, stream, longAgo(bench));
      const cancel = new AbortController();
      const reading = bench.pull(bench.connect({ signal: cancel.signal }), stream.object);
      await reading.next();
      cancel.abort(new Error('stopped by a person'));
      const calls = await bench.callsOf(() =>
        assertStops(async () => {
          await reading.next();
          await reading.next();
        }),
      );
      assert.equal(calls, 0, `${calls} calls were made after cancelling`);
    },
  ),

  streamCheck(
    'cancelling in the middle of a call ends it at once, and leaves nothing behind',
    async (bench, stream) => {
      twoPagesAndMore(bench, stream, longAgo(bench));
      const cancel = new AbortController();
      const connection = bench.connect({ signal: cancel.signal });
      await bench.check(connection);
      bench.emulator.faults.inject({ what: 'slow', times: 1, delayMs: 60_000 });
      const stray = await strayRejections(async () => {
        const reading = collect(bench.pull(connection, stream.object));
        const stop = () => cancel.abort(new Error('stopped by a person'));
        const soon = setTimeout(stop, 100);
        try {
          await assertStops(() => reading);
        } finally {
          // What a connector let go of is stopped while somebody still looks, also if the reading ended before.
          clearTimeout(soon);
          stop();
        }
      });
      assert.deepEqual(stray, [], 'a promise was rejected and nobody was listening');
    },
  ),
];

/** Ending quietly would look like having caught up. */
async function assertStops(work: () => Promise<unknown>): Promise<void> {
  await assert.rejects(work, /stopped by a person|abort/i, 'the reading ended as if it had caught up');
}

/** Rejections that nobody listened to while `work` ran; others who wait for such are kept out meanwhile. */
async function strayRejections(work: () => Promise<void>): Promise<unknown[]> {
  const stray: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => stray.push(reason));
  try {
    await work();
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
  return stray;
}
