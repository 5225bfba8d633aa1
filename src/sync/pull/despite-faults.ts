/** A fault at one of several stops none of the others, unless it is the whole system's matter. */
import { Fault } from '../../connector/fault.ts';

/** So many without an answer, one after the other, and the system is taken to be down. */
const mostUnanswered = 2;

/**
 * Does `work` for each, in order, at most `atOnce` at the same time. The first fault is thrown in the end; what is no
 * fault is thrown at once, when the work that was under way has ended.
 */
export async function forEachDespiteFaults<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const faults: Fault[] = [];
  const failures: unknown[] = [];
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      try {
        await work(item);
      } catch (error) {
        if (error instanceof Fault) faults.push(error);
        else failures.push(error);
      }
      if (failures.length > 0 || concernsAll(faults)) return;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(atOnce, items.length)) }, worker));
  for (const failure of [...failures, ...faults]) throw failure;
}

/** Signing in and allowances are the whole system's matter; so are answers that fail to come one after the other. */
function concernsAll(faults: readonly Fault[]): boolean {
  const [last] = faults.slice(-1);
  if (last?.kind === 'unauthorized' || last?.kind === 'throttled') return true;
  return faults.filter(({ kind }) => kind === 'unavailable').length >= mostUnanswered;
}
