/** What happened, in the words of HubSpot's webhook payloads. */

import type { Portal } from '../portal.ts';
import type { Happening } from '../state/happenings.ts';

export interface WebhookEvent {
  readonly eventId: number;
  readonly subscriptionId: number;
  readonly portalId: number;
  readonly appId: number;
  readonly occurredAt: number;
  readonly subscriptionType: string;
  readonly attemptNumber: number;
  readonly [more: string]: unknown;
}

/** An app is subscribed to everything here; each kind of event has a subscription with an id of its own. */
export class EventWriter {
  readonly #portal: Portal;
  readonly #subscriptions = new Map<string, number>();

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  write(happening: Happening): WebhookEvent {
    const { kind, stamp } = happening;
    const object = objectOf(happening);
    const type = this.#portal.findType(object);
    const { generic } = this.#portal.knobs.webhooks;
    const subscriptionType = `${generic ? 'object' : (type?.singular ?? object)}.${kind}`;
    const property = kind === 'propertyChange' ? happening.property : '';
    return {
      eventId: Math.floor(this.#portal.random.next() * 2 ** 31),
      subscriptionId: this.#subscriptionId(`${object}.${kind}.${property}`),
      portalId: this.#portal.id,
      appId: this.#portal.appId,
      occurredAt: stamp.at,
      subscriptionType,
      attemptNumber: 0,
      ...(generic ? { objectTypeId: type?.typeId } : {}),
      changeSource: stamp.source.type,
      sourceId: stamp.source.id,
      ...this.#details(happening),
    };
  }

  #details(happening: Happening): object {
    switch (happening.kind) {
      case 'propertyChange': {
        const { record, property, value } = happening;
        return {
          objectId: Number(record.id),
          propertyName: property,
          propertyValue: value,
          isSensitive: false,
        };
      }
      case 'merge': {
        const { primary, merged, survivor, moved } = happening;
        return {
          changeFlag: 'MERGED',
          primaryObjectId: Number(primary.id),
          mergedObjectIds: [Number(merged)],
          newObjectId: Number(survivor),
          numberOfPropertiesMoved: moved,
        };
      }
      case 'associationChange':
        return this.#association(happening);
      default:
        return { objectId: Number(happening.record.id), changeFlag: flags[happening.kind] };
    }
  }

  #association({ from, to, type, removed }: Happening & { kind: 'associationChange' }): object {
    const word = (object: string) => (this.#portal.findType(object)?.singular ?? object).toUpperCase();
    return {
      fromObjectId: Number(from.id),
      toObjectId: Number(to.id),
      associationType: `${word(from.object)}_TO_${word(to.object)}`,
      associationRemoved: removed,
      isPrimaryAssociation: type.label === 'Primary',
    };
  }

  #subscriptionId(key: string): number {
    const known = this.#subscriptions.get(key) ?? 2_000_001 + this.#subscriptions.size;
    this.#subscriptions.set(key, known);
    return known;
  }
}

const flags = {
  creation: 'CREATED',
  deletion: 'DELETED',
  privacyDeletion: 'PRIVACY_DELETED',
  restore: 'RESTORED',
} as const;

function objectOf(happening: Happening): string {
  if (happening.kind === 'associationChange') return happening.from.object;
  return happening.kind === 'merge' ? happening.primary.object : happening.record.object;
}
