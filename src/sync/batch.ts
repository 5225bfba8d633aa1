/** One bad piece of work spoils itself: it waits for a person under its reason, and the rest of its batch goes on. */
import { Fault } from '../connector/fault.ts';
import type { Store } from '../store/contract/store.ts';
import type { Claim, ParkedReason, Stage } from '../store/contract/work.ts';
import { isUnfit } from '../store/work/unfit.ts';
import { stillOwn } from './editions.ts';
import type { Hub } from './hub.ts';

type BatchWork = (store: Store, claims: readonly Claim[]) => Promise<void>;

/**
 * Does `work` for all claims in one transaction for each connection that they come from, so that what it marks comes
 * from there, too. If that fails by what is worked on, each half gets a transaction of its own, until the bad one
 * stands alone and is parked.
 */
export async function eachForItself(hub: Hub, claims: readonly Claim[], work: BatchWork): Promise<void> {
  const groups = [...Map.groupBy(claims, ({ cause }) => cause).values()];
  // What the news of two has in common goes with that of the one that has less to do, which marks it last.
  for (const group of groups.sort((one, other) => other.length - one.length))
    await together(hub, group, work);
}

async function together(hub: Hub, claims: readonly Claim[], work: BatchWork): Promise<void> {
  const [one] = claims;
  if (!one) return;
  try {
    await hub.store.transaction(async (store) => {
      const own = await stillOwn(hub, store, one.stage, claims);
      if (own.length > 0) await work(store, own);
    }, one.cause);
  } catch (error) {
    hub.signal.throwIfAborted();
    if (!isUnfit(error)) throw error;
    if (claims.length === 1) return park(hub, hub.store, one, error);
    const middle = Math.ceil(claims.length / 2);
    await together(hub, claims.slice(0, middle), work);
    await together(hub, claims.slice(middle), work);
  }
}

const codes: Readonly<Record<Stage, string>> = {
  inbox: 'CANNOT_BE_READ',
  fetch: 'CANNOT_BE_FETCHED',
  normalize: 'CANNOT_BE_NORMALIZED',
  resolve: 'CANNOT_BE_RESOLVED',
  attribute: 'CANNOT_BE_ATTRIBUTED',
  push: 'CANNOT_BE_PUSHED',
};

export async function park(hub: Hub, store: Store, claim: Claim, error: unknown): Promise<void> {
  const reason: ParkedReason = { code: codes[claim.stage], message: reasonOf(error), record: claim.key };
  hub.log.error({ stage: claim.stage, key: claim.key, stack: stackOf(error) }, reason.message);
  await store.work.park(claim, reason);
}

/** A problem says where and what to do; any other error is one of ours, and its name helps to report it. */
function reasonOf(error: unknown): string {
  if (error instanceof Fault) return error.message;
  return error instanceof Error ? error.toString() : String(error);
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
