/** A hub whose clock is wrong works all the same, but is told: schedules, logs and webhooks go by it. */
import { clockToleranceMs } from '../../connector/vendor-clock.ts';
import type { Hub, System } from '../hub.ts';

/** What was kept last by this process; the store is not asked at every pull. */
const kept = new WeakMap<System, number | null>();

/** Keeps how far the clocks are apart, for `status`; says it when that changes by more than clocks may differ. */
export async function noteSkew(hub: Hub, system: System): Promise<void> {
  const skew = worthTelling(system.skew());
  const before = kept.has(system) ? (kept.get(system) ?? null) : await skewOf(hub, system.name);
  kept.set(system, skew);
  if (skew === before || (skew !== null && before !== null && Math.abs(skew - before) <= clockToleranceMs))
    return;
  await hub.store.connections.saveState(keyOf(system.name), skew);
  if (skew !== null) hub.log.warn({ connection: system.name, skewMs: skew }, skewText(system.name, skew));
}

/** By how many ms the hub's clock was ahead of the vendor's at the last pull; null when they agreed. */
export async function skewOf({ store }: Pick<Hub, 'store'>, connection: string): Promise<number | null> {
  const skew = await store.connections.state(keyOf(connection));
  return typeof skew === 'number' ? skew : null;
}

/** Null where the clocks agree well enough, or nothing is known. */
export function worthTelling(skew: number | null): number | null {
  return skew === null || Math.abs(skew) <= clockToleranceMs ? null : Math.round(skew);
}

export function skewText(connection: string, skew: number): string {
  const minutes = Math.round(Math.abs(skew) / 60_000);
  const apart = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return (
    `The hub's clock is ${apart} ${skew > 0 ? 'ahead of' : 'behind'} the clock of ${connection}. ` +
    'Nothing is overlooked for it; set the clock of this machine right all the same (NTP).'
  );
}

function keyOf(connection: string): string {
  return `clock skew:${connection}`;
}
