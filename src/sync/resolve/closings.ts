/** When deals were closed, as the history of each of their records says it: that counts before their close dates. */

import type { ContributedValue, Contribution } from '../../canonical/model.ts';
import { keyText, recordKey } from '../../canonical/names.ts';
import { type Closing, closingOf, closingTypes } from '../../journey/closing.ts';
import type { Store } from '../../store/contract/store.ts';

const dayMs = 86_400_000;

/** The contributions, by those given, in which `closedAt` is that of the history; the others say what they said. */
export async function withClosings(
  store: Store,
  contributions: readonly Contribution[],
): Promise<ReadonlyMap<Contribution, Contribution>> {
  const closed = contributions.filter(isClosedDeal);
  const subjects = closed.map(({ ref }) => keyText(recordKey(ref)));
  const changes = await store.facts.eventsOf(subjects, closingTypes);
  return new Map(
    closed.map((contribution, index) => {
      const stage = contribution.values.stage?.value;
      const known = changes.get(subjects[index] ?? '') ?? [];
      const closing = closingOf(known, typeof stage === 'string' ? stage : null);
      if (!closing) return [contribution, contribution];
      const { closedAt } = contribution.values;
      const at = isDateOf(closing, closedAt) ? closedAt : told(closing.at);
      return [contribution, { ...contribution, values: { ...contribution.values, closedAt: at } }];
    }),
  );
}

/**
 * Of a deal that came closed the history tells when it came; when it was closed, its date does, unless that lies after
 * the day on which it came.
 */
function isDateOf({ at, wasOpen }: Closing, date: ContributedValue | undefined): date is ContributedValue {
  return !wasOpen && typeof date?.value === 'number' && date.value < at + dayMs;
}

function told(at: number): ContributedValue {
  return { value: at, at, exact: true };
}

function isClosedDeal({ kind, values, withdrawn }: Contribution): boolean {
  const status = values.status?.value;
  return kind === 'Deal' && !withdrawn && (status === 'won' || status === 'lost');
}
