import type { Outcome, Write } from '../../../src/connector/contract/writing.ts';
import { Fault, type FaultDetails } from '../../../src/connector/fault.ts';
import { soleField } from '../../../src/connector/naming.ts';
import type { Json } from '../../../src/support/json.ts';
import { compositeToy, toy } from '../toy/connector.ts';
import { composite } from '../toy/subject.ts';
import { answering, type Defect, judging, pushing, sending, withHttp, writing } from './sabotage.ts';

const belong = 'outcomes belong to their writes, over more than one batch';
const nothing = 'nothing to write is no call';
const few = 'writes take no more calls than need be';
const bad = 'one bad record spoils only itself';
const twice = 'the same write twice is one record';
const twins = 'two writes of one new record in one batch are one record, and both are answered';
const lost = 'a lost answer and the repeat that follows are one record';
const arrived = 'a write that never arrived, and one whose answer is torn, are one record each';
const waited = 'throttling and a dead token are waited out';
const outage = 'after an outage the repeated push leaves one record each';
const texts = 'texts arrive as they were sent';
const ids = 'external ids may hold any character';
const parts = 'records that share one part of their key are two';
const whole = 'a key of several fields fails alone where records are found by one';
const update = 'an update changes the record that it names, and no other';
const clears = 'null clears a field';
const deletes = 'a deletion deletes, and again is harmless';
const gone = 'an update of a record that is gone fails alone';
const stale = 'a write that expects an older version is a conflict';

