/** Checks of credentials and tokens. */
import assert from 'node:assert/strict';
import { type Bench, collect } from './bench.ts';
import { type Check, connectorCheck, streamCheck } from './check.ts';
import { complete, eachOnce } from './expect.ts';
import { longAgo, twoPagesAndMore } from './story.ts';
import type { ConformanceSubject, StreamSubject } from './subject.ts';

const renews = (_: StreamSubject, subject: ConformanceSubject) => subject.signIn.renews !== false;
const fixed = (_: StreamSubject, subject: ConformanceSubject) => subject.signIn.renews === false;

export const signInChecks: readonly Check[] = [
  connectorCheck(
    'good credentials are recognised, and the account is named',
    () => true,
    async (bench) => {
      const { account, missingPermissions } = await bench.check();
      assert(account.trim() !== '', 'the account has no name');
      assert.deepEqual(missingPermissions, []);
    },
  ),

  connectorCheck(
    'bad credentials are told apart from everything else',
    ({ signIn }) => signIn.bad,
    async (bench, bad) => {
      for (const { name, config } of bad) {
        const connection = bench.connect({ config: config(bench.emulator.config) });
        const fault = await bench.fault(() => bench.check(connection), 'unauthorized');
        assert(fault.message.length > 10, `nothing is said about the bad ${name}`);
      }
    },
  ),

  connectorCheck(
    'a missing permission is named',
    ({ signIn }) => signIn.missing,
    async (bench, { permission }) => {
      const { missingPermissions } = await bench.check();
      assert(
        missingPermissions.includes(permission),
        `missing: ${missingPermissions.join(', ') || 'nothing'}`,
      );
    },
    ({ knobs }) => knobs,
  ),

  connectorCheck(
    'a vendor who refuses every token is not asked for ever',
    ({ streams }) => streams[0],
    async (bench, { object }) => {
      await bench.check();
      bench.emulator.faults.inject({ what: 'unauthorized', times: 1000 });
      const calls = await bench.requestsOf(() => bench.fault(() => bench.read(object), 'unauthorized'));
      assert(calls <= 4, `${calls} requests were made`);
    },
  ),

  connectorCheck(
    'one dead token leads to one sign-in, however many calls met it',
    ({ signIn }) => (signIn.renews === false ? undefined : true),
    async (bench) => {
      const once = await signInsOf(bench, () => bench.check());
      bench.emulator.expireTokens();
      const connections = [bench.connect(), bench.connect(), bench.connect()];
      const many = connections.flatMap((connection) => [1, 2, 3, 4].map(() => bench.check(connection)));
      const again = await signInsOf(bench, () => Promise.all(many));
      assert.equal(again, once, `${again} requests to sign in where ${once} would do`);
    },
  ),

  streamCheck(
    'a token that dies in the middle of a reading is replaced',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const reading = bench.pull(bench.connect(), stream.object);
      const first = await reading.next();
      bench.emulator.expireTokens();
      const rest = await collect(reading);
      eachOnce([...(first.done === true ? [] : first.value.records), ...rest.records], ids);
    },
    renews,
  ),

  streamCheck(
    'a key that dies in the middle of a reading is told, and a new one goes on from the last page',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const config = bench.emulator.config;
      const first = await bench.read(stream.object, null, 1);
      bench.emulator.expireTokens();
      const dead = bench.connect({ config });
      await bench.fault(() => collect(bench.pull(dead, stream.object, first.checkpoint)), 'unauthorized');
      const rest = await bench.read(stream.object, first.checkpoint);
      complete([...first.records, ...rest.records], ids);
    },
    fixed,
  ),
];

async function signInsOf(bench: Bench, work: () => Promise<unknown>): Promise<number> {
  const uncounted = () => bench.emulator.requests.entries.filter(({ counted }) => !counted).length;
  const before = uncounted();
  await work();
  return uncounted() - before;
}
