/** Stage 5: the planned writes, sent in full batches; each gets its own outcome. */
import { type Entity, type EntityKind, entityKinds } from '../../canonical/model.ts';
import { Fault } from '../../connector/fault.ts';
import { writesOn } from '../../settings/schema.ts';
import { type Claim, forLife, type ParkedReason } from '../../store/contract/work.ts';
import { backoff } from '../backoff.ts';
import { claimWork } from '../editions.ts';
import type { Hub, System } from '../hub.ts';
import { firstReads, firstReadWaitMs, isAwaited, isCreditAwaited, type Unread } from '../pull/first-read.ts';
import { entitiesOfKeys, entityOfKey, pushedKinds, pushPrefix } from '../targets.ts';
import { sendEvents } from './events/send-events.ts';
import { askedTogether } from './gates/asked-together.ts';
import { brake } from './gates/brake.ts';
import { creditOnly, withoutAwaitedCredit } from './gates/credit-apart.ts';
import { asksToCreate } from './gates/first-creation.ts';
import { freshen, readyToCreate } from './gates/fresh.ts';
import { gathering } from './gates/gathering.ts';
import { heldWithDeals, keepHeld, releaseRows } from './gates/held-rows.ts';
import { heldBack } from './gates/holds.ts';
import { overtaken } from './gates/overtaken.ts';
import { answeredByJobs } from './gates/pending.ts';
import { asksFirst } from './gates/safety.ts';
import { collectJobs } from './jobs.ts';
import { recordName, type WriteDecision } from './judge.ts';
import { describeWritten, lookAgain } from './mended.ts';
import { send } from './outcomes.ts';
import { referencedRecords } from './plan/known.ts';
import type { Obstacle, Plan, PlannedWait, PlannedWrite } from './plan/plan.ts';
import { planWrites } from './plan/reconcile.ts';
import { followTried } from './try-refused.ts';

export interface PushCounts {
  worked: number;
  written: number;
  failed: number;
  parked: number;
}

/** Enough for many full calls: only full calls are few calls. */
const batchLimit = 10_000;

/** A write that meets a conflict or a lock so often in a row is not going to succeed by itself. */
const attemptLimit = 6;

/** What waits for a job is woken when it is collected; should that be missed, it is looked at again by then. */
const longestPendingMs = 3_600_000;

export interface PushOptions {
  /** What the writes are kept under, for undo. */
  readonly run: string;
  /** The admin has allowed what a push would otherwise ask for. */
  readonly yes: boolean;
  /** Credit alone, and of it what the news of these connections has caused: all else waits. */
  readonly creditOf?: readonly string[];
}

/** One large batch of marked entities of each kind that the system writes, deals before their touches. */
export async function pushMarked(hub: Hub, system: System, options: PushOptions): Promise<PushCounts> {
  const counts: PushCounts = { worked: 0, written: 0, failed: 0, parked: 0 };
  const kinds = pushedKinds(system);
  await collectJobs(hub, system, counts);
  await lookAgain(hub, system);
  for (const kind of entityKinds.filter((one) => kinds.has(one))) {
    await pushKind(hub, system, kind, options, counts);
  }
  await sendEvents(hub, system, options, counts);
  await followTried(hub, system);
  return counts;
}

const creditKinds: readonly EntityKind[] = ['Deal', 'ChatTouch'];

/** The same for the credit of deals and its rows alone, while earlier stages are at work on the news of others. */
export async function pushCredit(
  hub: Hub,
  system: System,
  options: PushOptions & { readonly creditOf: readonly string[] },
): Promise<PushCounts> {
  const counts: PushCounts = { worked: 0, written: 0, failed: 0, parked: 0 };
  const kinds = pushedKinds(system);
  for (const kind of creditKinds.filter((one) => kinds.has(one))) {
    const due = await hub.store.work.causes('push', pushPrefix(system, kind));
    if (options.creditOf.some((cause) => due.includes(cause)))
      await pushKind(hub, system, kind, options, counts);
  }
  return counts;
}

