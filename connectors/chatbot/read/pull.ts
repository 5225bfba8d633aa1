/** Reads the chatbot's own log of events, so that a webhook that never arrived is made up for. */
import { z } from 'zod';
import type { Context } from '../../../src/connector/contract/context.ts';
import type {
  Checkpoint,
  Page,
  Stream,
  Unreadable,
  VendorRecord,
} from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { fingerprint } from '../../../src/support/fingerprint.ts';
import type { ChatbotConfig } from '../config.ts';
import { understand } from '../wire/api.ts';
import { senderId } from '../wire/ids.ts';
import { type EventsPage, earliest, eventsPage, foundEvents, schemaVersion } from '../wire/schema.ts';
import { acceptEvent, eventObject } from './event.ts';

const pageSize = 500;
const mostLookups = 100;
/** How far a reading without cursor reaches back behind the last event read: its time of receipt may be rounded. */
const rereadMs = 60 * 60_000;

/** The cursor, and the time to go by should the chatbot forget it. */
const position = z.object({ next: z.string(), asOf: z.number().nullable() });
type Position = z.infer<typeof position>;

export const events: Stream<ChatbotConfig> = { title: 'Chat events', pageSize, pull, fetch: lookUp };

async function* pull(ctx: Context<ChatbotConfig>, checkpoint: Checkpoint | null): AsyncGenerator<Page> {
  if (ctx.config.baseUrl === undefined) return;
  let from = position.safeParse(checkpoint).data ?? null;
  for (let more = true; more; ) {
    const page = await readOn(ctx, from);
    const reached = positionAfter(page);
    if (page.events.length > 0 || reached.next !== from?.next) {
      yield { ...sorted(page.events), checkpoint: reached };
    } else if (page.more) {
      throw new Fault('unavailable', 'the chatbot promises more events and does not move on');
    }
    ({ more } = page);
    from = reached;
  }
}

/** The chatbot may have forgotten the cursor: then by time of receipt, and a little further back. */
async function readOn(ctx: Context<ChatbotConfig>, from: Position | null): Promise<EventsPage> {
  if (from === null) return read(ctx, {});
  try {
    return await read(ctx, { after: from.next });
  } catch (error) {
    if (!(error instanceof Fault && error.kind === 'expired')) throw error;
    return read(ctx, from.asOf === null ? {} : { since: new Date(from.asOf - rereadMs).toISOString() });
  }
}

async function read(ctx: Context<ChatbotConfig>, query: Record<string, string>): Promise<EventsPage> {
  const limited = { ...query, limit: String(pageSize) };
  const answer = await ctx.http.send({ method: 'GET', url: '/v1/events', query: limited });
  return understand(eventsPage, answer.json());
}

function positionAfter({ next, asOf }: EventsPage): Position {
  return { next, asOf: asOf === null ? null : Date.parse(asOf) };
}

/** What cannot be stored as a record is handed over as it came, with the reason, so that a person sees it. */
function sorted(values: readonly unknown[]): Pick<Page, 'records' | 'unreadable'> {
  const records: VendorRecord[] = [];
  const unreadable: Unreadable[] = [];
  for (const value of values) {
    try {
      records.push(acceptEvent(value));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unreadable.push(delivered(value));
    }
  }
  return { records, ...(unreadable.length > 0 ? { unreadable } : {}) };
}

/** As if it had been posted alone. */
function delivered(event: unknown): Unreadable {
  const name = fingerprint(JSON.stringify(event));
  const sentAt = new Date(earliest).toISOString();
  return { name, body: JSON.stringify({ version: schemaVersion, batch: name, sentAt, events: [event] }) };
}

async function lookUp(ctx: Context<ChatbotConfig>, ids: readonly string[]): Promise<VendorRecord[]> {
  if (ctx.config.baseUrl === undefined) return [];
  const records: VendorRecord[] = [];
  for (let start = 0; start < ids.length; start += mostLookups) {
    records.push(...(await lookUpSome(ctx, ids.slice(start, start + mostLookups))));
  }
  return records;
}

async function lookUpSome(ctx: Context<ChatbotConfig>, ids: readonly string[]): Promise<VendorRecord[]> {
  // What the chatbot cannot be asked for is no news: it is not gone for that.
  const known = new Map(ids.map((id) => [id, senderId(id)] as const));
  const asked = [...known.values()].filter((id) => id !== null);
  if (asked.length === 0) return [];
  const answer = await ctx.http.send({
    method: 'POST',
    url: '/v1/events/lookup',
    json: { ids: asked },
    repeatable: true,
  });
  const { records, unreadable } = sorted(understand(foundEvents, answer.json()).events);
  const found = new Set(records.map((record) => record.id));
  // One that came and cannot be read is not gone, and nobody knows which it is.
  const missing = unreadable ? [] : ids.filter((id) => known.get(id) !== null && !found.has(id));
  return [...records, ...missing.map((id) => gone(id, ctx.vendorClock.now()))];
}

function gone(id: string, at: number): VendorRecord {
  return {
    object: eventObject,
    id,
    body: { id: senderId(id) },
    modifiedAt: at,
    tombstone: { kind: 'deleted' },
  };
}
