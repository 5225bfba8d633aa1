import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBatch, parseLine } from '../../../connectors/chatbot/read/batch.ts';
import { recordId } from '../../../connectors/chatbot/wire/ids.ts';
import { eventTypes, mostEvents } from '../../../connectors/chatbot/wire/schema.ts';
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { batchOf, message, strangeIds } from './chat.ts';

const parse = (text: string) => parseBatch(Buffer.from(text));

function refusal(work: () => unknown): Fault {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

test('an event lands as it came, with its own time as its change stamp', () => {
  const event = { ...message, at: '2026-06-30T11:12:08.250+02:00', mood: 'curious', deep: { a: [1, null] } };
  const at = Date.UTC(2026, 5, 30, 9, 12, 8, 250);
  expect(parse(batchOf([event]))).toEqual({
    changes: [],
    records: [{ object: 'event', id: 'ev_1', body: event, createdAt: at, modifiedAt: at }],
  });
});

test.each(strangeIds)('an id such as %j names its event, its session and its people', (id) => {
  const event = { ...message, id, sessionId: id, visitorId: id, userId: id };
  const [record] = parse(batchOf([event])).records;
  expect([record?.id, record?.body]).toEqual([recordId(id), event]);
  const erasure = { id: 'x', type: 'erased', at: '2026-07-01T00:00:00Z', event: id };
  expect(parse(batchOf([erasure])).records[0]?.id).toBe(record?.id);
  expect(parseLine(JSON.stringify(event))[0]?.id).toBe(record?.id);
});

test('an erasure lands on the event that it takes back', () => {
  const erasure = { id: 'ev_9', type: 'erased', at: '2026-07-01T00:00:00Z', event: 'ev_1' };
  expect(parse(batchOf([erasure])).records).toEqual([
    {
      object: 'event',
      id: 'ev_1',
      body: { id: 'ev_1' },
      modifiedAt: Date.UTC(2026, 6, 1),
      tombstone: { kind: 'erased' },
    },
  ]);
});

test('ids that are numbers keep every digit, in a batch and in a line', () => {
  const ids = ['1234567890123456701', '1234567890123456702', '-9007199254740993', '9007199254740991'];
  const spelt = (id: string) => JSON.stringify({ ...message, id: '#', sessionId: '#' }).replaceAll('"#"', id);
  const batch = batchOf([]).replace('"events":[]', `"events":[${ids.map(spelt).join(',')}]`);
  expect(parse(batch).records.map(({ id, body }) => [id, String(body.sessionId)])).toEqual(
    ids.map((id) => [id, id]),
  );
  expect(ids.map((id) => parseLine(spelt(id))[0]?.id)).toEqual(ids);
  const erasure = `{"id":"x","type":"erased","at":"2026-07-01T00:00:00Z","event":${ids[1]}}`;
  expect(parseLine(erasure)[0]?.id).toBe(ids[1]);
});

describe('the documentation', () => {
  const text = readFileSync('docs/chat-events.md', 'utf8');

  test('its conversation can be imported line by line', () => {
    const lines = text.split('\n').filter((line) => line.startsWith('{"id":"ev_'));
    expect(lines.length).toBeGreaterThanOrEqual(7);
    expect(lines.flatMap((line) => parseLine(line)).map((record) => record.id)).toEqual(
      lines.map((_, index) => `ev_${index + 1}`),
    );
  });

  test.each(Object.keys(eventTypes))('it has a row for %s', (type) => {
    expect(text).toContain(`| \`${type}\` |`);
  });

  test.each(Object.entries(eventTypes))('it names every field of %s', (_, schema) => {
    for (const field of Object.keys(schema.shape)) expect(text).toContain(`\`${field}\``);
  });
});

test('types and fields of a newer sender are kept', () => {
  const newer = { ...message, type: 'mood.changed', mood: { from: 'bad', to: 'good' } };
  expect(parse(batchOf([newer])).records[0]?.body).toEqual(newer);
});

test('what need not be told may be missing, null or empty', () => {
  const started = {
    ...message,
    type: 'session.started',
    landingPage: null,
    referrer: '',
    language: '',
    userId: null,
  };
  const named = { ...message, type: 'identified', email: 'odo@larkmere.example', phone: '', company: null };
  expect(parse(batchOf([started, named, { ...message, text: undefined }])).records).toHaveLength(3);
  expect(refusal(() => parse(batchOf([{ ...named, email: '' }]))).message).toContain('at least one of');
});

test.each(['toString', '__proto__', 'constructor'])('a type called %s is just another type', (type) => {
  expect(parse(batchOf([{ ...message, type }])).records).toHaveLength(1);
});

describe('a wrong batch says what is wrong and what would be right', () => {
  test.each([
    ['not JSON', '{"version":1', 'body: not JSON'],
    ['no object', '[]', 'the JSON value: expected object'],
    ['no events', batchOf([]), 'events: '],
    ['another version', batchOf([message]).replace('"version":1', '"version":2'), 'version: expected 1'],
    ['no batch id', batchOf([message]).replace('b_1', ' '), 'batch: expected an id of 1 to 4096 characters'],
    ['a null event', batchOf([message, null]), 'events[1]: expected object'],
    ['no id', batchOf([{ ...message, id: undefined }]), 'events[0].id: '],
    [
      'a local time',
      batchOf([message, { ...message, at: '2026-06-30T12:00:00' }]),
      'events[1].at: expected an ISO 8601 time with zone',
    ],
    ['an impossible day', batchOf([{ ...message, at: '2026-02-30T12:00:00Z' }]), 'events[0].at: '],
    [
      'the epoch',
      batchOf([{ ...message, at: '1970-01-01T00:00:00Z' }]),
      'events[0].at: expected a time after the year 2000',
    ],
    ['no session', batchOf([{ ...message, sessionId: '' }]), 'events[0].sessionId: '],
    ['nobody speaking', batchOf([{ ...message, from: 'ghost' }]), 'events[0].from: '],
    [
      'a relative page',
      batchOf([{ ...message, type: 'session.started', landingPage: '/pricing' }]),
      'events[0].landingPage: expected an absolute URL',
    ],
    ['a rating of 6', batchOf([{ ...message, type: 'feedback', rating: 6 }]), 'events[0].rating: '],
    ['half a star', batchOf([{ ...message, type: 'feedback', rating: 2.5 }]), 'events[0].rating: '],
    [
      'identified as nobody',
      batchOf([{ ...message, type: 'identified', name: 'Odo' }]),
      'events[0]: expected at least one of userId, email and phone',
    ],
    [
      'confidence in percent',
      batchOf([{ ...message, type: 'intent', name: 'x', confidence: 93 }]),
      'events[0].confidence: ',
    ],
    ['an erasure of nothing', batchOf([{ id: 'ev_2', type: 'erased', at: message.at }]), 'events[0].event: '],
  ])('%s', (_, text, words) => {
    const fault = refusal(() => parse(text));
    expect(fault.kind).toBe('rejected');
    expect(fault.message).toContain(words);
  });

  test('too many events', () => {
    const many = Array.from({ length: mostEvents }, (_, index) => ({ ...message, id: `ev_${index}` }));
    expect(parse(batchOf(many)).records).toHaveLength(mostEvents);
    expect(refusal(() => parse(batchOf([...many, message]))).message).toContain('at most 1000 events');
  });

  test('bytes that are no UTF-8', () => {
    expect(refusal(() => parseBatch(Uint8Array.of(0x7b, 0xff, 0x7d))).message).toContain('UTF-8');
  });
});

describe('a file', () => {
  test('an empty line is no event', () => {
    expect(parseLine(' \r')).toEqual([]);
  });

  test('a wrong line is refused by name', () => {
    expect(refusal(() => parseLine('{"id":')).message).toMatch(/^line: not JSON/);
    expect(refusal(() => parseLine(JSON.stringify({ ...message, at: 'today' }))).message).toMatch(
      /^at: expected an ISO 8601 time/,
    );
  });

  test('a line that was typed by a visitor stays whole', () => {
    const text = 'Génial 🎉 "«»"\u2028\\n\u0000 — à jeudi !';
    expect(parseLine(JSON.stringify({ ...message, text }))[0]?.body.text).toBe(text);
  });
});

test('garbage is refused, never a crash', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => batchOf([value])),
  );
  fc.assert(fc.property(anything, (text) => tolerable(() => parse(text))));
  fc.assert(fc.property(anything, (text) => tolerable(() => parseLine(text))));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => tolerable(() => parseBatch(bytes))));
});

