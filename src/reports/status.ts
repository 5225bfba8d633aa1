/** The state of the hub in numbers: for `status`, the API and metrics. */

import type { Stage } from '../store/contract/work.ts';
import { iso } from '../support/clock.ts';
import { type LeftBehind, leftBehind } from '../sync/editions.ts';
import { drifts, type ModelDrift } from '../sync/fit/drift.ts';
import { type Hub, pulledObjects, type System } from '../sync/hub.ts';
import { skewOf } from '../sync/pull/clock-skew.ts';
import { pulledAt } from '../sync/pull/pulled-at.ts';
import { refusalOf } from '../sync/pull/refusals.ts';
import { parkedRows, type RowsBehind, type RowsLeft, rowsLeft } from '../sync/push/plan/rows-behind.ts';
import { type Doubtful, tellDoubts } from './doubts.ts';
import { type EventsSent, eventsSent } from './events-sent.ts';
import { openDoubts } from './open-doubts.ts';
import { type Trouble, troublesOf } from './troubles.ts';

export interface HubStatus {
  readonly connections: Readonly<Record<string, ConnectionStatus>>;
  readonly entities: {
    readonly Person: number;
    readonly Organization: number;
    readonly Deal: number;
    readonly ChatTouch: number;
  };
  /** Deals that no chat can be credited to, for nobody is tied to them. */
  readonly dealsWithoutPeople: number;
  /** Those of them whose account has too many people for all of them to be meant. */
  readonly dealsOfLargeAccounts: number;
  readonly waiting: Readonly<Record<Stage, number>>;
  /** Writes that name a record which is still to come; they go with it. */
  readonly waitsForRecords: number;
  /** Rows that wait until their deals have been told their credit. */
  readonly heldRows: RowsBehind;
  /** Rows that are parked, so that their deals show what they do not say. */
  readonly parkedRows: RowsBehind;
  /** Rows that stay as they are, for nothing is written to them, while their deals are told new credit. */
  readonly rowsLeft: readonly RowsLeft[];
  readonly parked: number;
  /** Ambiguous keys, by reason. */
  readonly doubts: Readonly<Record<string, number>>;
  /** The first of them, with who holds them. */
  readonly ambiguousKeys: readonly AmbiguousKey[];
  readonly attribution: AttributionStatus;
  /** Processes that have read older files than others, each with what it leaves to them. */
  readonly behind: readonly LeftBehind[];
}

export type AmbiguousKey = Omit<Doubtful, 'pairs'>;

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
  /** Objects that are not read, or not read whole, with what to do. */
  readonly troubles: readonly Trouble[];
  /** By how many ms the hub's clock was ahead of the vendor's at the last pull; null where they agree. */
  readonly clockSkew: number | null;
  readonly calls: number;
  /** Events that it was told of, by object; empty where it is told of none. */
  readonly events: Readonly<Record<string, EventsSent>>;
}

export async function hubStatus(hub: Hub): Promise<HubStatus> {
  const connections: Record<string, ConnectionStatus> = {};
  for (const system of hub.systems.values()) {
    const times = await pullTimes(hub, system);
    const known = times.filter((time) => time !== null);
    connections[system.name] = {
      connector: system.connector.id,
      records: await hub.store.landing.counts(system.name),
      lastPull: known.length > 0 && known.length === times.length ? iso(Math.min(...known)) : null,
      troubles: await troublesOf(hub, system),
      clockSkew: await skewOf(hub, system.name),
      calls: system.calls(),
      events: await eventsSent(hub.store, system.name),
    };
  }
  const { entities, work } = hub.store;
  const withoutPeople = await entities.dealsWithoutPeople();
  return {
    connections,
    entities: {
      Person: await entities.count('Person'),
      Organization: await entities.count('Organization'),
      Deal: await entities.count('Deal'),
      ChatTouch: await entities.count('ChatTouch'),
    },
    dealsWithoutPeople: withoutPeople.deals,
    dealsOfLargeAccounts: withoutPeople.ofLargeAccounts,
    waiting: await work.counts(),
    waitsForRecords: await hub.store.waits.count(),
    heldRows: await hub.store.heldRows.count(),
    parkedRows: await parkedRows(hub),
    rowsLeft: await rowsLeft(hub),
    parked: (await work.parked()).length,
    ...(await ambiguous(hub)),
    attribution: await attributionStatus(hub),
    behind: await leftBehind(hub),
  };
}

/** No more of the ambiguous keys are named. */
const mostKeys = 5;

async function ambiguous(hub: Hub): Promise<Pick<HubStatus, 'doubts' | 'ambiguousKeys'>> {
  const open = await openDoubts(hub);
  const byReason = Map.groupBy(open, ({ reason }) => reason);
  const counts = [...byReason].map(([reason, some]): [string, number] => [reason, some.length]);
  const told = await tellDoubts(hub, open.slice(0, mostKeys));
  return {
    doubts: Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1))),
    ambiguousKeys: told.map(({ pairs: _, ...key }) => key),
  };
}

/** Of streams that the vendor lets be read. */
async function pullTimes(hub: Hub, system: System): Promise<(number | null)[]> {
  const times: (number | null)[] = [];
  for (const object of pulledObjects(system))
    if ((await refusalOf(hub, system.name, object)) === null)
      times.push(await pulledAt(hub, system.name, object));
  return times;
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
