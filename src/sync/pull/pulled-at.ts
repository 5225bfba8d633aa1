/** Up to when a stream has been read. */
import type { Hub } from '../hub.ts';

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
