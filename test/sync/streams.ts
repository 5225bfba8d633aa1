/** A test hub whose connector reads one of its streams in another way. */
import type { Stream } from '../../src/connector/contract/reading.ts';
import type { System } from '../../src/sync/hub.ts';
import type { TestHub } from './hub.ts';

/** Puts the changed stream in place of the sound one, for everything that the hub does from now on. */
export function withStream(
  hub: TestHub,
  connection: string,
  object: string,
  change: (stream: Stream) => Stream,
): void {
  const system = hub.system(connection);
  const stream = system.connector.streams?.[object];
  if (!stream) throw new Error(`${connection} has no stream of ${object}`);
  const streams = { ...system.connector.streams, [object]: change(stream) };
  const changed: System = { ...system, connector: { ...system.connector, streams } };
  (hub.hub.systems as Map<string, System>).set(connection, changed);
}
