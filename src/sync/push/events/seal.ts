/** From marks to sealed batches, in one transaction: what is sealed is nobody's mark any more. */
import { randomUUID } from 'node:crypto';
import type { Appender } from '../../../connector/contract/appending.ts';
import type { ToldEvent } from '../../../mapping/language/compiled.ts';
import { writesOn } from '../../../settings/schema.ts';
import type { SentEvent, SentStatus } from '../../../store/contract/sent.ts';
import { type Claim, forLife, type ParkedReason } from '../../../store/contract/work.ts';
import { canonicalJson, fingerprint } from '../../../support/fingerprint.ts';
import { claimWork } from '../../editions.ts';
import type { Hub, System } from '../../hub.ts';
import { connectedAt, isFor, type SendingObject, sendingObjects, sendPrefix } from '../../sending.ts';
import { allowCreation, firstCreationCode, mayCreate } from '../gates/first-creation.ts';
import type { EventCounts } from './counts.ts';
import { idThatFits } from './ids.ts';
import { toldEvents } from './told.ts';

const batchLimit = 10_000;

/** How long an event waits for what it has to say of its person or deal, and how often that is looked for. */
const patienceMs = 7 * 86_400_000;
const lookEveryMs = 3_600_000;

type Decision =
  | { readonly kind: 'done' }
  | { readonly kind: 'rest' }
  | { readonly kind: 'park'; readonly reason: ParkedReason };

interface Wanted {
  readonly claim: Claim;
  readonly told: ToldEvent;
}

export async function sealMarked(hub: Hub, system: System, yes: boolean, counts: EventCounts): Promise<void> {
  const { store, clock } = hub;
  const claims = await claimWork(hub, 'push', batchLimit, forLife, { prefix: sendPrefix(system) });
  if (claims.length === 0) return;
  try {
    const told = await toldEvents(
      store,
      claims.map((claim) => eventOf(system, claim)),
    );
    const wanted = claims.flatMap((claim): Wanted[] => {
      const event = told.get(eventOf(system, claim));
      return event ? [{ claim, told: event }] : [];
    });
    const since = await connectedAt(store, system.name, clock.now());
    const decisions = new Map<Claim, Decision>();
    const rows: SentEvent[] = [];
    for (const object of sendingObjects(system)) {
      // What happens while nothing is written there is not made up for.
      if (!writesOn(system.settings, object.object)) continue;
      const own = wanted.filter((one) => isFor(system, object.sender, one.told.event, since));
      rows.push(...(await rowsOf(hub, system, object, own, yes, decisions)));
    }
    await store.transaction(async (joined) => {
      await joined.sent.put(rows);
      const of = (kind: Decision['kind']) =>
        claims.filter((claim) => (decisions.get(claim)?.kind ?? 'done') === kind);
      await joined.work.done(of('done'));
      await joined.work.rest(of('rest'), clock.now() + lookEveryMs);
      for (const [claim, decision] of decisions)
        if (decision.kind === 'park') await joined.work.park(claim, decision.reason);
      counts.parked += of('park').length;
    });
    counts.worked += claims.length;
  } catch (error) {
    await store.work.release(claims);
    throw error;
  }
}

function eventOf(system: System, { key }: Claim): string {
  return key.slice(sendPrefix(system).length);
}

/** What becomes of the events in one object; of those that do not go yet, in `decisions`. */
async function rowsOf(
  hub: Hub,
  system: System,
  object: SendingObject,
  wanted: readonly Wanted[],
  yes: boolean,
  decisions: Map<Claim, Decision>,
): Promise<SentEvent[]> {
  const ids = wanted.map(({ told }) => told.event.id);
  const known = new Set((await hub.store.sent.of(system.name, object.object, ids)).map(({ event }) => event));
  const news = wanted.filter(({ told }) => !known.has(told.event.id));
  if (news.length === 0) return [];
  const appender = system.connector.appender?.(object.object);
  const obstacle = appender
    ? await firstTime(hub, system, object, news.length, yes)
    : notThere(system, object);
  if (obstacle || !appender) {
    for (const { claim } of news) if (obstacle) decisions.set(claim, { kind: 'park', reason: obstacle });
    return [];
  }
  const now = hub.clock.now();
  const rowFor = rowsFor(system, object, now);
  const going: SentEvent[] = [];
  const ended: SentEvent[] = [];
  for (const { claim, told } of news) {
    const { event } = told;
    const said = object.sender.body(told);
    if (now - event.time > (appender.maxAgeMs ?? Number.POSITIVE_INFINITY))
      ended.push(rowFor(event.id, 'late'));
    else if ('body' in said) {
      const content = { id: idThatFits(event.id, appender.idPattern), at: event.time, body: said.body };
      going.push({
        ...rowFor(event.id, 'sealed'),
        content,
        digest: fingerprint(canonicalJson({ ...content })),
      });
    } else if (now - claim.markedAt > patienceMs) ended.push(rowFor(event.id, 'nobody'));
    else decisions.set(claim, { kind: 'rest' });
  }
  return [...ended, ...inBatches(going, appender)];
}

function rowsFor({ name }: System, { object }: SendingObject, at: number) {
  return (event: string, status: SentStatus): SentEvent => ({
    ...{ connection: name, object, event, digest: '', batch: null, status, at, dueAt: at },
    ...{ content: null, fault: null },
  });
}

/** In the order in which they come out of the store again. */
function inBatches(rows: readonly SentEvent[], { batchSize }: Appender): SentEvent[] {
  const sorted = rows.toSorted((a, b) => (a.event < b.event ? -1 : 1));
  const batches = Array.from({ length: Math.ceil(sorted.length / batchSize) }, () => randomUUID());
  return sorted.map((row, n) => ({ ...row, batch: batches[Math.floor(n / batchSize)] ?? null }));
}

async function firstTime(
  hub: Hub,
  system: System,
  { object }: SendingObject,
  many: number,
  yes: boolean,
): Promise<ParkedReason | null> {
  if (await mayCreate(hub, system, object)) return null;
  if (yes) {
    await allowCreation(hub, system, object);
    return null;
  }
  const events = many === 1 ? 'an event' : `${many} events`;
  const message =
    `This push would send ${events} to ${object}, the first that ${system.name} is told there; ` +
    'what is sent cannot be taken back. Allow it with `hub push --yes`.';
  return { code: firstCreationCode, message };
}

function notThere({ name, connector, mapping }: System, { object }: SendingObject): ParkedReason {
  const message = `${connector.title} takes no events as ${object}. Mend \`sends\` in ${mapping.file}.`;
  return { code: 'NOT_SENDABLE', message, record: `${name} ${object}` };
}
