import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hubspotConfig } from '../../../connectors/hubspot/config.ts';
import { hubspotWebhooks } from '../../../connectors/hubspot/read/webhooks.ts';
import type { Delivery } from '../../../src/connector/contract/webhooks.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { systemClock } from '../../../src/support/clock.ts';

const config = hubspotConfig.parse({ accessToken: 'pat' });

function parse(body: string): Delivery {
  const request = {
    method: 'POST',
    url: 'https://hub.example/',
    headers: {},
    body: new TextEncoder().encode(body),
  };
  return hubspotWebhooks.parse({ config, clock: systemClock }, request);
}

function changesOf(...events: object[]): string[] {
  return parse(JSON.stringify(events)).changes.map(({ object, id }) => `${object} ${id}`);
}

describe('a delivery names', () => {
  test('the record of each event once', () => {
    const event = {
      subscriptionType: 'deal.propertyChange',
      objectId: 5,
      propertyName: 'amount',
      attemptNumber: 0,
    };
    expect(changesOf(event, { ...event, propertyName: 'dealstage' }, { ...event, objectId: 6 })).toEqual([
      'deals 5',
      'deals 6',
    ]);
  });

  test('the objects of generic events by their type', () => {
    const event = { subscriptionType: 'object.creation', objectId: 5 };
    expect(changesOf({ ...event, objectTypeId: '0-2' }, { ...event, objectTypeId: '2-345' })).toEqual([
      'companies 5',
      '2-345 5',
    ]);
  });

  test('winner, losers and the new id of a merge', () => {
    const event = {
      subscriptionType: 'contact.merge',
      primaryObjectId: 1,
      mergedObjectIds: [2, 3],
      newObjectId: 9,
      objectId: 1,
    };
    expect(changesOf(event)).toEqual(['contacts 9', 'contacts 1', 'contacts 2', 'contacts 3']);
  });

  test('both ends of an association', () => {
    const event = {
      subscriptionType: 'deal.associationChange',
      associationType: 'DEAL_TO_CONTACT',
      fromObjectId: 5,
      toObjectId: 7,
    };
    expect(changesOf(event)).toEqual(['deals 5', 'contacts 7']);
    const generic = {
      subscriptionType: 'object.associationChange',
      objectTypeId: '0-1',
      fromObjectTypeId: '0-1',
      toObjectTypeId: '0-3',
    };
    expect(changesOf({ ...generic, fromObjectId: 1, toObjectId: 2 })).toEqual(['contacts 1', 'deals 2']);
  });

  test('an erased person by a tombstone, which the deletion told with it does not undo', () => {
    const events = [
      { subscriptionType: 'contact.deletion', objectId: 5, occurredAt: 1_700_000_000_000 },
      { subscriptionType: 'contact.privacyDeletion', objectId: 5, occurredAt: 1_700_000_000_000 },
    ];
    const { changes, records } = parse(JSON.stringify(events));
    expect(changes).toEqual([]);
    expect(records).toEqual([
      { object: 'contacts', id: '5', body: {}, modifiedAt: 1_700_000_000_000, tombstone: { kind: 'erased' } },
    ]);
  });

  test.each([
    ['a time in text', { occurredAt: '2026-06-30T12:00:00Z' }],
    ['a time of no shape', { occurredAt: { ms: 1 } }],
    ['fields of other shapes', { associationType: 7, mergedObjectIds: 'none', objectTypeId: 1 }],
  ])('a record whatever else its event says: %s', (_, odd) => {
    expect(changesOf({ subscriptionType: 'contact.creation', objectId: 5, ...odd })).toEqual(['contacts 5']);
    const [erased] = parse(
      JSON.stringify([{ subscriptionType: 'contact.privacyDeletion', objectId: 5, ...odd }]),
    ).records;
    expect(erased).toMatchObject({ id: '5', tombstone: { kind: 'erased' } });
  });

  test('nothing for events of other kinds, which are counted', () => {
    const events = [
      { subscriptionType: 'conversation.creation', objectId: 5 },
      { subscriptionType: 'contact.somethingNew', objectId: 5 },
      { subscriptionType: 42 },
      null,
      'text',
      { subscriptionType: 'contact.creation', objectId: 5 },
    ];
    expect(parse(JSON.stringify(events))).toMatchObject({
      changes: [{ object: 'contacts', id: '5' }],
      ignored: 5,
    });
  });
});

test.each(['', '[{', '{"a":1}', '"text"'])('the body %s is no delivery', (body) => {
  expect(() => parse(body)).toThrow(Fault);
});

test('no array of events brings it down', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (events) => {
      const { changes, records, ignored = 0 } = parse(JSON.stringify(events));
      expect(changes.length + records.length + ignored).toBeLessThanOrEqual(events.length);
    }),
  );
});
