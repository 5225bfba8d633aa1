/**
 * Webhook deliveries: an array of events, unordered and repeated, that only name what to read again. A merge is
 * followed by no event for the values that it moved, so all its records are named.
 */
import { z } from 'zod';
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { Change, Delivery, Webhooks } from '../../../src/connector/contract/webhooks.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { HubSpotConfig } from '../config.ts';
import { crmObjects } from '../wire/objects.ts';
import { admit, verify } from '../wire/signature.ts';
import { timeOf } from './record.ts';

/** At most a hundred events in a delivery, each with one value of up to 65,536 characters; most are far shorter. */
const maxBytes = 5 * 1024 * 1024;

const id = z.union([z.number(), z.string()]).transform(String);

/** What is not of the expected shape is as good as absent: the rest of the event still names what to read. */
const text = z.string().nullish().catch(null);
const maybeId = id.nullish().catch(null);

const eventSchema = z.looseObject({
  subscriptionType: z.string(),
  occurredAt: z.union([z.number(), z.string()]).nullish().catch(null),
  objectId: maybeId,
  /** Of the generic `object.*` events: `0-1`, `2-345`. */
  objectTypeId: text,
  primaryObjectId: maybeId,
  mergedObjectIds: z.array(maybeId).nullish().catch(null),
  newObjectId: maybeId,
  /** `DEAL_TO_CONTACT`. */
  associationType: text,
  fromObjectId: maybeId,
  toObjectId: maybeId,
  fromObjectTypeId: text,
  toObjectTypeId: text,
});
type Event = z.infer<typeof eventSchema>;

export const hubspotWebhooks: Webhooks<HubSpotConfig> = {
  maxBytes,
  admit,
  verify,
  parse: (_, request) => parse(request.body),
};

function parse(body: Uint8Array): Delivery {
  const deliveries = eventsOf(body).map(readEvent);
  const records = deliveries.flatMap((delivery) => delivery.records);
  const erased = new Set(records.map(nameOf));
  const changes = new Map(
    deliveries.flatMap((delivery) => delivery.changes.map((change) => [nameOf(change), change])),
  );
  return {
    // An erasure is told as a deletion too; reading that again would find no more than a deletion.
    changes: [...changes].filter(([name]) => !erased.has(name)).map(([, change]) => change),
    records,
    ignored: deliveries.filter((delivery) => delivery.changes.length + delivery.records.length === 0).length,
  };
}

function nameOf(change: Change): string {
  return `${change.object}|${change.id}`;
}

function eventsOf(body: Uint8Array): unknown[] {
  try {
    return z.array(z.unknown()).parse(JSON.parse(new TextDecoder().decode(body)));
  } catch (cause) {
    throw new Fault('rejected', 'not a HubSpot delivery: its body is no JSON array of events', {
      code: 'NOT_A_DELIVERY',
      cause,
    });
  }
}

type Reading = Pick<Delivery, 'changes' | 'records'>;
const nothing: Reading = { changes: [], records: [] };

/** What one event names; nothing for one of a kind that is not followed. */
function readEvent(value: unknown): Reading {
  const event = eventSchema.safeParse(value).data;
  const [subject = '', kind = ''] = event?.subscriptionType.split('.') ?? [];
  const object = objectOf(subject) ?? typeName(event?.objectTypeId);
  if (event === undefined || object === undefined) return nothing;
  return (readers[kind] ?? nothingOf)(event, object);
}

const readers: Readonly<Record<string, (event: Event, object: string) => Reading>> = {
  creation: changed,
  propertyChange: changed,
  deletion: changed,
  restore: changed,
  merge: (event, object) =>
    named(
      [event.newObjectId, event.primaryObjectId, event.objectId, ...(event.mergedObjectIds ?? [])],
      object,
    ),
  associationChange: (event, object) => {
    const [from, to] = endsOf(event, object);
    const ends = [named([event.fromObjectId], from), named([event.toObjectId], to)];
    return { changes: ends.flatMap(({ changes }) => changes), records: [] };
  },
  privacyDeletion: (event, object) => ({ changes: [], records: erasures(event, object) }),
};

function changed(event: Event, object: string): Reading {
  return named([event.objectId], object);
}

function nothingOf(): Reading {
  return nothing;
}

function named(ids: readonly (string | null | undefined)[], object: string | undefined): Reading {
  if (object === undefined) return nothing;
  const present = ids.filter((one): one is string => one !== null && one !== undefined && one !== '0');
  return { changes: present.map((one) => ({ object, id: one })), records: [] };
}

/** The webhook is the only one that tells an erasure from a deletion. */
function erasures({ objectId, occurredAt }: Event, object: string): VendorRecord[] {
  if (objectId === null || objectId === undefined) return [];
  const modifiedAt = timeOf(occurredAt ?? undefined) ?? 0;
  return [{ object, id: objectId, body: {}, modifiedAt, tombstone: { kind: 'erased' } }];
}

function endsOf(event: Event, object: string): [string | undefined, string | undefined] {
  const [from = '', to = ''] = event.associationType?.toLowerCase().split('_to_') ?? [];
  return [
    typeName(event.fromObjectTypeId) ?? objectOf(from) ?? object,
    typeName(event.toObjectTypeId) ?? objectOf(to),
  ];
}

/** Events name objects in the singular: `company.creation`, `DEAL_TO_COMPANY`. */
const bySingular: ReadonlyMap<string, string> = new Map([
  ['contact', 'contacts'],
  ['company', 'companies'],
  ['deal', 'deals'],
  ['ticket', 'tickets'],
  ['call', 'calls'],
  ['meeting', 'meetings'],
  ['email', 'emails'],
]);

function objectOf(singular: string): string | undefined {
  return bySingular.get(singular);
}

/** A type that is none of ours (a custom object) goes by its number, as it does in paths. */
function typeName(typeId: string | null | undefined): string | undefined {
  if (typeId === null || typeId === undefined) return undefined;
  return crmObjects.find((object) => object.typeId === typeId)?.name ?? typeId;
}
