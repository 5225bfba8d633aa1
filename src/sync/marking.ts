/** Marks everything of a kind, a batch at a time: what an admin changed is computed again, and asks no CRM. */
import type { EntityKind } from '../canonical/model.ts';
import type { Stage } from '../store/contract/work.ts';
import { endedRows } from './ended-rows.ts';
import type { Hub, System } from './hub.ts';
import { pushKey, pushKeys } from './targets.ts';

/** Every landed record of a connection, or one object of it. Returns how many. */
export function markForNormalize({ store }: Hub, connection: string, object?: string): Promise<number> {
  const filter = { connection, ...(object ? { object } : {}) };
  return markPages({ store }, 'normalize', (after) => store.landing.scan(filter, after, 5_000));
}

/** Every contribution there is: who is who, and which value counts. */
export function markForResolve({ store }: Hub): Promise<number> {
  return markPages({ store }, 'resolve', (after) => store.facts.names(after, 5_000));
}

export function markForAttribute({ store }: Hub): Promise<number> {
  return markPages({ store }, 'attribute', async (after) =>
    (await store.entities.scan('Deal', after, 5_000)).map(({ id }) => id),
  );
}

/** Every entity of a kind for one system's stage 5, and what the hub made there of those that are gone. */
export async function markForPush(hub: Hub, system: System, kind: EntityKind): Promise<number> {
  const prefix = `${system.name}|`;
  let after: string | null = null;
  let count = 0;
  for (;;) {
    const entities = await hub.store.entities.scan(kind, after, 2_000);
    const last = entities.at(-1);
    if (!last) break;
    await hub.store.work.mark(
      'push',
      pushKeys(hub, entities).filter((key) => key.startsWith(prefix)),
    );
    count += entities.length;
    after = last.id;
  }
  // What ended while nothing was written has records there all the same.
  for await (const ended of endedRows(hub, system, kind)) {
    await hub.store.work.mark(
      'push',
      ended.map(({ id }) => pushKey(system, kind, id)),
    );
    count += ended.length;
  }
  return count;
}

async function markPages(
  { store }: Pick<Hub, 'store'>,
  stage: Stage,
  page: (after: string | null) => Promise<string[]>,
): Promise<number> {
  let count = 0;
  for (let after: string | null = null; ; ) {
    const keys = await page(after);
    const last = keys.at(-1);
    if (last === undefined) return count;
    await store.work.mark(stage, keys);
    count += keys.length;
    after = last;
  }
}
