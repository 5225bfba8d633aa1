/** Checks of sinks: each write decided on its own, and a repeat is harmless. */
import assert from 'node:assert/strict';
import type { Write } from '../connector/contract/writing.ts';
import type { Bench } from './bench.ts';
import { type Check, sinkCheck } from './check.ts';
import type { SinkSubject } from './subject.ts';
import {
  assertAligned,
  assertOneEach,
  existing,
  failed,
  found,
  keyOf,
  provisioned,
  spoilt,
  textOf,
  there,
  upserts,
  written,
} from './writes.ts';

/** What breaks quoting, encoding and splitting somewhere. */
const awkwardText = 'Zoë O’Brien & "Söhne" <b>\\ 日本語 🦉, 50% – a\tb';
const awkwardIds = ['a/b', 'a b', 'a?b#c', 'a&b=c', '50%25', 'é日本', "a'b", 'a+b', 'a,b;c', 'a"b\\c'];

export const writingChecks: readonly Check[] = [
  writes('outcomes belong to their writes, over more than one batch', async (bench, sink) => {
    const { batchSize } = bench.sink(sink.object);
    const writes = upserts(bench, sink, batchSize + 3);
    const outcomes = await bench.push(sink.object, writes);
    assertAligned(outcomes, writes);
    for (const [index, write] of writes.entries()) {
      const { id, created } = written(outcomes, write.key);
      assert.equal(created, true, `${write.key} was not said to be created`);
      assert.deepEqual(there(bench, sink, id), textOf(sink, writes[index]), `${write.key} is another record`);
    }
  }),

  writes('nothing to write is no call', async (bench, sink) => {
    const calls = await bench.requestsOf(() => bench.push(sink.object, []));
    assert.equal(calls, 0);
  }),

  writes(
    'writes take no more calls than need be',
    async (bench, sink) => {
      const count = bench.sink(sink.object).batchSize * 2 + 1;
      const writes = upserts(bench, sink, count);
      const calls = await bench.callsOf(() => bench.push(sink.object, writes));
      const least = sink.callsFor?.(count) ?? 0;
      assert(calls <= least, `${count} writes took ${calls} calls, not ${least}`);
    },
    (sink) => sink.callsFor !== undefined,
  ),

  writes('one bad record spoils only itself', async (bench, sink) => {
    const writes = upserts(bench, sink, 5).map((write, n) => (n === 2 ? spoilt(write, sink) : write));
    const outcomes = await bench.push(sink.object, writes);
    assertAligned(outcomes, writes);
    for (const [n, { key }] of writes.entries()) if (n !== 2) written(outcomes, key);
    const { fault } = failed(outcomes, writes[2]?.key);
    assert.equal(fault.kind, 'rejected');
    assert(fault.code !== undefined && fault.message !== '', 'the vendor’s own code and words are missing');
    if (sink.bad.blames !== undefined) assert.equal(fault.field, sink.bad.blames, 'the field is not named');
  }),

  writes('the same write twice is one record', async (bench, sink) => {
    const writes = upserts(bench, sink, 4);
    const first = await bench.push(sink.object, writes);
    bench.clock.advance(60_000);
    const second = await bench.push(sink.object, writes);
    assertOneEach(bench, sink, writes, second);
    for (const { key } of writes) {
      assert.equal(written(second, key).id, written(first, key).id);
      assert.equal(
        written(second, key).created,
        false,
        'the second write was said to have created the record',
      );
    }
  }),

  writes(
    'two writes of one new record in one batch are one record, and both are answered',
    async (bench, sink) => {
      const [one, two] = upserts(bench, sink, 2);
      assert(one && two);
      const twin = { ...one, key: 'twin', fields: { ...one.fields } };
      const outcomes = await bench.push(sink.object, [one, two, twin]);
      assertAligned(outcomes, [one, two, twin]);
      written(outcomes, two.key);
      assert.equal(found(bench, sink, one).length, 1);
    },
  ),

  writes('a lost answer and the repeat that follows are one record', async (bench, sink) => {
    await bench.check();
    // Whichever call of the push it is: some look before they write.
    for (const after of [0, 1, 2]) {
      const writes = upserts(bench, sink, 3);
      bench.emulator.faults.inject({ what: 'lost-answer', times: 1, after });
      assertOneEach(bench, sink, writes, await bench.push(sink.object, writes));
      bench.emulator.faults.clear();
    }
  }),

  writes(
    'a write that never arrived, and one whose answer is torn, are one record each',
    async (bench, sink) => {
      const writes = upserts(bench, sink, 3);
      await bench.check();
      bench.emulator.faults.inject({ what: 'drop', times: 1 });
      bench.emulator.faults.inject({ what: 'truncated', times: 1, after: 1 });
      assertOneEach(bench, sink, writes, await bench.push(sink.object, writes));
    },
  ),

  writes('throttling and a dead token are waited out', async (bench, sink) => {
    const writes = upserts(bench, sink, 3);
    await bench.check();
    bench.emulator.faults.inject({ what: 'throttle', times: 2 });
    if (bench.subject.signIn.renews !== false) bench.emulator.expireTokens();
    assertOneEach(bench, sink, writes, await bench.push(sink.object, writes));
  }),

  writes('after an outage the repeated push leaves one record each', async (bench, sink) => {
    const writes = upserts(bench, sink, 3);
    await bench.check();
    bench.emulator.faults.inject({ what: 'lost-answer', times: 1 });
    bench.emulator.faults.inject({ what: 'server-error', times: 1000 });
    const outcomes = await bench
      .push(sink.object, writes)
      .catch((error) => bench.fault(() => Promise.reject(error), 'unavailable'));
    if (Array.isArray(outcomes))
      for (const { key } of writes) assert.equal(failed(outcomes, key).fault.kind, 'unavailable');
    bench.emulator.faults.clear();
    assertOneEach(bench, sink, writes, await bench.push(sink.object, writes));
  }),

  writes('texts arrive as they were sent', async (bench, sink) => {
    const writes = upserts(bench, sink, 2).map((write) => ({
      ...write,
      fields: { ...write.fields, [sink.text]: awkwardText },
    }));
    const outcomes = await bench.push(sink.object, writes);
    for (const { key } of writes) assert.equal(there(bench, sink, written(outcomes, key).id), awkwardText);
  }),

  writes('external ids may hold any character', async (bench, sink) => {
    const writes = upserts(bench, sink, awkwardIds.length).map((write, n) => ({
      ...write,
      alternateKey: keyOf(sink, awkwardIds[n] ?? ''),
    }));
    await bench.push(sink.object, writes);
    assertOneEach(bench, sink, writes, await bench.push(sink.object, writes));
  }),

  writes(
    'records that share one part of their key are two',
    async (bench, sink) => {
      const [one, two] = upserts(bench, sink, 2);
      assert(one && two);
      const others = [one, { ...two, alternateKey: { ...one.alternateKey, [sink.beside ?? '']: 'other' } }];
      await bench.push(sink.object, others);
      assertOneEach(bench, sink, others, await bench.push(sink.object, others));
    },
    ({ beside }) => beside !== undefined,
  ),

  writes(
    'a key of several fields fails alone where records are found by one',
    async (bench, sink) => {
      const [whole, composite] = upserts(bench, sink, 2);
      assert(whole && composite);
      const several = { ...composite, alternateKey: { ...composite.alternateKey, [sink.text]: 'and this' } };
      const outcomes = await bench.push(sink.object, [whole, several]);
      written(outcomes, whole.key);
      assert.equal(failed(outcomes, several.key).fault.kind, 'rejected');
      assert.equal(found(bench, sink, composite).length, 0, 'a record was made by a part of its key');
    },
    ({ beside }) => beside === undefined,
  ),

  writes('an update changes the record that it names, and no other', async (bench, sink) => {
    const [first, second] = await existing(bench, sink, 2);
    const writes: Write[] = [{ key: 'u', op: 'update', id: first ?? '', fields: { [sink.text]: 'changed' } }];
    const { id, created } = written(await bench.push(sink.object, writes), 'u');
    assert.deepEqual({ id, created }, { id: first, created: false });
    assert.equal(there(bench, sink, first ?? ''), 'changed');
    assert.notEqual(there(bench, sink, second ?? ''), 'changed');
  }),

  writes('null clears a field', async (bench, sink) => {
    const [id = ''] = await existing(bench, sink, 1);
    const { records } = bench.emulator;
    const clearable = sink.clears ?? sink.text;
    const outcomes = await bench.push(sink.object, [
      { key: 'n', op: 'update', id, fields: { [clearable]: null } },
    ]);
    written(outcomes, 'n');
    const left = records.get(sink.object, id)?.[clearable];
    assert(
      left === undefined || left === null || left === '',
      `the field still holds ${JSON.stringify(left)}`,
    );
  }),

  writes(
    'a deletion deletes, and again is harmless',
    async (bench, sink) => {
      const [id = '', other = ''] = await existing(bench, sink, 2);
      const { records } = bench.emulator;
      const before = records.count(sink.object);
      const writes: Write[] = [{ key: 'd', op: 'delete', id, fields: {} }];
      written(await bench.push(sink.object, writes), 'd');
      assert.equal(records.count(sink.object), before - 1, 'the record is still there');
      assertAligned(await bench.push(sink.object, writes), writes);
      assert(records.get(sink.object, other), 'another record is gone');
      assert.equal(records.count(sink.object), before - 1);
    },
    (sink) => sink.deletes !== false,
  ),

  writes('an update of a record that is gone fails alone', async (bench, sink) => {
    const [gone = '', there = ''] = await existing(bench, sink, 2);
    bench.emulator.records.remove(sink.object, gone);
    const writes = [gone, there].map(
      (id): Write => ({ key: id, op: 'update', id, fields: { [sink.text]: 'x' } }),
    );
    const outcomes = await bench.push(sink.object, writes);
    assertAligned(outcomes, writes);
    written(outcomes, there);
    const { kind } = failed(outcomes, gone).fault;
    assert(kind === 'rejected' || kind === 'conflict', `the fault is ${kind}: repeating would not help`);
  }),

  writes(
    'a write that expects an older version is a conflict',
    async (bench, sink) => {
      const [id = ''] = await existing(bench, sink, 1);
      const [record] = (await bench.stream(sink.object).fetch?.(bench.connect(), [id])) ?? [];
      assert(record?.version, 'the record carries no version');
      bench.clock.advance(5_000);
      bench.emulator.records.update(sink.object, id, { [sink.text]: 'changed by a user' });
      const write: Write = {
        key: 'c',
        op: 'update',
        id,
        version: record.version,
        fields: { [sink.text]: 'ours' },
      };
      assert.equal(failed(await bench.push(sink.object, [write]), 'c').fault.kind, 'conflict');
      assert.equal(there(bench, sink, id), 'changed by a user');
    },
    (sink) => sink.conditional === true,
  ),
];

function writes(
  name: string,
  run: (bench: Bench, sink: SinkSubject) => Promise<void>,
  applies?: (sink: SinkSubject) => boolean,
): Check {
  return sinkCheck(
    name,
    async (bench, sink) => {
      await provisioned(bench, sink);
      await run(bench, sink);
    },
    applies,
  );
}
