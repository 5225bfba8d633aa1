/** Checks of fields: what the CRM has is described, what is missing is made once. */
import assert from 'node:assert/strict';
import type { ProvisionStep } from '../connector/contract/fields.ts';
import { type Bench, collect } from './bench.ts';
import { type Check, connectorCheck } from './check.ts';
import type { FieldsSubject } from './subject.ts';

export const provisioningChecks: readonly Check[] = [
  fields('the fields of an object are described', async (bench, { known }) => {
    const fields = await describe(bench, known.object);
    const field = fields.find(({ name }) => name === known.name);
    assert(field, `${known.object}.${known.name} is not described`);
    assert(field.label !== '' && field.readable, `${known.name} has no label or is said to be unreadable`);
  }),

  fields('a plan changes nothing', async (bench, subject) => {
    const steps = await provision(bench, subject, false);
    const missing = new Set(steps.filter(({ status }) => status === 'missing').map(({ name }) => name));
    for (const { name } of subject.wanted)
      assert(
        [...missing].some((one) => one.includes(name)),
        `${name} is not planned`,
      );
    assert(
      steps.every(({ status }) => status !== 'created'),
      'the plan created something',
    );
    assert.deepEqual(await present(bench, subject), [], 'the plan made fields');
  }),

  fields('provisioning makes fields that can be read and written', async (bench, subject) => {
    assertWell(await provision(bench, subject, true));
    await assertUsable(bench, subject);
  }),

  fields('provisioning twice creates once', async (bench, subject) => {
    assertWell(await provision(bench, subject, true));
    const before = await present(bench, subject);
    const again = await provision(bench, subject, true);
    const busy = again.filter(({ status }) => status !== 'exists');
    assert.deepEqual(busy, [], 'the second run found something to do');
    assert.deepEqual(await present(bench, subject), before);
  }),

  fields('a provisioned field is read when it is asked for', async (bench, subject) => {
    const stream = bench.subject.streams.find(({ object }) => textFieldOf(subject, object) !== undefined);
    const name = textFieldOf(subject, stream?.object);
    if (stream === undefined || name === undefined) return;
    assertWell(await provision(bench, subject, true));
    const { records } = bench.emulator;
    records.create(stream.object, { ...stream.record(bench.next(), records), [name]: 'a value of ours' });
    const reading = await collect(bench.pull(bench.connect(), stream.object, null, { fields: [name] }));
    assert(JSON.stringify(reading.records).includes('a value of ours'), `${name} was not read`);
  }),

  connectorCheck(
    'what the vendor is still at is pending, is not asked for again, and is done when it is',
    ({ fields }) => (fields?.slow ? { ...fields, slow: fields.slow } : undefined),
    async (bench, subject) => {
      const asked = () =>
        bench.emulator.requests.entries.filter(({ route }) => route === subject.slow.starts).length;
      const pending = async (apply: boolean) =>
        (await provision(bench, subject, apply)).filter(({ status }) => status === 'pending');
      const first = await pending(true);
      assert(first.length > 0, 'the vendor is still at it, and nothing is said to be pending');
      for (const { name, detail } of first)
        assert(detail, `${name} is pending, and nobody says what is waited for`);
      const times = asked();
      for (const apply of [false, true])
        assert((await pending(apply)).length > 0, 'what is pending was taken for done');
      assert.equal(asked(), times, 'what is pending was asked for again');
      bench.clock.advance(subject.slow.takesMs);
      const steps = await provision(bench, subject, true);
      assert.deepEqual(
        steps.filter(({ status }) => status !== 'exists'),
        [],
        'what is done was not found',
      );
      await assertUsable(bench, subject);
    },
    ({ slow }) => slow.knobs,
  ),

  fields('provisioning that was interrupted is finished by the next run', async (bench, subject) => {
    await bench.check();
    for (const calls of [1, 2, 3, 4, 5, 6]) {
      bench.emulator.faults.inject({ what: 'server-error', times: 1000, after: calls });
      await provision(bench, subject, true).catch((error) => bench.evidence.error(error));
      bench.emulator.faults.clear();
    }
    assertWell(await provision(bench, subject, true));
    await assertUsable(bench, subject);
  }),
];

function textFieldOf({ wanted }: FieldsSubject, object: string | undefined): string | undefined {
  return wanted.find((spec) => spec.object === object && spec.type === 'text')?.name;
}

function fields(name: string, run: (bench: Bench, subject: FieldsSubject) => Promise<void>): Check {
  return connectorCheck(name, (subject) => subject.fields, run);
}

function describe(bench: Bench, object: string) {
  const { fields } = bench.subject.connector;
  assert(fields, 'the connector does not describe fields');
  return fields.describe(bench.connect(), object);
}

async function provision(bench: Bench, { wanted }: FieldsSubject, apply: boolean): Promise<ProvisionStep[]> {
  const { fields } = bench.subject.connector;
  assert(fields, 'the connector does not provision fields');
  const steps = await fields.provision(bench.connect(), wanted, { apply });
  // New fields show with a delay at some vendors.
  bench.clock.advance(60_000);
  return steps;
}

/** Which of the wanted fields exist; those of an object that does not exist are none. */
async function present(bench: Bench, { wanted }: FieldsSubject): Promise<string[]> {
  const there: string[] = [];
  for (const { object, name } of wanted) {
    const fields = await describe(bench, object).catch(() => []);
    there.push(...fields.filter((field) => field.name === name).map(() => `${object}.${name}`));
  }
  return there;
}

async function assertUsable(bench: Bench, { wanted }: FieldsSubject): Promise<void> {
  for (const { object, name } of wanted) {
    const field = (await describe(bench, object)).find((one) => one.name === name);
    assert(field, `${object}.${name} is not there`);
    assert(field.readable && field.writable, `${object}.${name} is there, but we may not use it`);
  }
}

function assertWell(steps: readonly ProvisionStep[]): void {
  const bad = steps.filter(({ status }) => status === 'failed' || status === 'missing');
  assert.deepEqual(bad, [], 'not everything was made');
}
