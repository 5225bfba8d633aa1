/** Checks of webhooks: what the vendor sent is accepted, everything else is not. */
import assert from 'node:assert/strict';
import type { Change, Delivery, Verdict, WebhookRequest } from '../connector/contract/webhooks.ts';
import { Fault } from '../connector/fault.ts';
import { type Bench, collect } from './bench.ts';
import { type Check, connectorCheck } from './check.ts';
import { Receiver } from './receiver.ts';
import { tell } from './story.ts';
import type { WebhookSubject } from './subject.ts';

type Run = (bench: Bench, subject: WebhookSubject, receiver: Receiver) => Promise<void>;

export const webhookChecks: readonly Check[] = [
  webhooks('a genuine webhook is accepted and names what changed', async (bench, subject, receiver) => {
    const { ids, deliveries } = await deliveriesOf(bench, subject, receiver, 2);
    const named = new Set<string>();
    for (const delivery of deliveries) {
      assert.equal(receiver.verify(delivery).accepted, true, 'a genuine webhook was refused');
      const { changes, records } = receiver.parse(delivery);
      for (const change of [...changes, ...records].filter(({ object }) => object === subject.object))
        for (const id of await idsOf(bench, change)) named.add(id);
    }
    for (const id of ids) assert(named.has(id), `the change of ${id} was not named`);
  }),

  webhooks('a forged webhook is refused', async (bench, subject, receiver) => {
    const genuine = await accepted(bench, subject, receiver);
    for (const forged of forgeries(genuine, subject.unread))
      refused(receiver.verify(forged), 'a forged webhook was accepted');
  }),

  webhooks(
    'an altered webhook is refused',
    async (bench, subject, receiver) => {
      const genuine = await accepted(bench, subject, receiver);
      for (const altered of alterations(genuine))
        refused(receiver.verify(altered), 'an altered webhook was accepted');
    },
    isSigned,
  ),

  webhooks(
    'a webhook that nothing signs is believed for its ids only',
    async (bench, subject, receiver) => {
      const genuine = await accepted(bench, subject, receiver);
      for (const request of [genuine, ...alterations(genuine)]) {
        if (!receiver.verify(request).accepted) continue;
        const { records } = receiver.parse(request);
        assert.deepEqual(records, [], 'what anybody may have written was taken for a record');
      }
    },
    (subject) => !isSigned(subject),
  ),

  webhooks(
    'a stale webhook is refused',
    async (bench, { object, windowMs = 0 }, receiver) => {
      const genuine = await accepted(bench, { object }, receiver);
      bench.clock.advance(windowMs - 1000);
      assert.equal(receiver.verify(genuine).accepted, true, 'a webhook was refused before its time was over');
      bench.clock.advance(2000);
      refused(receiver.verify(genuine), 'a stale webhook was accepted');
    },
    ({ windowMs }) => windowMs !== undefined,
  ),

  webhooks(
    'a replayed webhook has the key of the first, and other webhooks have others',
    async (bench, subject, receiver) => {
      const first = await deliveriesOf(bench, subject, receiver, 1);
      bench.clock.advance(1000);
      const second = await deliveriesOf(bench, subject, receiver, 1);
      const all = [...first.deliveries, ...second.deliveries];
      const keys = all.map((delivery) => receiver.replayKey(delivery));
      assert.equal(new Set(keys).size, all.length, 'two webhooks have one key: the second would be lost');
      assert.deepEqual(
        all.map((delivery) => receiver.replayKey(delivery)),
        keys,
        'a repeat has another key',
      );
      assert(
        keys.every((key) => key !== ''),
        'the key is empty',
      );
    },
  ),

  webhooks('rubbish is refused without a crash', async (bench, subject, receiver) => {
    const genuine = await accepted(bench, subject, receiver);
    for (const body of rubbish) {
      refused(
        receiver.verify({ method: 'POST', url: genuine.url, headers: {}, body }),
        'rubbish was accepted',
      );
      assertRejected(() => receiver.parse({ ...genuine, body }));
    }
  }),
];

