/** Up to when a stream has been read. */
import type { Hub } from '../hub.ts';
import { type Unit, unitKey } from './unit.ts';

type Place = Pick<Hub, 'store'>;

/** The stream has been read up to this moment, ms; null when it never has been read to its end. */
export async function pulledAt({ store }: Place, connection: string, object: string): Promise<number | null> {
  const at = await store.connections.state(keyOf(connection, object));
  return typeof at === 'number' ? at : null;
}

/** Notes that the stream has been read up to `at`, ms. */
export async function notePulled(
  { store }: Place,
  connection: string,
  object: string,
  at: number,
): Promise<void> {
  await store.connections.saveState(keyOf(connection, object), at);
}

function keyOf(connection: string, object: string): string {
  return `pulled:${connection}:${object}`;
}

/** Notes that this part of a stream has been read to its end; when it was first is all that is kept. */
export async function notePulledOnce(hub: Place, unit: Unit, at: number): Promise<void> {
  const key = unitKey(unit);
  if ((await pulledAt(hub, unit.connection, key)) === null) await notePulled(hub, unit.connection, key, at);
}

/** Which of these streams and parts have been read to their end. */
export async function pulledUnits(
  { store }: Place,
  connection: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const stored = new Map(keys.map((key) => [keyOf(connection, key), key]));
  const kept = await store.connections.states([...stored.keys()]);
  return new Set([...kept].flatMap((one) => stored.get(one) ?? []));
}
