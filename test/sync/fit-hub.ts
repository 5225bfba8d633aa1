/** Hubs with fitted models for tests, on each kind of database there is here. */
import { afterEach, describe } from 'vitest';
import type { CreditLine } from '../../src/store/contract/credits.ts';
import type { Clock } from '../../src/support/clock.ts';
import { createLog, type Log, silentLog } from '../../src/support/log.ts';
import type { refit } from '../../src/sync/fit/refit.ts';
import { markAdminChanges, walk } from '../../src/sync/road.ts';
import { briskClock } from './clock.ts';
import { type MadeWorld, makeWorld, worldNow } from './fit-world.ts';
import { dataDirectory, found, openTestHub, type TestHub } from './hub.ts';
import { hasPostgres, postgresSchema, whyNot } from './postgres.ts';

/** Where a hub keeps its data: two hubs on one place are two processes of one hub. */
export interface FitPlace {
  readonly data: string;
  readonly database?: string;
  /** Marks of a process whose clock is ahead are due later for the others. */
  readonly clock: Clock;
}

export interface FitHubs {
  place(): Promise<FitPlace>;
  /** `more` changes the attribution settings. */
  open(more?: object, place?: FitPlace, log?: Log): Promise<TestHub>;
  /** A hub that has credited a made world by the fallback rule. */
  started(more?: object, place?: FitPlace, log?: Log): Promise<{ hub: TestHub; world: MadeWorld }>;
}

const attribution = {
  models: ['position', 'hazard', 'markov:1'],
  creditModel: 'hazard',
  fallbackModel: 'position',
  minConversions: 20,
  resamples: 20,
  covariates: [],
};

export function onEachDatabase(topic: string, suite: (hubs: FitHubs) => void): void {
  describe(`${topic}, on SQLite`, () => suite(fitHubs(async () => null)));
  describe.skipIf(!hasPostgres)(`${topic}, on PostgreSQL${whyNot}`, () => suite(fitHubs(postgresSchema)));
}

type Shared = Awaited<ReturnType<typeof postgresSchema>> | null;

function fitHubs(shared: () => Promise<Shared>): FitHubs {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  const place = async (): Promise<FitPlace> => {
    const [folder, schema] = [dataDirectory(), await shared()];
    closing.push(() => folder.remove());
    if (schema) closing.push(() => schema.drop());
    return { data: folder.path, clock: briskClock(worldNow), ...(schema ? { database: schema.url } : {}) };
  };
  const open: FitHubs['open'] = async (more = {}, at, log = silentLog) => {
    const { data, database, clock } = at ?? (await place());
    const hub = await openTestHub({
      systems: ['chatbot'],
      clock,
      log,
      settings: { attribution: { ...attribution, ...more }, ...(database ? { database } : {}) },
      data,
    });
    closing.push(() => hub.close());
    return hub;
  };
  const started: FitHubs['started'] = async (more, at, log) => {
    const hub = await open(more, at, log);
    const world = await makeWorld(hub.hub.store);
    await markAdminChanges(hub.hub);
    await hub.hub.store.work.mark('attribute', world.won);
    await walk(hub.hub, { push: false });
    return { hub, world };
  };
  return { place, open, started };
}

export async function linesOf({ hub }: TestHub, { won }: MadeWorld): Promise<CreditLine[]> {
  return (await Promise.all(won.map((id) => hub.store.credits.ofDeal(id)))).flat();
}

/** Of the deals with chat credit. */
export async function fieldsOf({ hub }: TestHub, { won }: MadeWorld) {
  const deals = await hub.store.entities.get(won);
  return deals.map(({ fields }) => fields).filter((fields) => fields['chatCredit.share'] !== null);
}

export function outcomeOf(outcomes: Awaited<ReturnType<typeof refit>>, model: string) {
  return found(
    outcomes?.find((one) => one.model === model),
    model,
  );
}

/** Settings under which any new fit is promoted. */
export const easilyPromoted = { leastNews: 0, drift: { share: 1, mix: 100, rate: 100 } };

/** A log that keeps what is worth a warning. */
export function warnings(): { readonly log: Log; readonly lines: readonly string[] } {
  const lines: string[] = [];
  return { log: createLog('warn', { write: (line) => void lines.push(line) }), lines };
}