/** A change without an id names its stream, or a part of it: there the record is found. */
async function idsOf(bench: Bench, { object, id, part }: Change): Promise<readonly string[]> {
  if (id !== undefined) return [id];
  const connection = bench.connect();
  const { records } =
    part === undefined
      ? await bench.read(object, null, Number.POSITIVE_INFINITY, connection)
      : await collect(bench.stream(object).pull(connection, null, { part }));
  return records.map((record) => record.id);
}

const rubbish = ['', '{', 'null', '[1,', '\u0000\uFFFF', '<x', '{"a":'.repeat(1000)].map((text) =>
  Buffer.from(text),
);

function isSigned({ signed = true }: WebhookSubject): boolean {
  return signed;
}

function webhooks(name: string, run: Run, applies: (subject: WebhookSubject) => boolean = () => true): Check {
  return connectorCheck(
    name,
    ({ webhooks: subject }) => (subject !== undefined && applies(subject) ? subject : undefined),
    async (bench, subject) => {
      const receiver = await Receiver.open(bench);
      try {
        const path = subject.path?.(bench.emulator.config) ?? '/hooks/bench?source=test';
        bench.emulator.deliverTo?.(receiver.url + path);
        await run(bench, subject, receiver);
      } finally {
        bench.emulator.deliverTo?.(null);
        await receiver.close();
      }
    },
  );
}

async function deliveriesOf(bench: Bench, { object }: WebhookSubject, receiver: Receiver, count: number) {
  const stream = bench.subject.streams.find((one) => one.object === object);
  assert(stream, `the subject does not describe the stream "${object}"`);
  const before = receiver.received.length;
  const { ids } = tell(bench, stream, count, () => bench.clock.now());
  await bench.emulator.delivered?.();
  const deliveries = receiver.received.slice(before);
  assert(deliveries.length > 0, 'nothing was delivered');
  return { ids, deliveries };
}

/** A delivery that is fine as it is: what is refused later is refused for what was done to it. */
async function accepted(bench: Bench, subject: WebhookSubject, receiver: Receiver): Promise<WebhookRequest> {
  const [genuine] = (await deliveriesOf(bench, subject, receiver, 1)).deliveries;
  assert(genuine);
  assert.equal(receiver.verify(genuine).accepted, true, 'a genuine webhook was refused');
  return genuine;
}

/** Without proof, and with proofs made by guessing: all signatures in the headers, and tokens in the URL. */
function* forgeries(genuine: WebhookRequest, unread: readonly string[] = []): Generator<WebhookRequest> {
  const isProof = (name: string) => /sig|hmac|auth|token|secret/i.test(name) && !unread.includes(name);
  for (const guess of guesses) {
    const url = new URL(genuine.url);
    for (const [name, value] of [...url.searchParams])
      if (isProof(name)) url.searchParams.set(name, guess(value));
    const headers = Object.entries(genuine.headers).map(([name, value]) => [
      name,
      isProof(name) ? guess(value) : value,
    ]);
    yield { ...genuine, url: url.href, headers: Object.fromEntries(headers) };
  }
}

const guesses: readonly ((proof: string) => string)[] = [
  () => '',
  () => 'x',
  () => 'é'.repeat(40),
  (proof) => proof.slice(1),
  (proof) => `0${proof}`,
  (proof) => proof.replace(/[0-9a-z]/i, (character) => (character === '0' ? '1' : '0')),
];

function* alterations(genuine: WebhookRequest): Generator<WebhookRequest> {
  const { body } = genuine;
  for (const at of [0, Math.floor(body.length / 2), body.length - 1]) {
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    yield { ...genuine, body: changed };
  }
  yield { ...genuine, body: Buffer.concat([body, Buffer.from(' ')]) };
  yield { ...genuine, body: Buffer.alloc(0) };
}

function refused(verdict: Verdict, words: string): void {
  assert.equal(verdict.accepted, false, words);
  assert(verdict.accepted || verdict.reason !== '', 'no reason is given');
}

/** The body may even be right: an empty list of changes is one. What it may not do is crash. */
function assertRejected(work: () => Delivery): void {
  try {
    const { changes, records } = work();
    assert.equal(changes.length + records.length, 0, 'rubbish named a change');
  } catch (error) {
    assert(error instanceof Fault && error.kind === 'rejected', `rubbish ended with: ${String(error)}`);
  }
}
