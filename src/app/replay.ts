/**
 * A recording, read again: served on loopback, pulled by the real connector, carried through the mapping to
 * entities and events. Whatever was recorded and came to nothing is named.
 */
import { basename, dirname } from 'node:path';
import { emulators } from '../../emulators/index.ts';
import type { Exchange } from '../../emulators/loopback/recording.ts';
import type { RecordedRow, ReplayDefinition } from '../../emulators/loopback/replay.ts';
import { type App, openApp } from '../app.ts';
import { entityKinds } from '../canonical/model.ts';
import type { VendorRecord } from '../connector/contract/reading.ts';
import { settingsSchema, temporaryData } from '../settings/schema.ts';
import type { Log } from '../support/log.ts';
import { didYouMean } from '../support/nearest.ts';
import { Problem } from '../support/problem.ts';
import type { Hub, System } from '../sync/hub.ts';
import { land, pullOptions } from '../sync/pull/landing.ts';
import { walk } from '../sync/road.ts';
import { type Completed, objectReports, type ReplayReport } from './replay-report.ts';
import { silentOf } from './replay-unread.ts';

export interface ReplayOptions {
  /** Connector; guessed from the exchanges when absent. */
  readonly as?: string;
  /** Of bodies that do not say which object they are of. */
  readonly object?: string;
  /** The mapping file. */
  readonly mapping: (system: string) => string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export async function replay(exchanges: readonly Exchange[], options: ReplayOptions): Promise<ReplayReport> {
  const definition = await definitionFor(exchanges, options.as);
  const { object } = options;
  const completed = rowsOf(exchanges, definition, object).map((row) => definition.complete(row));
  const served = await definition.serve(completed.map(({ row }) => row));
  try {
    const settings = settingsFor(definition.system, served.config, options);
    const app = await openApp(settings, { env: {}, ...options });
    const come = await cameOf(app, definition, completed).finally(() => app.close());
    const silent = exchanges.filter((exchange) => definition.recordsIn(exchange, object).length === 0);
    const { system } = definition;
    return { system, exchanges: exchanges.length, ...come, ...silentOf(silent, definition) };
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
  const known = Object.entries(emulators).flatMap(([name, { replay: load }]) =>
    load ? [{ name, load }] : [],
  );
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
  throw new Problem('usage', `Nothing in it says which system it is a recording of${hostsOf(exchanges)}.`, {
    ...(exchanges[0] ? { where: exchanges[0].source } : {}),
    remedy: `Recordings of ${names.join(' and ')} can be replayed: if it is one, give --as ${names.join(' or --as ')}.`,
  });
}

/** Whom the requests went to, where that was recorded. */
function hostsOf(exchanges: readonly Exchange[]): string {
  const hosts = [...new Set(exchanges.flatMap(({ host }) => host || []))].slice(0, 3);
  if (hosts.length > 0) return `; its requests went to ${hosts.join(', ')}`;
  const texts = exchanges.filter(({ body }) => typeof body === 'string').length;
  return texts > 0 && texts === exchanges.length ? '; it is not JSON' : '';
}

/** One row for each record: what all its showings tell together. */
function rowsOf(
  exchanges: readonly Exchange[],
  definition: ReplayDefinition,
  object: string | undefined,
): RecordedRow[] {
  const rows = new Map<string, RecordedRow>();
  for (const row of exchanges.flatMap((exchange) => definition.recordsIn(exchange, object))) {
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
    connections: { [system]: { connector: system, mapping: basename(file), config } },
  });
  return { ...settings, mappings: dirname(file), file: 'the recording' };
}

// ------------------------------------------------------------------------------------------- what came of it

async function pullAll(hub: Hub, system: System): Promise<VendorRecord[]> {
  const all: VendorRecord[] = [];
  for (const [object, stream] of Object.entries(system.connector.streams ?? {})) {
    const parts = stream.parts ? await stream.parts(system.context) : [null];
    for (const part of parts) {
      const options = { ...pullOptions(system, object), ...(part === null ? {} : { part }) };
      for await (const { records } of stream.pull(system.context, null, options)) {
        await land(hub, system.name, records);
        all.push(...records);
      }
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
