/** Schedules: each system's streams pulled when its cron says, with jitter and no overlap; the road walked on every mark. */
import { type ScheduledTask, schedule, type TaskOptions } from 'node-cron';
import { Fault } from '../connector/fault.ts';
import { messageOf } from '../support/error-text.ts';
import { refit } from './fit/refit.ts';
import { type Hub, pulledObjects, type System } from './hub.ts';
import { pullNews } from './pull/poll.ts';
import { restsOf } from './pull/rests.ts';
import type { PullScope } from './pull/stream.ts';
import { resumesInMs } from './resumption.ts';
import { walk } from './road.ts';

/** Spreads several hubs and connections that share a full minute. */
const jitterMs = 10_000;

/** Even if no mark is noticed: the road is looked at this often. Catches work that has become due. */
const idleMs = 1_000;

export interface Scheduler {
  /** Stops taking on work; resolves when what runs has come to its end. */
  stop(): Promise<void>;
}

export interface ScheduleOptions {
  /** Pull everything once at the start. */
  readonly pullAtStart?: boolean;
  readonly jitterMs?: number;
}

export function startSchedule(hub: Hub, options: ScheduleOptions = {}): Scheduler {
  const walker = startWalker(hub);
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const after = (wait: number, work: () => Promise<void>) => {
    const delay = hub.clock.sleep(wait, AbortSignal.any([hub.signal, stopping.signal]));
    const pass = delay.then(work, () => undefined).finally(() => running.delete(pass));
    running.add(pass);
    return pass;
  };
  const resumption = new Resumption(hub, after);
  const pull = (system: System, scope: PullScope, wait: number) =>
    after(wait, async () => {
      await pullOnce(hub, system, scope);
      await resumption.plan(system);
    });
  const tasks = [...hub.systems.values()].flatMap((system) =>
    rounds(system).map(({ cron, scope }): ScheduledTask => {
      const jitter = () => Math.random() * (options.jitterMs ?? jitterMs);
      const name = `${system.name} ${cron}${scope.full ? ' from the beginning' : ''}`;
      return schedule(cron, () => pull(system, scope, jitter()), taskOptions(hub, name));
    }),
  );
  const fits = scheduledRefits(hub, running);
  for (const system of hub.systems.values()) after(0, () => resumption.plan(system));
  if (options.pullAtStart) {
    for (const system of hub.systems.values()) void pull(system, {}, 0);
  }
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([...tasks, ...fits].map((task) => task.destroy()));
      await Promise.allSettled(running);
      await walker.stop();
    },
  };
}

/** Its own words go into the hub's log: left to itself, it prints coloured lines among ours. */
function taskOptions({ log }: Hub, task: string): TaskOptions {
  const words = (said: string | Error) => (said instanceof Error ? said.message : said);
  const logger = {
    debug: (said: string | Error) => log.debug({ task }, words(said)),
    info: (said: string) => log.info({ task }, said),
    warn: (said: string) => log.warn({ task }, said),
    error: (said: string | Error) => log.error({ task }, words(said)),
  };
  return { name: task, noOverlap: true, logger };
}

/** Several processes share the schedule; the first does it, and the others see that it is done. */
function scheduledRefits(hub: Hub, running: Set<Promise<void>>): ScheduledTask[] {
  const cron = hub.settings.attribution.refit;
  if (cron === 'off') return [];
  const fit = () => {
    const pass = scheduledRefit(hub).finally(() => running.delete(pass));
    running.add(pass);
    return pass;
  };
  return [schedule(cron, fit, taskOptions(hub, 'refit'))];
}

async function scheduledRefit(hub: Hub): Promise<void> {
  // Clocks of several machines differ a little.
  const due = hub.clock.now() - 60_000;
  try {
    for (const { model, version, why } of (await refit(hub, { due })) ?? [])
      hub.log.info({ model, version }, why);
  } catch (error) {
    if (hub.signal.aborted) return;
    hub.log.error({ error: messageOf(error) }, 'the fit failed');
  }
}

interface Round {
  readonly cron: string;
  readonly scope: PullScope;
}

/** What is pulled together, and when. */
export function rounds(system: System): Round[] {
  const { rereads } = system.settings;
  const byCron = Map.groupBy(pulledObjects(system), (object) => cronOf(system, object));
  const changes = [...byCron].map(([cron, objects]): Round => ({ cron, scope: { objects } }));
  return rereads === 'off' ? changes : [...changes, { cron: rereads, scope: { full: true } }];
}

/** The admin's word for the stream, else the connector's, else that for the whole system. */
function cronOf({ settings, connector }: System, object: string): string {
  return settings.schedules[object] ?? connector.streams?.[object]?.schedule ?? settings.schedule;
}

/** What goes wrong at one system is that system's matter: it is logged, and tried again next time. */
async function pullOnce(hub: Hub, system: System, scope: PullScope): Promise<void> {
  await loggingFaults(hub, system, async () => {
    const counts = await pullNews(hub, system, scope);
    if (counts.changed > 0) hub.log.info({ connection: system.name, ...counts }, 'pulled');
  });
}

async function loggingFaults(hub: Hub, system: System, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (hub.signal.aborted) return;
    const known = error instanceof Fault ? { fault: error.kind, code: error.code } : {};
    const message = messageOf(error);
    hub.log.error({ connection: system.name, ...known }, message);
  }
}

/** Takes up what the vendors keep waiting when it is due, at most one timer for each connection. */
class Resumption {
  readonly #hub: Hub;
  readonly #after: (wait: number, work: () => Promise<void>) => Promise<void>;
  readonly #planned = new Set<System>();

  constructor(hub: Hub, after: (wait: number, work: () => Promise<void>) => Promise<void>) {
    this.#hub = hub;
    this.#after = after;
  }

  async plan(system: System): Promise<void> {
    await loggingFaults(this.#hub, system, () => this.#plan(system));
  }

  async #plan(system: System): Promise<void> {
    if (this.#planned.has(system)) return;
    const rests = await restsOf(this.#hub, system.name);
    const waits = [...rests.values()].flat().map((one) => resumesInMs(this.#hub, one));
    if (waits.length === 0) return;
    this.#planned.add(system);
    void this.#after(Math.min(...waits), async () => {
      this.#planned.delete(system);
      await pullOnce(this.#hub, system, { objects: [...rests.keys()] });
      await this.plan(system);
    });
  }
}

/** Walks the road whenever somebody marked something, one walk at a time. */
export function startWalker(hub: Hub): Scheduler {
  const stop = new AbortController();
  let wake: () => void = () => undefined;
  const unsubscribe = hub.store.work.onMark(() => wake());
  const loop = async () => {
    while (!stop.signal.aborted && !hub.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await walkOnce(hub);
      const nap = new AbortController();
      await Promise.race([
        woken,
        hub.clock.sleep(idleMs, AbortSignal.any([nap.signal, stop.signal])).catch(() => undefined),
      ]);
      nap.abort();
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      stop.abort();
      unsubscribe();
      await ended;
    },
  };
}

async function walkOnce(hub: Hub): Promise<void> {
  try {
    const counts = await walk(hub);
    if (counts.written + counts.failed + counts.parked > 0) hub.log.info(counts, 'walked the road');
  } catch (error) {
    if (hub.signal.aborted) return;
    hub.log.error(
      { error: messageOf(error) },
      'sync pass failed; unfinished work stays queued and will be retried',
    );
    await hub.clock.sleep(idleMs, hub.signal).catch(() => undefined);
  }
}
