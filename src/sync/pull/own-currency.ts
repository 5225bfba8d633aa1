/** The currency that a system itself is in: what amounts mean there whose record names none. */
import type { OwnCurrency } from '../../connector/contract/sign-in.ts';
import { Fault } from '../../connector/fault.ts';
import type { Store } from '../../store/contract/store.ts';
import { type Hub, leaseMs, type System } from '../hub.ts';
import { markForNormalize } from '../marking.ts';

/** A currency seldom changes. */
const freshForMs = 86_400_000;

/** Null when the system has not said it yet, or says none. */
export async function ownCurrency(
  { connections }: Pick<Store, 'connections'>,
  connection: string,
): Promise<OwnCurrency | null> {
  const kept = await connections.state(keyOf(connection));
  return kept === null ? null : (JSON.parse(JSON.stringify(kept)) as Kept).own;
}

interface Kept {
  readonly own: OwnCurrency;
  readonly at: number;
}

/**
 * Asks once a day. What was read in another currency is read again, from what was stored. A system that does not
 * answer is asked with the next pull: until then the mapping's and the hub's defaults count.
 */
export async function learnCurrency(hub: Hub, system: System): Promise<void> {
  const { connector, context, name } = system;
  if (!connector.currency || !(await isDue(hub, name))) return;
  await hub.store.connections.leased(keyOf(name), leaseMs, async () => {
    if (!(await isDue(hub, name))) return;
    try {
      await note(hub, name, (await connector.currency?.(context)) ?? { code: null, several: false });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      hub.log.warn(
        { connection: name, fault: error.kind, code: error.code },
        `The currency of the account cannot be read: ${error.message}`,
      );
    }
  });
}

async function isDue({ store, clock }: Hub, connection: string): Promise<boolean> {
  const kept = await store.connections.state(keyOf(connection));
  const at = kept === null ? Number.NEGATIVE_INFINITY : (JSON.parse(JSON.stringify(kept)) as Kept).at;
  return Math.abs(clock.now() - at) >= freshForMs;
}

async function note(hub: Hub, connection: string, own: OwnCurrency): Promise<void> {
  await hub.store.transaction(async (store) => {
    const before = await ownCurrency(store, connection);
    await store.connections.saveState(keyOf(connection), { own: { ...own }, at: hub.clock.now() });
    if (before?.code !== own.code) await markForNormalize({ ...hub, store }, connection);
  });
}

function keyOf(connection: string): string {
  return `currency:${connection}`;
}
