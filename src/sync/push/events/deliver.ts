/** One sealed batch to the vendor, and what came of each event into the ledger. */
import type { Appended, Appender, Receipt } from '../../../connector/contract/appending.ts';
import { Fault } from '../../../connector/fault.ts';
import { writesOn } from '../../../settings/schema.ts';
import type { SentEvent } from '../../../store/contract/sent.ts';
import { backoff } from '../../backoff.ts';
import type { Hub, System } from '../../hub.ts';
import { askPrefix } from '../../sending.ts';
import type { EventCounts } from './counts.ts';

/** Events of one batch, all sealed or all leaving. */
export async function deliver(
  hub: Hub,
  system: System,
  batch: readonly SentEvent[],
  counts: EventCounts,
): Promise<void> {
  const [first] = batch;
  const appender = first && system.connector.appender?.(first.object);
  if (!appender || !writesOn(system.settings, first.object)) return;
  const left = await unseen(hub, system, appender, batch);
  if (left.length === 0) return;
  await keep(hub, system, left, (row) => ({ ...row, status: 'leaving' }));
  const receipts = await appended(system, appender, first.batch ?? '', left);
  const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const unanswered = new Fault('unavailable', `${system.connector.title} said nothing of this event.`);
  const settled = left.map((row) => {
    const { id } = contentOf(row);
    return settledBy(hub, row, byId.get(id) ?? { id, status: 'failed', fault: unanswered });
  });
  await keepAll(hub, system, settled);
  const taken = settled.filter(({ status }) => status === 'sent').length;
  counts.written += taken;
  counts.failed += settled.length - taken;
  for (const receipt of receipts)
    if (receipt.status === 'failed' && receipt.fault.kind === 'unauthorized') throw receipt.fault;
}

/** Of what may have arrived: where nobody can say, it goes again only if that is harmless. */
async function unseen(
  hub: Hub,
  system: System,
  appender: Appender,
  batch: readonly SentEvent[],
): Promise<readonly SentEvent[]> {
  if (batch.every(({ status }) => status === 'sealed')) return batch;
  if (appender.seen) {
    const seen = await appender.seen(system.context, batch.map(contentOf));
    const isThere = (row: SentEvent) => seen.has(contentOf(row).id);
    await keep(hub, system, batch.filter(isThere), (row) => ({ ...row, status: 'sent', content: null }));
    return batch.filter((row) => !isThere(row));
  }
  if (appender.repeat === 'merges') return batch;
  const message =
    `No answer came when this was sent to ${system.name}, and sending it again could double it. ` +
    'Look there whether it has arrived: if so, give it up with `hub parked drop`; if not, `hub parked retry` sends it again.';
  await keep(hub, system, batch, (row) => ({
    ...row,
    status: 'unknown',
    content: null,
    fault: { code: 'NO_ANSWER', message },
  }));
  return [];
}

async function appended(
  { context }: System,
  appender: Appender,
  id: string,
  rows: readonly SentEvent[],
): Promise<Receipt[]> {
  const events = rows.map(contentOf);
  try {
    return await appender.append(context, { id, events });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return events.map((event) => ({ id: event.id, status: 'failed', fault: error }));
  }
}

function settledBy({ clock }: Hub, row: SentEvent, receipt: Receipt): SentEvent {
  const now = clock.now();
  if (receipt.status === 'taken') return { ...row, status: 'sent', content: null };
  const { fault } = receipt;
  const dueAt = now + backoff(fault, patience);
  if (fault.kind === 'unavailable' && !fault.unsent) return { ...row, status: 'leaving', dueAt };
  if (waiting.has(fault.kind)) return { ...row, status: 'sealed', dueAt };
  return {
    ...row,
    status: 'refused',
    content: null,
    fault: { code: fault.code ?? fault.kind, message: fault.message },
  };
}

/** These say nothing about the event. */
const waiting: ReadonlySet<string> = new Set(['unavailable', 'throttled', 'unauthorized']);
const patience = 3;

function contentOf({ content, event }: SentEvent): Appended {
  if (content === null) throw new Error(`event ${event} is in an open batch without what it says`);
  return content;
}

async function keep(
  hub: Hub,
  system: System,
  rows: readonly SentEvent[],
  change: (row: SentEvent) => SentEvent,
): Promise<void> {
  if (rows.length > 0) await keepAll(hub, system, rows.map(change));
}

/** What a person has to be asked about is marked. */
async function keepAll(hub: Hub, system: System, rows: readonly SentEvent[]): Promise<void> {
  const at = hub.clock.now();
  const asked = rows.filter(({ status }) => status === 'refused' || status === 'unknown');
  await hub.store.transaction(async (store) => {
    await store.sent.put(rows.map((row) => ({ ...row, at })));
    await store.work.mark(
      'push',
      asked.map(({ object, event }) => `${askPrefix(system)}${object}|${event}`),
    );
  });
}
