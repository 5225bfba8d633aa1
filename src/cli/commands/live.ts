/** A hub that runs until it is told to stop, and meanwhile does what the files say now. */

import { stateOfFiles } from '../../app/edits.ts';
import type { App } from '../../app.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import { Problem } from '../../support/problem.ts';
import type { Hub } from '../../sync/hub.ts';
import { markAdminChanges } from '../../sync/road.ts';

/** What runs on one hub. */
export interface Running {
  /** Takes on nothing new; resolves when what runs has come to its end. */
  stop(): Promise<void>;
}

export interface LiveOptions {
  /** Reads the files again; throws what is wrong with them. */
  load(): Promise<LoadedSettings>;
  run(hub: Hub): Promise<Running>;
}

const lookMs = 1_000;
/** Work that is under way may come to its own end for so long before it is broken off at a safe place. */
const patienceMs = 5_000;

/** Starts what runs, and starts it anew after each edit. `stop` ends both. */
export async function runLive(app: App, { load, run }: LiveOptions): Promise<Running> {
  const watch = new Watch(app.files);
  let hub = app.hub;
  await putInForce(hub);
  let running = await run(hub);

  const takeUp = async (settings: LoadedSettings) => {
    const next = await app.reopen(settings);
    await Promise.race([running.stop(), pause(patienceMs)]);
    await app.retire(hub);
    await running.stop();
    hub = next;
    hub.log.info({}, 'took up the edited configuration');
    // Where the database does not answer now, walking the road does this later.
    await putInForce(hub).catch((error: unknown) => hub.log.warn({}, String(error)));
    running = await run(hub);
  };

  let looking: Promise<void> = Promise.resolve();
  let busy = false;
  let isEnding = false;
  const look = async () => {
    try {
      const settings = await watch.edited(load);
      if (settings) await takeUp(settings);
    } catch (error) {
      if (isEnding) return;
      const words = error instanceof Problem ? error.toString() : String(error);
      hub.log.error(
        {},
        `an edit was not taken up, and the files as they were before stay in force: ${words}`,
      );
    }
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    looking = look().finally(() => {
      busy = false;
    });
  }, lookMs);
  return {
    stop: async () => {
      isEnding = true;
      clearInterval(timer);
      await looking;
      await running.stop();
    },
  };
}

async function putInForce(hub: Hub): Promise<void> {
  for (const change of await markAdminChanges(hub)) {
    if (change.marked > 0) hub.log.info(change, 'looked at again after a change of the configuration');
  }
}

/** An edit counts once the files have stood still for one look: nobody reads a file that is half written. */
class Watch {
  #settings: LoadedSettings;
  /** What was taken up, or found to be wrong. */
  #known: string;
  #last: string;

  constructor({ settings, state }: App['files']) {
    this.#settings = settings;
    this.#known = state;
    this.#last = state;
  }

  /** What the files say now if they have been edited, else null. Throws what is wrong with them, once. */
  async edited(load: () => Promise<LoadedSettings>): Promise<LoadedSettings | null> {
    const before = this.#last;
    this.#last = stateOfFiles(this.#settings);
    if (this.#last !== before || this.#last === this.#known) return null;
    this.#known = this.#last;
    this.#settings = await load();
    // Other settings may name other files.
    this.#last = stateOfFiles(this.#settings);
    this.#known = this.#last;
    return this.#settings;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
