/**
 * A recording, read again: served on loopback, pulled by the real connector, carried through the mapping to
 * entities and events. Whatever was recorded and came to nothing is named.
 */
import { basename, dirname } from 'node:path';
import { systems } from '../../connectors/index.ts';
import { type App, openApp } from '../app.ts';
import { entityKinds } from '../canonical/model.ts';
import type { VendorRecord } from '../connector/contract.ts';
import { type Exchange, titleOf } from '../emulator/recording.ts';
import type { RecordedRow, ReplayDefinition } from '../emulator/replay.ts';
import { settingsSchema, temporaryData } from '../settings/schema.ts';
import type { Log } from '../support/log.ts';
import { didYouMean } from '../support/nearest.ts';
import { Problem } from '../support/problem.ts';
import type { Hub, System } from '../sync/hub.ts';
import { land, pullOptions } from '../sync/pull.ts';
import { walk } from '../sync/road.ts';
import { type Completed, countBy, objectReports, type ReplayReport } from './replay-report.ts';

export interface ReplayOptions {
  /** Connector; guessed from the exchanges when absent. */
  readonly as?: string;
  /** The mapping file. */
  readonly mapping: (system: string) => string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export async function replay(exchanges: readonly Exchange[], options: ReplayOptions): Promise<ReplayReport> {
  const definition = await definitionFor(exchanges, options.as);
  const completed = rowsOf(exchanges, definition).map((row) => definition.complete(row));
  const served = await definition.serve(completed.map(({ row }) => row));
  try {
    const settings = settingsFor(definition.system, served.config, options);
    const app = await openApp(settings, { env: {}, ...options });
    const come = await cameOf(app, definition, completed).finally(() => app.close());
    const silent = exchanges.filter((exchange) => definition.recordsIn(exchange).length === 0);
    const withoutRecords = countBy(silent.map(titleOf));
    return { system: definition.system, exchanges: exchanges.length, ...come, withoutRecords };
  } finally {
    await served.close();
  }
}

async function cameOf(
  { hub }: App,
  definition: ReplayDefinition,
  completed: readonly Completed[],
): Promise<Pick<ReplayReport, 'objects' | 'entities' | 'events'>> {
  const system = hub.systems.get(definition.system);
  if (!system) throw new RangeError(`there is no connection ${definition.system}`);
  const pulled = await pullAll(hub, system);
  await walk(hub, { push: false });
  return {
    objects: await objectReports(definition, system, completed, pulled),
    entities: await allEntities(hub),
    events: await allEvents(hub),
  };
}

// ------------------------------------------------------------------------------------------- what was recorded

async function definitionFor(
  exchanges: readonly Exchange[],
  as: string | undefined,
): Promise<ReplayDefinition> {
  const known = Object.entries(systems).flatMap(([name, { replay: load }]) => (load ? [{ name, load }] : []));
  const names = known.map(({ name }) => name);
  if (as !== undefined) {
    const chosen = known.find(({ name }) => name === as);
    if (chosen) return chosen.load();
    const message = `Recordings of "${as}" cannot be replayed.`;
    throw new Problem('usage', message, { remedy: didYouMean(as, names) });
  }
  for (const { load } of known) {
    const definition = await load();
    if (exchanges.some((exchange) => definition.recognizes(exchange))) return definition;
  }
  throw new Problem('usage', 'Nothing tells which system this is a recording of.', {
    remedy: `Say it with --as ${names.join(' or --as ')}.`,
  });
}

/** One row for each record: what all its showings tell together. */
function rowsOf(exchanges: readonly Exchange[], definition: ReplayDefinition): RecordedRow[] {
  const rows = new Map<string, RecordedRow>();
  for (const row of exchanges.flatMap((exchange) => definition.recordsIn(exchange))) {
    const name = `${row.object} ${row.id}`;
    const before = rows.get(name);
    rows.set(name, before ? { ...row, body: definition.merge(before.body, row.body) } : row);
  }
  return [...rows.values()];
}

function settingsFor(system: string, config: object, { mapping }: ReplayOptions) {
  const file = mapping(system);
  const settings = settingsSchema.parse({
    data: temporaryData,
    mappings: dirname(file),
    connections: { [system]: { connector: system, mapping: basename(file), config } },
  });
  return { ...settings, file: 'the recording' };
}

// ------------------------------------------------------------------------------------------- what came of it

async function pullAll(hub: Hub, system: System): Promise<VendorRecord[]> {
  const all: VendorRecord[] = [];
  for (const [object, stream] of Object.entries(system.connector.streams ?? {})) {
    for await (const { records } of stream.pull(system.context, null, pullOptions(system, object))) {
      await land(hub, system.name, records);
      all.push(...records);
    }
  }
  return all;
}

const most = 100_000;

async function allEntities({ store }: Hub): Promise<ReplayReport['entities']> {
  const pages = await Promise.all(entityKinds.map((kind) => store.entities.scan(kind, null, most)));
  return pages.flat().map(({ id, kind, fields, members }) => ({ id, kind, fields, members }));
}

async function allEvents({ store }: Hub): Promise<ReplayReport['events']> {
  const events = await store.facts.events({}, most);
  return events.map(({ type, time, subject, data }) => ({ type, time, subject, data }));
}
