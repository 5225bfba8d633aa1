/**
 * HubSpot refuses a whole batch for one bad record more often than not. The batch is then narrowed down with as
 * few calls as possible, until what is bad stands alone and all the rest has gone through.
 */
import { Fault } from '../../../src/connector/fault.ts';

export interface Split<E> {
  /** Refused for certain: the answer names them. */
  readonly condemned: readonly E[];
  /** To be tried again, group by group. */
  readonly groups: readonly (readonly E[])[];
}

export interface Isolation<E, R> {
  /** One call. Entries that its answer does not account for are left out of the map. */
  attempt(group: readonly E[]): Promise<ReadonlyMap<E, R | Fault>>;
  /** What to make of a refusal of a group of two or more. Groups must be smaller than the group. */
  split(group: readonly E[], refusal: Fault): Split<E>;
  /** A refusal that an entry is certain to meet, learnt from others. */
  foresee?(entry: E): Fault | undefined;
  learn?(entry: E, refusal: Fault): void;
}

/** The result or fault of each entry. An outage ends it: what is left has that outage for its fault. */
export async function isolate<E, R>(entries: readonly E[], how: Isolation<E, R>): Promise<Map<E, R | Fault>> {
  const settled = new Map<E, R | Fault>();
  let queue: (readonly E[])[] = [entries];
  while (queue.length > 0) {
    const [next = [], ...later] = queue;
    const group = next.filter((entry) => !foreseen(settled, entry, how));
    try {
      const left = group.length === 0 ? [] : await tryGroup(settled, group, how);
      queue = [...left, ...later];
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      for (const entry of [...group, ...later.flat()]) settled.set(entry, error);
      return settled;
    }
  }
  return settled;
}

function foreseen<E, R>(settled: Map<E, R | Fault>, entry: E, how: Isolation<E, R>): boolean {
  const fault = how.foresee?.(entry);
  if (fault !== undefined) settled.set(entry, fault);
  return fault !== undefined;
}

/** Settles what one call can settle; returns the groups that need another one. */
async function tryGroup<E, R>(
  settled: Map<E, R | Fault>,
  group: readonly E[],
  how: Isolation<E, R>,
): Promise<readonly (readonly E[])[]> {
  try {
    const decided = await how.attempt(group);
    for (const [entry, result] of decided) settled.set(entry, result);
    return unaccounted(
      settled,
      group,
      group.filter((entry) => !decided.has(entry)),
    );
  } catch (error) {
    if (!(error instanceof Fault) || !isRefusal(error)) throw error;
    const { condemned, groups } = group.length === 1 ? alone(group) : how.split(group, error);
    for (const entry of condemned) {
      settled.set(entry, error);
      how.learn?.(entry, error);
    }
    return groups;
  }
}

function alone<E>(group: readonly E[]): Split<E> {
  return { condemned: group, groups: [] };
}

/** Writes may be repeated, so what an answer says nothing of is asked about in smaller groups. */
function unaccounted<E, R>(
  settled: Map<E, R | Fault>,
  group: readonly E[],
  silent: readonly E[],
): readonly (readonly E[])[] {
  if (silent.length === 0) return [];
  if (silent.length < group.length) return [silent];
  const [only] = silent;
  if (silent.length > 1 || only === undefined) return halves(silent);
  const words = 'HubSpot took the batch but did not say what became of this record';
  settled.set(only, new Fault('unavailable', words, { code: 'NOT_ACCOUNTED_FOR' }));
  return [];
}

function isRefusal({ kind }: Fault): boolean {
  return kind === 'rejected' || kind === 'conflict' || kind === 'expired';
}

export function halves<E>(group: readonly E[]): readonly (readonly E[])[] {
  const middle = Math.ceil(group.length / 2);
  return [group.slice(0, middle), group.slice(middle)].filter((half) => half.length > 0);
}
