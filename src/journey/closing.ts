/**
 * When a deal was closed, out of the history of its stages: the first entry into a closed stage since it was last open.
 * Later moves among closed stages, and edits of its close date, leave that as it is.
 */
import type { CanonicalEvent } from '../canonical/events.ts';

/** A deal that was open again for less than this was corrected, not reopened: its close stays the one before. */
const correctionMs = 86_400_000;

export const closingTypes = ['deal.closed', 'deal.reopened', 'deal.stage_changed'] as const;

export interface Closing {
  /** Ms UTC. */
  readonly at: number;
  /** Whether it was open before, as far as the history goes; imported deals begin their history closed. */
  readonly wasOpen: boolean;
}

/**
 * @param changes of one record, oldest first
 * @param stage of a closed deal, in the words of `deal.stage_changed`: closed, whatever it is called
 * @returns null where the history does not tell that it is closed
 */
export function closingOf(changes: readonly CanonicalEvent[], stage: string | null): Closing | null {
  const staged = closingBy(stageMarks(changes, stage));
  const marks = toldMarks(changes);
  if (!marks.some(({ isClosed }) => isClosed)) return staged;
  const told = closingBy(marks);
  // What a system works out itself may have a shorter history than the stages from which it does.
  return told && staged && !told.wasOpen && staged.at < told.at ? staged : told;
}

function closingBy(marks: readonly Mark[]): Closing | null {
  let closing: Closing | null = null;
  let before: Closing | null = null;
  let openedAt: number | null = null;
  for (const { at, isClosed, fromOpen } of marks) {
    if (!isClosed) {
      if (closing) before = closing;
      if (closing || openedAt === null) openedAt = at;
      closing = null;
    } else if (!closing) {
      const isCorrection: boolean = openedAt !== null && at - openedAt < correctionMs;
      closing = before && isCorrection ? before : { at, wasOpen: openedAt !== null || fromOpen };
    }
  }
  return closing;
}

interface Mark {
  readonly at: number;
  readonly isClosed: boolean;
  /** Its own data say that it was open before. */
  readonly fromOpen: boolean;
}

/** A system's own word on whether the deal is closed. */
function toldMarks(changes: readonly CanonicalEvent[]): Mark[] {
  const told = changes.filter(({ type }) => type === 'deal.closed' || type === 'deal.reopened');
  return told.map(({ type, time, data }) => ({
    at: time,
    isClosed: type === 'deal.closed',
    fromOpen: data.wasOpen === true,
  }));
}

function stageMarks(changes: readonly CanonicalEvent[], present: string | null): Mark[] {
  return changes.flatMap(({ type, time, data: { stage, closed } }) =>
    type === 'deal.stage_changed' && typeof stage === 'string'
      ? [{ at: time, isClosed: closed === true || isEnd(stage) || stage === present, fromOpen: false }]
      : [],
  );
}

function isEnd(stage: string): boolean {
  return stage === 'won' || stage === 'lost';
}
