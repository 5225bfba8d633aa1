/** One stream, read to its end: as a whole, or part by part where the vendor lets it be read in parts only. */
import { mayRead } from '../editions.ts';
import type { Hub, System } from '../hub.ts';
import { noteSkew } from './clock-skew.ts';
import { forEachDespiteFaults } from './despite-faults.ts';
import { pullOptions } from './landing.ts';
import { learnCurrency } from './own-currency.ts';
import { notePulled, notePulledOnce, pulledUnits } from './pulled-at.ts';
import { type End, type Job, pullUnit } from './read-unit.ts';
import { forgetRefusal, isLeftAlone, isRefusal, noteRefusal, refusedUnits } from './refusals.ts';
import { isLeftToRest } from './rests.ts';
import { Seen, sweep } from './sweep.ts';
import { type Unit, unitKey } from './unit.ts';

export interface PullCounts {
  /** Records that the vendor handed over, repeats included. */
  received: number;
  /** Records that were news. */
  changed: number;
  pages: number;
  /** Records that no longer came in a full reading, and are withdrawn. */
  gone: number;
  /** Parts that were read to their end, of streams that have parts. */
  parts: number;
}

export interface PullScope {
  /** From the beginning, whatever the checkpoint says. */
  readonly full?: boolean;
  /** Only these streams. */
  readonly objects?: readonly string[];
  /** Only these parts, of streams that have parts. */
  readonly parts?: readonly string[];
  /** The admin allows a full reading to withdraw however many records did not come. */
  readonly yes?: boolean;
  /** Nobody asked for it: what the vendor refused, or keeps waiting, is left alone until it is due. */
  readonly scheduled?: boolean;
}

export function noCounts(): PullCounts {
  return { received: 0, changed: 0, pages: 0, gone: 0, parts: 0 };
}

/**
 * Catches up with one stream. It, or each of its parts, is held by one worker at a time; a second caller gets nothing
 * to do. A stream that the vendor does not let be read is noted as such, and is no fault.
 */
export async function pullStream(
  hub: Hub,
  system: System,
  object: string,
  scope: PullScope = {},
): Promise<PullCounts> {
  return (await pullIfFree(hub, system, object, scope)) ?? noCounts();
}

/** Null when some of it is being read by somebody else right now, or is left to a process with a newer mapping. */
export async function pullIfFree(
  hub: Hub,
  system: System,
  object: string,
  scope: PullScope,
): Promise<PullCounts | null> {
  const stream = system.connector.streams?.[object];
  if (!stream || !(await mayRead(hub, system.name, object))) return noCounts();
  await learnCurrency(hub, system);
  const full = scope.full ?? false;
  const seen = full && stream.complete ? new Seen() : null;
  const counts = noCounts();
  const pull = stream.parts ? pullParts : pullWhole;
  const ends = await pull(hub, { system, object, stream, full, seen, counts }, scope);
  await noteSkew(hub, system);
  return ends.includes('held') || ends.includes('left') ? null : counts;
}

async function pullWhole(hub: Hub, job: Counted, scope: PullScope): Promise<End[]> {
  const began = hub.clock.now();
  const whole = { connection: job.system.name, object: job.object };
  if (scope.scheduled && (await isLeftToRest(hub, whole))) return ['rests'];
  const end = await pullUnit(hub, job, whole, async (end) => {
    if (end !== 'read' && end !== 'resumed') return;
    await notePulled(hub, job.system.name, job.object, began);
    await withdrawGone(hub, job, [end], scope);
  });
  return [end];
}

type Counted = Job & { readonly counts: PullCounts };

/** A fault in one part stops none of the others. Read is the stream when each of its parts has been read once. */
async function pullParts(hub: Hub, job: Counted, scope: PullScope): Promise<End[]> {
  const { system, object, stream } = job;
  const began = hub.clock.now();
  const beganThere = system.context.vendorClock.now();
  const named = scope.parts?.map((part): Unit => ({ connection: system.name, object, part }));
  const units = named ?? (await unitsOf(hub, job));
  if (units === null) return ['absent'];
  const ends: End[] = [];
  await forEachDespiteFaults(units, stream.partsAtOnce ?? 1, async (unit) => {
    if (scope.scheduled && ((await isLeftAlone(hub, unit)) || (await isLeftToRest(hub, unit)))) return;
    const end = await pullUnit(hub, job, unit);
    ends.push(end);
    if (end !== 'read' && end !== 'resumed') return;
    job.counts.parts += 1;
    await notePulledOnce(hub, unit, began);
  });
  if (named) return ends;
  if (await haveAllBeenRead(hub, system.name, units)) await notePulled(hub, system.name, object, began);
  if (ends.length === units.length) await withdrawGone(hub, job, ends, scope, beganThere);
  return ends;
}

/** Null when the vendor does not say which parts there are. */
async function unitsOf(hub: Hub, { system, object, stream }: Job): Promise<Unit[] | null> {
  const whole = { connection: system.name, object };
  try {
    const parts = (await stream.parts?.(system.context)) ?? [];
    await forgetRefusal(hub, whole);
    return parts.map((part) => ({ ...whole, part }));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await noteRefusal(hub, whole, error);
    if (error.kind !== 'absent') throw error;
    return null;
  }
}

/** Parts that the vendor refuses are waited for by nobody. */
async function haveAllBeenRead(hub: Hub, connection: string, units: readonly Unit[]): Promise<boolean> {
  const keys = units.map(unitKey);
  const known = new Set([
    ...(await pulledUnits(hub, connection, keys)),
    ...(await refusedUnits(hub, connection, keys)),
  ]);
  return keys.every((key) => known.has(key));
}

/** After a reading of everything, all of whose units came to their end. */
async function withdrawGone(
  hub: Hub,
  job: Counted,
  ends: readonly End[],
  scope: PullScope,
  since?: number,
): Promise<void> {
  const { system, object, stream, full, counts } = job;
  const isWhole = full || ends.includes('resumed');
  if (!isWhole || !ends.every((end) => end === 'read' || end === 'resumed')) return;
  const seen = job.seen ?? (await seenByIds(job));
  if (seen)
    counts.gone = await sweep(hub, system, {
      object,
      stream,
      seen,
      yes: scope.yes ?? false,
      ...(since !== undefined && { since }),
    });
  else if (stream.complete) {
    const message = 'the vendor kept this reading waiting, so that what is gone was not looked for';
    hub.log.warn({ connection: system.name, object }, message);
  }
}

async function seenByIds({ system, object, stream }: Job): Promise<Seen | null> {
  if (!stream.ids) return null;
  const seen = new Seen();
  for await (const ids of stream.ids(system.context, pullOptions(system, object))) seen.add(ids);
  return seen;
}
