/** The state of the hub in numbers: for `status`, the API and metrics. */

import type { Stage } from '../store/contract.ts';
import { iso } from '../support/clock.ts';
import { drifts, type ModelDrift } from './fit/drift.ts';
import { type Hub, pulledObjects } from './hub.ts';
import { pulledAt } from './pull.ts';

export interface HubStatus {
  readonly connections: Readonly<Record<string, ConnectionStatus>>;
  readonly entities: {
    readonly Person: number;
    readonly Organization: number;
    readonly Deal: number;
    readonly ChatTouch: number;
  };
  readonly waiting: Readonly<Record<Stage, number>>;
  readonly parked: number;
  readonly attribution: AttributionStatus;
}

/** What credits deals now. */
export interface AttributionStatus {
  readonly model: string;
  /** `rule`, or the version of the promoted fit. */
  readonly version: string;
  /** Won deals that the fit rests on; null for rules. */
  readonly conversions: number | null;
  /** Why it is not the model that was asked for; null when it is. */
  readonly instead: string | null;
  /** Models whose newest fit waits, with how it differs from the promoted one. */
  readonly drift: readonly ModelDrift[];
}

export interface ConnectionStatus {
  readonly connector: string;
  /** Live records by object. */
  readonly records: Readonly<Record<string, number>>;
  /** ISO 8601; null when it has never been pulled through. */
  readonly lastPull: string | null;
  readonly calls: number;
}

export async function hubStatus(hub: Hub): Promise<HubStatus> {
  const connections: Record<string, ConnectionStatus> = {};
  for (const system of hub.systems.values()) {
    const times = await Promise.all(
      pulledObjects(system).map((object) => pulledAt(hub, system.name, object)),
    );
    const known = times.filter((time) => time !== null);
    connections[system.name] = {
      connector: system.connector.id,
      records: await hub.store.landing.counts(system.name),
      lastPull: known.length > 0 && known.length === times.length ? iso(Math.min(...known)) : null,
      calls: system.calls(),
    };
  }
  const { entities, work } = hub.store;
  return {
    connections,
    entities: {
      Person: await entities.count('Person'),
      Organization: await entities.count('Organization'),
      Deal: await entities.count('Deal'),
      ChatTouch: await entities.count('ChatTouch'),
    },
    waiting: await work.counts(),
    parked: (await work.parked()).length,
    attribution: await attributionStatus(hub),
  };
}

async function attributionStatus(hub: Hub): Promise<AttributionStatus> {
  const { credit, instead } = await hub.models.current();
  return {
    model: credit.id,
    version: credit.version,
    conversions: credit.evidence?.conversions ?? null,
    instead: instead ?? null,
    drift: await drifts(hub),
  };
}
