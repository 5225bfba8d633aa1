/**
 * What there is in the end, so that two runs can be compared: the CRMs' records and the canonical state. Times
 * after `since` (when something was written or computed) and ids of records that the hub created depend on the
 * course of a run and are blotted out.
 */
import { type Entity, entityKinds } from '../../src/canonical/model.ts';
import type { Json, JsonObject } from '../../src/support/json.ts';
import type { Hub } from '../../src/sync/hub.ts';
import type { Emulators } from './story.ts';

/** Objects that the hub writes, or that hang on those. */
const kept: Readonly<Record<string, readonly string[]>> = {
  salesforce: ['Lead', 'Contact', 'Account', 'Opportunity', 'OpportunityContactRole', 'Chat_Touch__c'],
  hubspot: ['contacts', 'companies', 'deals'],
};

/** Said of a record by its vendor alone, different from run to run. */
const stamps = new Set([
  'LastModifiedById',
  'CreatedById',
  'OwnerId',
  'PhotoUrl',
  'hs_object_source_id',
  'hs_all_contact_vids',
]);

export interface CrmState {
  readonly [object: string]: readonly JsonObject[];
}

/** All live records, each object's in an order of its own content. */
export function crmState(emulator: Emulators, since: number): CrmState {
  const names = createdNames(emulator);
  const state: Record<string, JsonObject[]> = {};
  for (const [system, objects] of Object.entries(kept)) {
    for (const object of objects) {
      const rows = emulator(system)
        .records.all(object)
        .map((row) => withoutPassing(row, isOfHub(emulator, system, row)))
        .map((row) => blotted(withoutStamps(object, row), since, names));
      state[`${system} ${object}`] = inOrder(rows);
    }
  }
  return state;
}

/** Of every object: how many records there are. */
export function crmCounts(emulator: Emulators): Readonly<Record<string, number>> {
  const counts = Object.entries(kept).flatMap(([system, objects]) =>
    objects.map((object) => [`${system} ${object}`, emulator(system).records.count(object)] as const),
  );
  return Object.fromEntries(counts);
}

/**
 * Entities with their members, and every credit line whose share no clock decides. Why a value stands may depend
 * on the versions that were seen, what it is may not.
 */
export async function canonicalState(hub: Hub, emulator: Emulators, since: number): Promise<JsonObject[]> {
  const names = createdNames(emulator);
  const entities = await Promise.all(entityKinds.map((kind) => hub.store.entities.scan(kind, null, 100_000)));
  const deals = entities.flat().filter(({ kind }) => kind === 'Deal');
  const credits = await Promise.all(deals.map(({ id }) => hub.store.credits.ofDeal(id)));
  const lines = credits.flat().filter(({ model }) => model !== 'time-decay');
  const told = JSON.parse(JSON.stringify([...entities.flat().map(withoutReasons), ...lines])) as JsonObject[];
  return inOrder(told.map((one) => blotted(one, since, names)));
}

function withoutReasons({ provenance: _, ...entity }: Entity): object {
  return entity;
}

/** Record id → a name that does not depend on the order of creation, for the records that the hub created. */
function createdNames(emulator: Emulators): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const name = (system: string, object: string, id: string, hubId: string) => {
    for (const row of emulator(system).records.all(object)) {
      if (row[hubId] && isOfHub(emulator, system, row))
        names.set(String(row[id]), `${object} of ${String(row[hubId])}`);
    }
  };
  name('salesforce', 'Lead', 'Id', 'Hub_Id__c');
  name('salesforce', 'Chat_Touch__c', 'Id', 'External_Id__c');
  name('hubspot', 'contacts', 'id', 'hub_id');
  return names;
}

/** Whether the hub created it, not somebody in the CRM. */
function isOfHub(emulator: Emulators, system: string, row: JsonObject): boolean {
  if (system === 'hubspot') return row.hs_object_source === 'INTEGRATION';
  const [integration] = emulator('salesforce').records.all('User');
  return row.CreatedById === integration?.Id;
}

/**
 * A record that somebody else created gets the hub's id only along with another value: whether a value passed
 * through it that was changed again before the end depends on the course of a run.
 */
function withoutPassing(row: JsonObject, ofHub: boolean): JsonObject {
  const { Hub_Id__c: _, hub_id: __, ...kept } = row;
  return ofHub ? row : kept;
}

function withoutStamps(object: string, row: JsonObject): JsonObject {
  const own = object === 'Chat_Touch__c' ? ['Name'] : [];
  return Object.fromEntries(Object.entries(row).filter(([name]) => !stamps.has(name) && !own.includes(name)));
}

function blotted<T extends Json>(value: T, since: number, names: ReadonlyMap<string, string>): T {
  const blot = (one: Json): Json => {
    if (typeof one === 'number') return one >= since && one < since * 2 ? 'later' : one;
    if (typeof one === 'string') return isLater(one, since) ? 'later' : renamed(one, names);
    if (Array.isArray(one)) return one.map(blot);
    if (one === null || typeof one === 'boolean') return one;
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, blot(inner)]));
  };
  return blot(value) as T;
}

function isLater(text: string, since: number): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(text) && Date.parse(text) >= since;
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  const whole = names.get(text);
  if (whole !== undefined) return whole;
  const bar = text.lastIndexOf('|');
  const named = bar < 0 ? undefined : names.get(text.slice(bar + 1));
  return named === undefined ? text : `${text.slice(0, bar)}|${named}`;
}

function inOrder(rows: readonly JsonObject[]): JsonObject[] {
  return rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
}