/** Kind by kind, for a batch of mixed kinds would be cut into calls that are not full. */
async function pushKind(
  hub: Hub,
  system: System,
  kind: EntityKind,
  options: PushOptions,
  counts: PushCounts,
): Promise<void> {
  const claims = await claimWork(hub, 'push', batchLimit, forLife, {
    ...{ prefix: pushPrefix(system, kind), causes: options.creditOf },
  });
  if (claims.length === 0) return;
  const unread = await firstReads(hub);
  if (isAwaited(unread, kind)) {
    await hub.store.work.retry(claims, hub.clock.now() + firstReadWaitMs);
    return;
  }
  try {
    const entities = await entitiesOfKeys(
      hub.store,
      claims.map(({ key }) => key),
    );
    const { decisions, waits } = await pushEntities(
      hub,
      system,
      entities,
      claims,
      { ...options, unread },
      counts,
    );
    await keepWaits(hub, system, claims, entities, waits);
    if (kind === 'ChatTouch') await keepHeld(hub, system, claims, decisions);
    await settle(hub, claims, decisions, counts);
    if (kind === 'Deal') await releaseRows(hub, system, claims);
  } catch (error) {
    if (!(error instanceof Fault)) {
      // Cancelled, or a bug: nobody should have to wait for the lease to end.
      await hub.store.work.release(claims);
      throw error;
    }
    // An outage leaves the marks for later.
    await hub.store.work.retry(claims, hub.clock.now() + backoff(error, claims[0]?.attempts ?? 0));
    if (error.kind === 'unauthorized') throw error;
    hub.log.warn({ connection: system.name, fault: error.kind, code: error.code }, error.message);
  }
}

function entityOf({ key }: Claim): string {
  return entityOfKey(key);
}

interface Pushed {
  /** What becomes of each entity that is not simply done. */
  readonly decisions: ReadonlyMap<string, WriteDecision>;
  readonly waits: readonly PlannedWait[];
}

/** Plans and sends. */
async function pushEntities(
  hub: Hub,
  system: System,
  entities: readonly Entity[],
  claims: readonly Claim[],
  { run, yes, creditOf, unread }: PushOptions & { readonly unread: readonly Unread[] },
  counts: PushCounts,
): Promise<Pushed> {
  const decisions = new Map<string, WriteDecision>();
  const isOn = (object: string) => writesOn(system.settings, object);
  const plan = await planDescribed(hub, system, entities, isOn);
  const obstacles = plan.obstacles.filter(
    ({ object, code }) => isOn(object) && code !== 'WAITS_FOR_REFERENCE',
  );
  for (const [id, group] of Map.groupBy(obstacles, ({ entity }) => entity.id))
    decisions.set(id, creditOf ? { kind: 'again' } : { kind: 'park', reason: reasonOf(group) });

  const gates: Gate[] = [
    (writes) => answeredByJobs(hub, system, writes, claims),
    (writes) => heldWithDeals(hub, system, writes),
    (writes) => heldBack(hub, system, writes),
    (writes) => brake(hub, system, writes),
    async (writes) => {
      // Whoever allows it has seen them wait.
      if (yes) return new Map();
      // What is parked anyway tells more than that something waits.
      const free = writes.filter(({ entity }) => !decisions.has(entity.id));
      const markedAt = new Map(claims.map((claim) => [entityOf(claim), claim.markedAt]));
      return gathering(free, markedAt, hub.clock.now());
    },
    (writes) => (yes ? Promise.resolve(new Map()) : asksFirst(hub, system, writes, entities)),
    (writes) => (yes ? Promise.resolve(new Map()) : askedTogether(hub, system, writes, entities, claims)),
    (writes) => asksToCreate(hub, system, writes, yes),
    (writes) => readyToCreate(hub, system, writes),
    async (writes) => {
      const readAt = system.context.vendorClock.now();
      await freshen(hub, system, writes);
      return overtaken(hub, system, writes, readAt);
    },
  ];
  let writes = plan.writes.filter(({ object }) => isOn(object.object));
  if (creditOf) writes = creditOnly(writes, decisions);
  if (isCreditAwaited(unread)) writes = withoutAwaitedCredit(writes, decisions);
  for (const gate of gates) {
    const stopped = await gate(writes);
    for (const [write, decision] of stopped) decisions.set(write.entity.id, decision);
    writes = writes.filter((write) => !stopped.has(write));
  }
  const sent = await send(hub, system, writes, { run, claims });
  counts.written += sent.written;
  counts.failed += sent.failed;
  for (const [id, decision] of sent.decisions)
    if (decision.kind !== 'pending' || !decisions.has(id)) decisions.set(id, decision);
  return { decisions, waits: plan.waits.filter(({ object }) => isOn(object)) };
}

