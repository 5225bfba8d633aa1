/** What a system keeps of somebody, as opposed to what was said in a chat. */
import { parseRef } from '../canonical/names.ts';
import type { Hub } from '../sync/hub.ts';

/** `ref`: text ref. What can only be read (chat events) tells of a person; it is not a record of that person. */
export function isRecord({ systems }: Hub, ref: string): boolean {
  const { connection, object } = parseRef(ref);
  return systems.get(connection)?.connector.sink?.(object) !== undefined;
}