test('a good event with one field turned to garbage is refused or kept, never a crash', () => {
  const fields = fc.constantFrom(
    ...Object.keys(message),
    'landingPage',
    'rating',
    'email',
    'event',
    'userId',
  );
  fc.assert(
    fc.property(fields, fc.jsonValue(), fc.constantFrom(...Object.keys(eventTypes)), (field, value, type) => {
      tolerable(() => parse(batchOf([{ ...message, type, [field]: value }])));
    }),
    { numRuns: 500 },
  );
});

test('any order and any repetition of events lands the same records', () => {
  const events = Array.from({ length: 8 }, (_, index) => ({
    ...message,
    id: `ev_${index}`,
    at: `2026-06-30T09:12:0${index % 3}Z`,
  }));
  const erasure = { id: 'ev_x', type: 'erased', at: '2026-06-30T10:00:00Z', event: 'ev_3' };
  const all = [...events, erasure];
  const told = fc
    .shuffledSubarray(all, { minLength: all.length })
    .chain((shuffled) => fc.array(fc.constantFrom(...all)).map((repeats) => [...shuffled, ...repeats]));
  const expected = landed(parse(batchOf(all)).records);
  fc.assert(
    fc.property(told, (sequence) => {
      expect(landed(parse(batchOf(sequence)).records)).toEqual(expected);
    }),
  );
});

/** As landing keeps them: the latest version of each record. */
function landed(records: readonly VendorRecord[]): Record<string, VendorRecord> {
  const kept: Record<string, VendorRecord> = {};
  for (const record of records) {
    const known = kept[record.id];
    if (!known || record.modifiedAt >= known.modifiedAt) kept[record.id] = record;
  }
  return kept;
}

function tolerable(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ name: 'Fault', kind: 'rejected' });
  }
}