/** What was awaited may have come while vendors were asked: then it is marked at once. */
async function keepWaits(
  hub: Hub,
  system: System,
  claims: readonly Claim[],
  entities: readonly Entity[],
  planned: readonly PlannedWait[],
): Promise<void> {
  const keyOf = new Map(claims.map((claim) => [entityOf(claim), claim.key]));
  const waits = planned.flatMap(({ entity, awaited, expected }) => {
    const key = keyOf.get(entity.id);
    return key === undefined ? [] : [{ awaited, key, expected }];
  });
  await hub.store.transaction(async (store) => {
    await store.waits.replace([...keyOf.values()], waits);
    const waiting = new Set(planned.map(({ entity }) => entity.id));
    if (waiting.size === 0) return;
    const { referenced } = await referencedRecords(
      store,
      system,
      entities.filter(({ id }) => waiting.has(id)),
    );
    const come = new Set([...referenced.keys()].map((name) => name.slice(name.indexOf('|') + 1)));
    await store.waits.wake(waits.map(({ awaited }) => awaited).filter((awaited) => come.has(awaited)));
  });
}

/** Takes out the writes that must not go now, each with what becomes of it. */
type Gate = (writes: readonly PlannedWrite[]) => Promise<ReadonlyMap<PlannedWrite, WriteDecision>>;

/** Planned once more when the CRM has told of fields what was not known of them. */
async function planDescribed(
  hub: Hub,
  system: System,
  entities: readonly Entity[],
  isOn: (object: string) => boolean,
): Promise<Plan> {
  const plan = await planWrites(hub, system, entities);
  // An object of which all is held back is asked about, too: it may take everything by now.
  const objects = [
    ...plan.writes.map(({ object }) => object.object),
    ...plan.obstacles.map((one) => one.object),
  ];
  const changed = await describeWritten(hub, system, new Set(objects.filter(isOn)));
  return changed ? planWrites(hub, system, entities) : plan;
}

/** One piece of work has one reason; it tells of all that stands in its way. */
function reasonOf(obstacles: readonly Obstacle[]): ParkedReason {
  const [first] = obstacles;
  const [field] = obstacles.flatMap((obstacle) => obstacle.field ?? []);
  const { code = '', object = '', entity, ref } = first ?? {};
  return {
    code,
    message: [...new Set(obstacles.map(({ message }) => message))].join(' '),
    record: ref ? recordName(ref, entity?.id ?? '') : `${object} of ${entity?.kind} ${entity?.id}`,
    ...(field === undefined ? {} : { field }),
  };
}

async function settle(
  hub: Hub,
  claims: readonly Claim[],
  decisions: ReadonlyMap<string, WriteDecision>,
  counts: PushCounts,
): Promise<void> {
  const { work } = hub.store;
  const settled = claims.map((claim) => ({
    claim,
    decision: exhausted(claim, decisions.get(entityOf(claim))),
  }));
  const groups = Map.groupBy(settled, ({ decision }) => decision?.kind ?? 'done');
  const claimsOf = (kind: WriteDecision['kind'] | 'done') =>
    (groups.get(kind) ?? []).map(({ claim }) => claim);
  await work.done([...claimsOf('done'), ...claimsOf('held')]);
  await work.release(claimsOf('again'));
  await work.rest(claimsOf('pending'), hub.clock.now() + longestPendingMs);
  const postponed = settled.flatMap(({ claim, decision }) =>
    decision?.kind === 'postponed' ? [{ claim, until: decision.until }] : [],
  );
  for (const [until, group] of Map.groupBy(postponed, (one) => one.until))
    await work.postpone(
      group.map(({ claim }) => claim),
      until,
    );
  for (const { claim, decision } of settled) {
    if (decision?.kind === 'later')
      await work.retry([claim], hub.clock.now() + decision.wait(claim.attempts));
    if (decision?.kind === 'park') await work.park(claim, decision.reason);
  }
  counts.parked += claimsOf('park').length;
  counts.worked += claims.length - claimsOf('later').length - postponed.length;
}

/** What was tried again often enough is left to a person, in the vendor's words. */
function exhausted(claim: Claim, decision: WriteDecision | undefined): WriteDecision | undefined {
  if (decision?.kind !== 'later' || !decision.reason || claim.attempts < attemptLimit) return decision;
  return { kind: 'park', reason: decision.reason };
}
