/** Checks of a hub whose clock is wrong: ahead, behind, or set anew in the middle. Nothing is overlooked for it. */
import assert from 'node:assert/strict';
import type { Checkpoint } from '../connector/contract/reading.ts';
import type { Json } from '../support/json.ts';
import type { Bench, Connection } from './bench.ts';
import { type Check, connectorCheck, streamCheck } from './check.ts';
import type { VirtualClock } from './clock.ts';
import { complete, latest } from './expect.ts';
import { Receiver } from './receiver.ts';
import { longAgo, settled, tell, twoPagesAndMore } from './story.ts';
import type { StreamSubject } from './subject.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Less than any tolerance for what is committed late: a wrong clock must not hide behind it. */
const second = 1_000;

/** By how much the hub's clock is ahead in one reading after another; negative: behind. */
const courses: readonly { readonly name: string; readonly ahead: readonly number[] }[] = [
  { name: 'an hour ahead once', ahead: [hour, 0] },
  { name: 'ahead all the time', ahead: [hour, hour, hour] },
  { name: 'behind all the time', ahead: [-hour, -hour, -hour] },
  { name: 'jumping back by a day', ahead: [day, -day] },
  { name: 'jumping ahead by a year', ahead: [-hour, 365 * day, 0] },
];

export const clockChecks: readonly Check[] = [
  ...courses.map(({ name, ahead }) =>
    streamCheck(`nothing is overlooked by a hub whose clock is ${name}`, async (bench, stream) => {
      tell(bench, stream, 3, () => longAgo(bench));
      let { checkpoint } = await settled(bench, stream);
      for (const shift of [...ahead, 0]) {
        const before = happen(bench, stream);
        // Longer than anything that the vendor takes to show what happened.
        bench.clock.advance(20 * minute);
        const wrong = bench.connect({ clock: shifted(bench.clock, () => shift) });
        const found = await bench.read(stream.object, checkpoint, undefined, wrong);
        assertFound(found.records, before);
        checkpoint = found.checkpoint;
      }
    }),
  ),

  streamCheck('a clock that is set anew during a reading hides no change', async (bench, stream) => {
    for (const jump of [day, -day]) {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      let ahead = 0;
      const connection = bench.connect({ clock: shifted(bench.clock, () => ahead) });
      const first = await bench.read(stream.object, null, 1, connection);
      ahead = jump;
      const rest = await bench.read(stream.object, first.checkpoint, undefined, connection);
      complete([...first.records, ...rest.records], ids);
      const happened = happen(bench, stream);
      bench.clock.advance(hour);
      assertFound((await bench.read(stream.object, rest.checkpoint)).records, happened);
    }
  }),

  streamCheck(
    'a checkpoint of a time that has not come yet is noticed, and healed',
    async (bench, stream) => {
      tell(bench, stream, 3, () => longAgo(bench));
      const { checkpoint } = await settled(bench, stream);
      const happened = happen(bench, stream);
      bench.clock.advance(10 * minute);
      // Also what rests on the stamps of old records.
      const future = later(checkpoint, 40 * day);
      const { records, checkpoint: healed } = await bench.read(stream.object, future);
      const rest = await bench.read(stream.object, healed);
      assertFound([...records, ...rest.records], happened);
    },
  ),

  streamCheck(
    'what a wrong clock reads by id is older than what is read afterwards',
    async (bench, stream) => {
      for (const ahead of [hour, -hour]) {
        const [id = ''] = tell(bench, stream, 1, () => bench.clock.now() - minute).ids;
        const stampOf = async (connection: Connection) => {
          const found = (await bench.stream(stream.object).fetch?.(connection, [id])) ?? [];
          return latest(found, id);
        };
        const live = await stampOf(bench.connect({ clock: shifted(bench.clock, () => ahead) }));
        assertNear(bench, live.readAt ?? bench.clock.now(), 'the reading');
        bench.clock.advance(second);
        if (stream.deletes === false) continue;
        bench.emulator.records.remove(stream.object, id);
        bench.clock.advance(second);
        const dead = await stampOf(bench.connect({ clock: shifted(bench.clock, () => ahead) }));
        assert(dead.tombstone, 'a deleted record came as a live one');
        assert(dead.modifiedAt >= live.modifiedAt, 'the tombstone is older than the record');
        assertNear(bench, dead.modifiedAt, 'the tombstone');
      }
    },
    (stream, subject) => subject.connector.streams?.[stream.object]?.fetch !== undefined,
  ),

  connectorCheck(
    'a webhook that is refused for its time says how far the clocks are apart',
    ({ webhooks }) => (webhooks?.windowMs === undefined ? undefined : webhooks),
    async (bench, { object, windowMs = 0 }) => {
      const stream = bench.subject.streams.find((one) => one.object === object);
      assert(stream, `there is no stream ${object}`);
      const receiver = await Receiver.open(bench);
      try {
        bench.emulator.deliverTo?.(receiver.url);
        tell(bench, stream, 1, () => bench.clock.now());
        await bench.emulator.delivered?.();
        bench.clock.advance(windowMs + hour);
        const verdict = receiver.verify(receiver.received[0] ?? assert.fail('no webhook came'));
        assert(!verdict.accepted, 'an old webhook was accepted');
        assert.match(verdict.reason, /clock/, `it only says: ${verdict.reason}`);
        assert.match(verdict.reason, /\d+ minutes/, `it only says: ${verdict.reason}`);
      } finally {
        await receiver.close();
      }
    },
  ),
];

/** The hub's clock: wrong by `ahead` ms, which may change. */
function shifted(clock: VirtualClock, ahead: () => number): VirtualClock {
  return { ...clock, now: () => clock.now() + ahead() };
}

interface Happened {
  readonly made: readonly string[];
  readonly gone: readonly string[];
}

/** Something new, and something that goes, now. */
function happen(bench: Bench, stream: StreamSubject): Happened {
  const [made = '', gone = ''] = tell(bench, stream, 2, () => bench.clock.now()).ids;
  if (stream.deletes === false) return { made: [made, gone], gone: [] };
  bench.emulator.records.remove(stream.object, gone);
  return { made: [made], gone: [gone] };
}

/** What was gone before it was ever read may come as a tombstone, or not at all. */
function assertFound(records: Parameters<typeof complete>[0], { made, gone }: Happened): void {
  complete(records, made);
  for (const id of gone) {
    const last = records.findLast((one) => one.id === id);
    assert(last === undefined || last.tombstone !== undefined, 'a deleted record came as a live one');
  }
}

function assertNear(bench: Bench, at: number, what: string): void {
  const off = Math.round((at - bench.clock.now()) / second);
  assert(Math.abs(off) <= 60, `${what} is stamped ${off} s away from the vendor's clock`);
}

/** The checkpoint as a release would have left it that trusted a clock which was ahead: all its times are later. */
function later(checkpoint: Checkpoint | null, by: number): Checkpoint | null {
  const isTime = (value: Json) =>
    typeof value === 'number' && value > Date.UTC(2000, 0) && value < Date.UTC(2100, 0);
  return JSON.parse(
    JSON.stringify(checkpoint, (_, value: Json) => (isTime(value) ? Number(value) + by : value)),
  );
}
