/** While a stream has not been read once, credit is not written: it may lack people to whom touches belong. */
import { isChatCredit } from '../../../canonical/chat-credit.ts';
import type { PlannedWrite } from '../plan/plan.ts';

/** The write without what is computed from journeys; null when there is nothing else in it. */
export function withoutCredit(planned: PlannedWrite): PlannedWrite | null {
  const fields = planned.fields.filter(({ field }) => !isChatCredit(field.canonical));
  if (fields.length === planned.fields.length) return planned;
  if (fields.every(({ field }) => field.silent)) return null;
  const left = new Set(
    planned.fields.filter((one) => !fields.includes(one)).map(({ field }) => field.vendor),
  );
  const kept = Object.entries(planned.write.fields).filter(([name]) => !left.has(name));
  return { ...planned, fields, write: { ...planned.write, fields: Object.fromEntries(kept) } };
}
