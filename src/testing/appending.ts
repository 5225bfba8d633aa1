/** Checks of appenders: what is written once, and cannot be read back. */
import assert from 'node:assert/strict';
import type { Appended, Appender, Batch, Receipt } from '../connector/contract/appending.ts';
import type { Bench } from './bench.ts';
import type { Check } from './check.ts';
import type { AppendSubject } from './subject.ts';

export const appendingChecks: readonly Check[] = [
  appends(
    'each event of a batch arrives once, as it was sent, and gets a receipt',
    async (bench, subject) => {
      const batch = batchOf(bench, subject, appenderOf(bench, subject).batchSize);
      taken(await append(bench, subject, batch), batch.events);
      assert.deepEqual(arrived(bench, subject), idsOf(batch.events));
      for (const { id, body } of batch.events)
        assert.deepEqual(subject.read(bench.emulator, id), body[subject.text], `${id} says something else`);
    },
  ),

  appends('one bad event spoils only itself', async (bench, subject) => {
    const batch = batchOf(bench, subject, 3);
    const spoilt = batch.events.map((one, n) =>
      n === 1 ? { ...one, body: { ...one.body, ...subject.bad } } : one,
    );
    const receipts = await append(bench, subject, { ...batch, events: spoilt });
    const [good, bad] = [spoilt.filter((_, n) => n !== 1), spoilt[1]];
    taken(receipts, good);
    const refused = receipts.find(({ id }) => id === bad?.id);
    assert(refused?.status === 'failed', 'the bad event was not refused');
    assert.equal(refused.fault.kind, 'rejected');
    assert.deepEqual(arrived(bench, subject), idsOf(good));
  }),

  appends(
    'an answer that is lost is said to be lost, and what it was about is sent once',
    async (bench, subject) => {
      await bench.check();
      const batch = batchOf(bench, subject, 2);
      bench.emulator.faults.inject({ what: 'lost-answer', times: 1 });
      const { repeat } = appenderOf(bench, subject);
      const outcome = await append(bench, subject, batch).catch((error: unknown) => error);
      bench.emulator.faults.clear();
      const isLost = Array.isArray(outcome)
        ? outcome.some((one: Receipt) => one.status === 'failed' && one.fault.kind === 'unavailable')
        : (outcome as { kind?: string }).kind === 'unavailable';
      assert(isLost || repeat === 'merges', 'nobody knows whether it arrived, but it was said to be known');
      assert.deepEqual(arrived(bench, subject), idsOf(batch.events));
    },
  ),

  appends(
    'the same batch again is one event each',
    async (bench, subject) => {
      const batch = batchOf(bench, subject, 2);
      taken(await append(bench, subject, batch), batch.events);
      taken(await append(bench, subject, batch), batch.events);
      assert.deepEqual(arrived(bench, subject), idsOf(batch.events));
    },
    ({ repeat }) => repeat === 'merges',
  ),

  appends(
    'the vendor can be asked what has arrived',
    async (bench, subject) => {
      const batch = batchOf(bench, subject, 3);
      const [here, ...missing] = batch.events;
      assert(here);
      taken(await append(bench, subject, { ...batch, events: [here] }), [here]);
      const seen = await appenderOf(bench, subject).seen?.(bench.connect(), batch.events);
      assert.deepEqual([...(seen ?? [])], [here.id], `of ${missing.length} others nothing was sent`);
    },
    ({ seen }) => seen !== undefined,
  ),
];

function appends(
  name: string,
  run: (bench: Bench, subject: AppendSubject) => Promise<void>,
  applies: (appender: Appender) => boolean = () => true,
): Check {
  return {
    name,
    trials: ({ appenders = [], connector }) =>
      appenders
        .filter(({ object }) => {
          const appender = connector.appender?.(object);
          return appender !== undefined && applies(appender);
        })
        .map((subject) => ({ title: `${name} [${subject.object}]`, run: (bench) => run(bench, subject) })),
  };
}

function appenderOf({ subject: { connector } }: Bench, { object }: AppendSubject): Appender {
  const appender = connector.appender?.(object);
  assert(appender, `the connector has no appender "${object}"`);
  return appender;
}

async function append(bench: Bench, subject: AppendSubject, batch: Batch): Promise<Receipt[]> {
  const receipts = await appenderOf(bench, subject).append(bench.connect(), batch);
  for (const receipt of receipts) if (receipt.status === 'failed') bench.evidence.error(receipt.fault);
  return receipts;
}

function batchOf(bench: Bench, { id, body }: AppendSubject, count: number): Batch {
  const events = Array.from({ length: count }, (): Appended => {
    const n = bench.next();
    return { id: id(n), at: bench.clock.now() - n, body: body(n) };
  });
  return { id: `batch-${bench.next()}`, events };
}

const idsOf = (events: readonly Appended[]) => events.map(({ id }) => id).toSorted();

function arrived({ emulator }: Bench, { arrived }: AppendSubject): string[] {
  return [...arrived(emulator)].toSorted();
}

function taken(receipts: readonly Receipt[], events: readonly Appended[]): void {
  for (const { id } of events) {
    const receipt = receipts.find((one) => one.id === id);
    assert(receipt, `${id} has no receipt`);
    assert(
      receipt.status === 'taken',
      `${id} was not taken: ${receipt.status === 'failed' ? receipt.fault.message : ''}`,
    );
  }
}
