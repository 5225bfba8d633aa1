/** Events that a person has to decide about: parked once, and sent again when they come back from there. */
import { forLife } from '../../../store/contract/work.ts';
import { claimWork } from '../../editions.ts';
import type { Hub, System } from '../../hub.ts';
import { askPrefix, sendPrefix } from '../../sending.ts';
import type { EventCounts } from './counts.ts';

const batchLimit = 1_000;

export async function askAbout(hub: Hub, system: System, counts: EventCounts): Promise<void> {
  const { store } = hub;
  const claims = await claimWork(hub, 'push', batchLimit, forLife, { prefix: askPrefix(system) });
  for (const claim of claims) {
    const [object = '', event = ''] = claim.key.slice(askPrefix(system).length).split('|');
    await store.transaction(async (joined) => {
      const [row] = await joined.sent.of(system.name, object, [event]);
      if (row?.status === 'refused' || row?.status === 'unknown') {
        const { code, message } = row.fault ?? { code: row.status, message: '' };
        await joined.sent.put([{ ...row, status: 'asked' }]);
        await joined.work.park(claim, { code, message, record: `${system.name} ${object} event ${event}` });
        counts.parked += 1;
        return;
      }
      // Only a person brings it back. It is said anew, of what is known by now: nothing of those who were erased.
      if (row?.status === 'asked') {
        await joined.sent.forget(system.name, object, [event]);
        await joined.work.mark('push', [`${sendPrefix(system)}${event}`]);
      }
      await joined.work.done([claim]);
    });
  }
  counts.worked += claims.length;
}
