/** Writes as the hub would make them, and what has to become of them. */
import assert from 'node:assert/strict';
import type { Outcome, Write } from '../connector/contract/writing.ts';
import { isJsonObject, type Json } from '../support/json.ts';
import type { Bench } from './bench.ts';
import type { SinkSubject } from './subject.ts';

type Written = Extract<Outcome, { status: 'written' }>;

/** Makes the fields that the writes need; new ones show with a delay at some vendors. */
export async function provisioned(bench: Bench, sink: SinkSubject): Promise<void> {
  if (sink.provisioned === undefined) return;
  await bench.subject.connector.fields?.provision(bench.connect(), sink.provisioned, { apply: true });
  bench.clock.advance(10_000);
}

export function upserts(bench: Bench, sink: SinkSubject, count: number): Write[] {
  return Array.from({ length: count }, () => {
    const n = bench.next();
    const alternateKey = keyOf(sink, `ext-${n}`);
    return { key: `write-${n}`, op: 'upsert', alternateKey, fields: sink.fields(n, bench.emulator.records) };
  });
}

/** The key of a record by its external id, with the field that stands beside it where the vendor has keys of two. */
export function keyOf(sink: SinkSubject, id: string, beside = 'one'): Readonly<Record<string, Json>> {
  return { [sink.externalId]: id, ...(sink.beside === undefined ? {} : { [sink.beside]: beside }) };
}

/** Ids of records that the connector itself made. */
export async function existing(bench: Bench, sink: SinkSubject, count: number): Promise<string[]> {
  const writes = upserts(bench, sink, count);
  const outcomes = await bench.push(sink.object, writes);
  bench.clock.advance(60_000);
  return writes.map(({ key }) => written(outcomes, key).id);
}

export function spoilt(write: Write, sink: SinkSubject): Write {
  return { ...write, fields: { ...write.fields, ...sink.bad.fields } };
}

export function textOf(sink: SinkSubject, write: Write | undefined): Json | undefined {
  return write?.fields[sink.text];
}

export function there(bench: Bench, sink: SinkSubject, id: string): Json | undefined {
  return bench.emulator.records.get(sink.object, id)?.[sink.text];
}

export function found(bench: Bench, sink: SinkSubject, write: Write): readonly unknown[] {
  return bench.emulator.records
    .all(sink.object)
    .filter(
      (record) =>
        isJsonObject(record) &&
        Object.entries(write.alternateKey ?? {}).every(([field, value]) => record[field] === value),
    );
}

export function assertAligned(outcomes: readonly Outcome[], writes: readonly Write[]): void {
  assert.deepEqual(outcomes.map(({ key }) => key).sort(), writes.map(({ key }) => key).sort());
}

export function assertOneEach(
  bench: Bench,
  sink: SinkSubject,
  writes: readonly Write[],
  outcomes: readonly Outcome[],
): void {
  assertAligned(outcomes, writes);
  for (const write of writes) {
    written(outcomes, write.key);
    const { length } = found(bench, sink, write);
    assert.equal(length, 1, `${length} records have the key ${JSON.stringify(write.alternateKey)}`);
  }
}

export function written(outcomes: readonly Outcome[], key: string): Written {
  const outcome = outcomes.find((one) => one.key === key);
  assert(outcome, `${key} has no outcome`);
  assert(
    outcome.status === 'written',
    `${key} failed: ${outcome.status === 'failed' ? outcome.fault.message : ''}`,
  );
  return outcome;
}

export function failed(
  outcomes: readonly Outcome[],
  key: string | undefined,
): Extract<Outcome, { status: 'failed' }> {
  const outcome = outcomes.find((one) => one.key === key);
  assert(outcome?.status === 'failed', `${key} did not fail`);
  return outcome;
}
