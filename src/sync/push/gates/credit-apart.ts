/**
 * Credit apart from the rest of a write. While a stream has not been read once, it is not written: it may lack people to
 * whom touches belong. While earlier stages are busy, it goes alone: nobody else writes it, it makes no record, and what
 * is not known yet is told later.
 */
import { isChatCredit } from '../../../canonical/chat-credit.ts';
import { firstReadWaitMs } from '../../pull/first-read.ts';
import type { WriteDecision } from '../judge.ts';
import type { PlannedField, PlannedWrite } from '../plan/plan.ts';

/** What is left goes now; the credit of these entities is looked at again in a while. */
export function withoutAwaitedCredit(
  writes: readonly PlannedWrite[],
  decisions: Map<string, WriteDecision>,
): PlannedWrite[] {
  return writes.flatMap((write) => {
    const rest = withoutCredit(write);
    if (rest !== write) decisions.set(write.entity.id, { kind: 'later', wait: () => firstReadWaitMs });
    return rest ?? [];
  });
}

/** Rows are credit as a whole. What is left out stays marked. */
export function creditOnly(
  writes: readonly PlannedWrite[],
  decisions: Map<string, WriteDecision>,
): PlannedWrite[] {
  return writes.flatMap((write) => {
    if (write.entity.kind === 'ChatTouch') return write;
    const credit = creditAlone(write);
    if (credit !== write) decisions.set(write.entity.id, { kind: 'again' });
    return credit ?? [];
  });
}

/** The write without what is computed from journeys; null when there is nothing else in it. */
function withoutCredit(planned: PlannedWrite): PlannedWrite | null {
  const fields = planned.fields.filter((one) => !isCredit(one));
  if (fields.length === planned.fields.length) return planned;
  if (fields.every(({ field }) => field.silent)) return null;
  const left = vendorNames(planned.fields.filter(isCredit));
  const kept = Object.entries(planned.write.fields).filter(([name]) => !left.has(name));
  return {
    ...planned,
    fields,
    write: { ...planned.write, fields: Object.fromEntries(kept) },
    whole: planned,
  };
}

/** What is computed from journeys, of a record that is there; null when there is nothing of it in the write. */
function creditAlone(planned: PlannedWrite): PlannedWrite | null {
  if (planned.write.op !== 'update') return null;
  const fields = planned.fields.filter(isCredit);
  if (fields.every(({ field }) => field.silent)) return null;
  const names = vendorNames(fields);
  const kept = Object.entries(planned.write.fields).filter(([name]) => names.has(name));
  const isAll = kept.length === Object.keys(planned.write.fields).length;
  if (isAll && planned.write.associations === undefined) return planned;
  const { references: _, hubId: __, ...own } = planned;
  const { associations: ___, ...write } = planned.write;
  return {
    ...own,
    ...{ fields, needsFresh: false, whole: planned },
    write: { ...write, fields: Object.fromEntries(kept) },
  };
}

function isCredit({ field }: PlannedField): boolean {
  return isChatCredit(field.canonical);
}

function vendorNames(fields: readonly PlannedField[]): Set<string> {
  return new Set(fields.map(({ field }) => field.vendor));
}
