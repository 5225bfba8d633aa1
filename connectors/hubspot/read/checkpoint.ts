/**
 * How far a stream of CRM records has come. Opaque to the hub, which stores it with the page that it closes.
 * All times are HubSpot's: told by its answers, or the newest stamp among the records; never the hub's own.
 */
import { z } from 'zod';
import type { Checkpoint } from '../../../src/connector/contract/reading.ts';
import { recentSchema } from './recent.ts';

const archivedSchema = z.object({
  /** When the list of archived records was last read to its end; records archived before are known. */
  doneAt: z.number(),
  /** What of it has been told: records archived at or after this time are news. */
  since: z.number(),
  /** A reading under way: when it began, and where it goes on. */
  scan: z.object({ startedAt: z.number(), after: z.string().nullable() }).nullable(),
});
export type ArchivedState = z.infer<typeof archivedSchema>;

const backfillSchema = z.object({
  phase: z.literal('backfill'),
  after: z.string().nullable(),
  /** Null before the first page. */
  startedAt: z.number().nullable(),
  recent: recentSchema,
});
export type BackfillState = z.infer<typeof backfillSchema>;

const changesSchema = z.object({
  phase: z.literal('changes'),
  /** End of the last window that was read to its end. */
  since: z.number(),
  /** A window under way. */
  window: z.object({ from: z.number(), to: z.number(), afterId: z.string().nullable() }).nullable(),
  recent: recentSchema,
  archived: archivedSchema,
});
export type ChangesState = z.infer<typeof changesSchema>;

const stateSchema = z.discriminatedUnion('phase', [backfillSchema, changesSchema]);
export type PullState = z.infer<typeof stateSchema>;

/** Null for a checkpoint that is not of this shape (of an older release): the stream then starts over. */
export function readCheckpoint(checkpoint: Checkpoint): PullState | null {
  const parsed = stateSchema.safeParse(checkpoint);
  return parsed.success ? parsed.data : null;
}

export const beginning: BackfillState = { phase: 'backfill', after: null, startedAt: null, recent: {} };

/** The latest moment that the state rests on. */
export function restsOn({ since, window, archived }: ChangesState): number {
  const times = [since, window?.to, archived.since, archived.scan?.startedAt];
  return Math.max(...times.filter((time) => time !== undefined));
}

/**
 * After a backfill, changes are looked for from its beginning on. Archived records are told from the first
 * day on: this may be a backfill of records that were read before and deleted since.
 */
export function caughtUp(startedAt: number, { recent }: BackfillState): ChangesState {
  const archived = { doneAt: startedAt, since: 0, scan: null };
  return { phase: 'changes', since: startedAt, window: null, recent, archived };
}
