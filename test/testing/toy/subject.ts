import type { Appender } from '../../../src/connector/contract/appending.ts';
import type { Connector } from '../../../src/connector/contract/connector.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { ConformanceSubject, SinkSubject, StreamSubject } from '../../../src/testing/subject.ts';
import { appendingToy, events } from './appending.ts';
import type { ToyConfig } from './config.ts';
import { compositeToy, keyedToy, toy } from './connector.ts';
import { toyEmulator } from './emulator.ts';
import { importingToy } from './imports.ts';
import { overlapMs } from './reading.ts';
import { object } from './rows.ts';
import { boxedToy, exportingToy } from './slow.ts';
import { windowMs } from './webhooks.ts';
import { sink } from './writing.ts';

const things: StreamSubject = {
  object,
  record: (n) => ({ name: `Thing ${n}` }),
  change: { name: 'Renamed' },
  idleCalls: 1,
  lateByMs: overlapMs,
  merges: true,
};

const written: SinkSubject = {
  object,
  externalId: 'ext',
  fields: (n) => ({ name: `Written ${n}`, size: 'small' }),
  text: 'name',
  bad: { fields: { size: 'huge' }, blames: 'size' },
  conditional: true,
};

/** Of a vendor whose things are unique by two fields together. */
export const composite: Partial<ConformanceSubject> = {
  connector: compositeToy,
  sinks: [{ ...written, beside: 'shop' }],
};

const wrongKey = { name: 'key', config: (good: JsonObject) => ({ ...good, key: 'not-the-key' }) };

export const keyed: Partial<ConformanceSubject> = {
  connector: keyedToy,
  signIn: { bad: [wrongKey], renews: false },
};

/** Of a vendor that keeps a first reading waiting. */
export const exporting: Partial<ConformanceSubject> = {
  connector: exportingToy,
  streams: [{ ...things, slow: { knobs: { exportMs: 900_000 }, starts: 'POST exports' } }],
};

/** Of a vendor that lets its records be read box by box. */
export const boxed: Partial<ConformanceSubject> = {
  connector: boxedToy,
  streams: [
    {
      ...things,
      record: (n) => ({ name: `Thing ${n}`, box: n % 2 === 0 ? 'left' : 'right' }),
      idleCalls: 3,
    },
  ],
  webhooks: { object, windowMs },
};

/** Of a vendor that takes writes as imports. */
export const importing: Partial<ConformanceSubject> = {
  connector: importingToy,
  sinks: [{ ...written, slow: { knobs: { importMs: 900_000 } } }],
};

/** Of a vendor that takes events. */
export const appending = (appender: Appender<ToyConfig>): Partial<ConformanceSubject> => ({
  connector: appendingToy(appender),
  appenders: [
    {
      object: events,
      id: (n) => `event-${n}`,
      body: (n) => ({ name: `Happened ${n}`, size: 'small' }),
      text: 'name',
      bad: { size: 'huge' },
      arrived: ({ records }) => records.all(events).map((one) => String((one as { id: string }).id)),
      read: ({ records }, id) => records.get(events, id)?.name,
    },
  ],
});

export function toySubject(connector: Connector<ToyConfig> = toy): ConformanceSubject {
  return {
    connector,
    emulator: toyEmulator,
    signIn: {
      bad: [{ name: 'client secret', config: (good) => ({ ...good, clientSecret: 'not-the-secret' }) }],
      missing: { knobs: { readOnly: true }, permission: 'write' },
    },
    streams: [things],
    sinks: [{ ...written, callsFor: (writes) => Math.ceil(writes / sink.batchSize) }],
    webhooks: { object, windowMs },
    fields: {
      known: { object, name: 'name' },
      wanted: [
        { object, name: 'credit', label: 'Credit', type: 'money' },
        { object, name: 'model', label: 'Model', type: 'text' },
      ],
      slow: { knobs: { fieldMs: 3_600_000 }, takesMs: 3_600_000, starts: 'POST fields' },
    },
    memory: { object, knobs: { generated: 100_000 }, records: 100_000 },
  };
}
