/** The road, walked: stage after stage until nothing is due. Four ways in (schedule, webhook, admin, retry), one road. */
import type { Fault } from '../connector/fault.ts';
import { type Going, goAhead, noteAtRest, type Step } from './ahead.ts';
import { attributeMarked } from './attribute/attribute.ts';
import { type AdminChange, adopt } from './editions.ts';
import { firstFit } from './fit/first-fit.ts';
import { markChangedModels } from './fit/promotion.ts';
import type { Hub, System } from './hub.ts';
import { normalizeMarked } from './normalize/normalize.ts';
import { neverRead } from './pull/first-read.ts';
import { readInbox } from './pull/inbox.ts';
import { fetchMarked } from './pull/named.ts';
import { type PushOptions, pushCredit, pushMarked } from './push/push.ts';
import { resolveMarked } from './resolve/resolve.ts';
import { newRun } from './undo/runs.ts';

export interface WalkCounts {
  fetched: number;
  normalized: number;
  resolved: number;
  attributed: number;
  written: number;
  failed: number;
  parked: number;
  /** Connections that could not be signed in to; their marks wait. */
  signIn: string[];
  /** Connections that have never been read to the end: what needs them waits for that. */
  unread: string[];
}

export interface WalkOptions {
  /** Leave stage 5 out: first contact, `sync` without writing. */
  readonly push?: boolean;
  /** The admin has allowed what a push would otherwise ask for. */
  readonly yes?: boolean;
  /** What the writes are kept under; default: a run of this walk's own. */
  readonly run?: string;
}

/**
 * Walks until nothing is due. Each stage takes a few full batches before the next one has its turn, so that a deal is
 * credited once for a thousand changes; what others wait for goes ahead meanwhile (`ahead.ts`). All other writes wait
 * until no earlier stage has work: what is not read yet may hold the person that they would create.
 */
export async function walk(hub: Hub, options: WalkOptions = {}): Promise<WalkCounts> {
  const counts: WalkCounts = {
    fetched: 0,
    normalized: 0,
    resolved: 0,
    attributed: 0,
    written: 0,
    failed: 0,
    parked: 0,
    signIn: [],
    unread: [],
  };
  const push: PushOptions = { run: options.run ?? newRun(hub.clock.now()), yes: options.yes ?? false };
  const isWriting = options.push !== false;
  const going: Going = {
    steps: localSteps(hub, counts),
    ...(isWriting
      ? { push: async (creditOf) => void (await pushAll(hub, { ...push, creditOf }, counts)) }
      : {}),
  };
  for (let rounds = 0; ; ) {
    hub.signal.throwIfAborted();
    if (await anyWork(hub, going)) {
      rounds += 1;
      // What comes in faster than rounds pass would never let them end.
      if (rounds > 1) await goAhead(hub, upstream, going);
      continue;
    }
    rounds = 0;
    const first = await firstFit(hub);
    if (first === 'done') continue;
    const writes = isWriting && first !== 'elsewhere';
    const pushed = writes ? await pushAll(hub, push, counts) : 0;
    if (writes && counts.unread.length === 0) await noteAtRest(hub);
    if (pushed === 0) return counts;
  }
}

/** The stages that work on what is here already, and the one that asks vendors for what was named. */
function localSteps(hub: Hub, counts: WalkCounts): Step[] {
  const counted = async (
    name: 'fetched' | 'normalized' | 'resolved' | 'attributed',
    work: Promise<number>,
  ) => {
    const worked = await work;
    counts[name] += worked;
    return worked;
  };
  const some = undefined;
  return [
    { stage: 'inbox', turns: 8, work: (causes) => readInbox(hub, some, causes) },
    // Vendors take their time: what was fetched is worked on before more is asked for.
    { stage: 'fetch', turns: 1, work: () => counted('fetched', fetchMarked(hub)) },
    {
      stage: 'normalize',
      turns: 8,
      work: (causes) => counted('normalized', normalizeMarked(hub, some, causes)),
    },
    { stage: 'resolve', turns: 8, work: (causes) => counted('resolved', resolveMarked(hub, some, causes)) },
    {
      stage: 'attribute',
      turns: 8,
      work: (causes) => counted('attributed', attributeMarked(hub, some, causes)),
    },
  ];
}

const upstream = ['inbox', 'fetch', 'normalize', 'resolve', 'attribute'] as const;

/** A batch that is smaller left nothing behind. */
const fullBatch = 100;

/** Gives each stage its turns; true when one had work. */
async function anyWork(hub: Hub, going: Going): Promise<boolean> {
  let any = false;
  for (const { stage, turns, work } of going.steps) {
    for (let turn = 0; turn < turns; turn += 1) {
      hub.signal.throwIfAborted();
      const worked = await work();
      any ||= worked > 0;
      if (worked < fullBatch) break;
      await goAhead(hub, [stage], going);
    }
  }
  return any;
}

async function pushAll(hub: Hub, push: PushOptions, counts: WalkCounts): Promise<number> {
  counts.unread = await neverRead(hub);
  const passes = await Promise.all(
    [...hub.systems.values()].map((system) => pushOne(hub, system, push, counts)),
  );
  return passes.reduce((sum, worked) => sum + worked, 0);
}

async function pushOne(hub: Hub, system: System, push: PushOptions, counts: WalkCounts): Promise<number> {
  try {
    const { creditOf } = push;
    const pass = creditOf
      ? await pushCredit(hub, system, { ...push, creditOf })
      : await pushMarked(hub, system, push);
    counts.written += pass.written;
    counts.failed += pass.failed;
    counts.parked += pass.parked;
    return pass.worked;
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    counts.signIn.push(system.name);
    hub.log.error({ connection: system.name, code: error.code }, error.message);
    return 0;
  }
}

function isUnauthorized(error: unknown): error is Fault {
  return error instanceof Error && error.name === 'Fault' && 'kind' in error && error.kind === 'unauthorized';
}

// --------------------------------------------------------------------------------- what the admin changed

/** Puts what this process has read in force and marks what it concerns, promotions of models too. */
export async function markAdminChanges(hub: Hub): Promise<AdminChange[]> {
  const changes = await adopt(hub);
  const marked = await markChangedModels(hub);
  return marked > 0
    ? [...changes, { connection: 'attribution', object: 'Deal', marked, why: 'models' }]
    : changes;
}
