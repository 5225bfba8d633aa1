/** What a deal is told of its credit is one statement: no part of it goes while another goes on showing what was. */
import { isChatCredit } from '../../../canonical/chat-credit.ts';
import type { Obstacle, PlannedField } from './plan.ts';

/** Told of a deal's credit, and a reason to write. */
export function tellsCredit({ field: { canonical, silent } }: PlannedField): boolean {
  return isChatCredit(canonical) && !silent;
}

/** A number that rows say, too, and that the record shows before it is written anew. */
export function overwritesNumber({ field: { canonical }, from }: PlannedField): boolean {
  return numbers.has(canonical) && isShown(from);
}

/** The record goes on showing a number that is no longer so. One that shows nothing contradicts nobody. */
export function keepsNumber({ canonical = '', shows }: Obstacle): boolean {
  return numbers.has(canonical) && isShown(shows);
}

/** The fields that go: without all of the credit where one of its numbers does not. */
export function creditWhole(
  fields: readonly PlannedField[],
  obstacles: readonly Obstacle[],
): readonly PlannedField[] {
  return obstacles.some(keepsNumber) ? fields.filter(({ field }) => !isChatCredit(field.canonical)) : fields;
}

const numbers: ReadonlySet<string> = new Set(['chatCredit.share', 'chatCredit.amount']);

function isShown(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
