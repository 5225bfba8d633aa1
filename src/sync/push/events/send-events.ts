/**
 * Events out: what is written once and cannot be read back. The ledger (`store.sent`) says what a system was told; what
 * is to go is sealed there first, so that after a kill the same batch goes again to the letter, or a person is asked
 * where that would double it. One process at a time sends to a connection.
 */
import { type Hub, leaseMs, type System } from '../../hub.ts';
import { firstReads, isAwaited } from '../../pull/first-read.ts';
import { connectedAt, sendingObjects } from '../../sending.ts';
import { askAbout } from './ask.ts';
import type { EventCounts } from './counts.ts';
import { deliver } from './deliver.ts';
import { sealMarked } from './seal.ts';

export async function sendEvents(
  hub: Hub,
  system: System,
  { yes }: { readonly yes: boolean },
  counts: EventCounts,
): Promise<void> {
  if (sendingObjects(system).length === 0) return;
  const { store, clock } = hub;
  await connectedAt(store, system.name, clock.now());
  // Whose an event is, nobody knows before all has been read.
  if (isAwaited(await firstReads(hub), 'Person')) return;
  await store.connections.leased(`send:${system.name}`, leaseMs, async (lease) => {
    await askAbout(hub, system, counts);
    await sealMarked(hub, system, yes, counts);
    const open = await store.sent.open(system.name, clock.now());
    for (const batch of Map.groupBy(open, (one) => one.batch).values()) {
      lease.throwIfAborted();
      await deliver(hub, system, batch, counts);
    }
  });
}