export const writingDefects: readonly Defect[] = [
  {
    name: 'tells outcomes in the order of the answer',
    toy: answering(toy, (outcomes, writes) =>
      outcomes.map((one, n) => ({ ...one, key: writes[n]?.key ?? '' })),
    ),
    caughtBy: [belong, bad, whole, gone],
  },
  {
    name: 'keeps silent about failures',
    toy: answering(toy, (outcomes) => outcomes.filter(({ status }) => status === 'written')),
    caughtBy: [bad, whole, deletes, gone, stale],
  },
  { name: 'calls even for nothing', toy: lookingFirst(0), caughtBy: [nothing, few] },
  { name: 'looks around before it writes', toy: lookingFirst(1), caughtBy: [few] },
  { name: 'gives up a batch for one bad record', toy: answering(toy, spoilt), caughtBy: [bad, whole, gone] },
  {
    name: 'does not say which field is wrong',
    toy: failing(({ kind, message, code = '' }) => [kind, message, { code }]),
    caughtBy: [bad],
  },
  {
    name: 'keeps the vendor’s code for itself',
    toy: failing(({ kind, message, field = '' }) => [kind, message, { field }]),
    caughtBy: [bad],
  },
  {
    name: 'takes credit for every record',
    toy: answering(toy, (outcomes) =>
      outcomes.map((one) => (one.status === 'written' ? { ...one, created: true } : one)),
    ),
    caughtBy: [twice, update],
  },
  {
    name: 'creates blindly',
    toy: creatingBlindly(),
    caughtBy: [twice, twins, ids, lost, arrived, waited, outage],
  },
  {
    name: 'forgets one of two writes of a record',
    toy: pushing(toy, (push, ctx, writes) =>
      push(ctx, [...new Map(writes.map((one) => [nameOf(one), one])).values()]),
    ),
    caughtBy: [twins],
  },
  {
    name: 'does not repeat harmless writes',
    toy: sending(toy, (request) => ({ ...request, repeatable: request.method === 'GET' })),
    caughtBy: [lost, arrived],
  },
  {
    name: 'takes a refused token for a refused record',
    toy: judging(toy, (fault) =>
      fault?.kind === 'unauthorized' ? new Fault('rejected', fault.message) : fault,
    ),
    caughtBy: [waited],
  },
  {
    name: 'calls an outage a refusal of each record',
    toy: pushing(toy, (push, ctx, writes) =>
      push(ctx, writes).catch((error) =>
        writes.map(({ key }) => ({ key, status: 'failed', fault: new Fault('rejected', String(error)) })),
      ),
    ),
    caughtBy: [outage],
  },
  { name: 'speaks ASCII', toy: spelling((text) => text.replace(/[^ -~]/g, '?')), caughtBy: [texts] },
  {
    name: 'puts external ids into addresses as they are',
    toy: writing(toy, (write) => {
      const named = soleField(write.alternateKey);
      return named ? { ...write, alternateKey: { [named.field]: named.value.replace(/[?#].*/, '') } } : write;
    }),
    caughtBy: [ids],
  },
  {
    name: 'finds records by the first field of their key',
    toy: writing(compositeToy, firstField),
    subject: { sinks: composite.sinks ?? [] },
    caughtBy: [parts],
  },
  { name: 'takes a part of a key for the whole', toy: writing(toy, firstField), caughtBy: [whole] },
  {
    name: 'updates a neighbour',
    toy: writing(toy, (write) =>
      write.op === 'update' ? { ...write, id: neighbour(write.id ?? '') } : write,
    ),
    caughtBy: [update, clears, gone, stale],
  },
  {
    name: 'never clears a field',
    toy: writing(toy, (write) => ({
      ...write,
      fields: Object.fromEntries(Object.entries(write.fields).filter(([, value]) => value !== null)),
    })),
    caughtBy: [clears],
  },
  {
    name: 'takes a deletion for an update',
    toy: writing(toy, (write) => (write.op === 'delete' ? { ...write, op: 'update' } : write)),
    caughtBy: [deletes],
  },
  {
    name: 'takes a lost record for an outage',
    toy: failing(({ kind, message, code = '', field = '' }) => [
      code === 'GONE' ? 'unavailable' : kind,
      message,
      { code, field },
    ]),
    caughtBy: [gone],
  },
  {
    name: 'writes over newer versions',
    toy: writing(toy, ({ version: _, ...write }) => write),
    caughtBy: [stale],
  },
];

function nameOf({ alternateKey, key }: Write): string {
  return alternateKey === undefined ? key : JSON.stringify(alternateKey);
}

function firstField(write: Write): Write {
  const { alternateKey } = write;
  return alternateKey
    ? {
        ...write,
        alternateKey: Object.fromEntries(Object.entries(alternateKey).slice(0, 1)),
        fields: { ...write.fields, ...Object.fromEntries(Object.entries(alternateKey).slice(1)) },
      }
    : write;
}

function neighbour(id: string): string {
  return `t${String(Number(id.slice(1)) + 1).padStart(6, '0')}`;
}

function lookingFirst(least: number) {
  return pushing(toy, async (push, ctx, writes) => {
    if (writes.length >= least) await ctx.http.send({ method: 'GET', url: '/me' });
    return push(ctx, writes);
  });
}

function spoilt(outcomes: Outcome[]): Outcome[] {
  const failure = outcomes.find((one) => one.status === 'failed');
  return failure === undefined ? outcomes : outcomes.map(({ key }) => ({ ...failure, key }));
}

function failing(words: (fault: Fault) => [Fault['kind'], string, FaultDetails]) {
  return answering(toy, (outcomes) =>
    outcomes.map((one) =>
      one.status === 'failed' ? { ...one, fault: new Fault(...words(one.fault)) } : one,
    ),
  );
}

/** A new name for every request: the vendor never finds the record that it has. */
export function creatingBlindly() {
  let sent = 0;
  return pushing(toy, (push, ctx, writes) => {
    const { send } = ctx.http;
    const renaming: typeof send = (request) => {
      sent += 1;
      return send(request);
    };
    sent += 1;
    const blind = writes.map((write, n) => {
      const named = soleField(write.alternateKey);
      return named ? { ...write, alternateKey: { [named.field]: `${named.value}~${sent}.${n}` } } : write;
    });
    return push(
      withHttp(ctx, (http) => ({ ...http, send: renaming })),
      blind,
    );
  });
}

function spelling(change: (text: string) => string) {
  const spell = (value: Json): Json => (typeof value === 'string' ? change(value) : value);
  return writing(toy, (write) => ({
    ...write,
    fields: Object.fromEntries(Object.entries(write.fields).map(([name, value]) => [name, spell(value)])),
  }));
}
