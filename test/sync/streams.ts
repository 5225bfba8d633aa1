/** A test hub whose connector reads one of its streams, or writes one kind of record, in another way. */
import type { Connector } from '../../src/connector/contract/connector.ts';
import type { Stream } from '../../src/connector/contract/reading.ts';
import type { Sink } from '../../src/connector/contract/writing.ts';
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
  withConnector(hub, connection, { ...system.connector, streams });
}

/** The same for a sink. */
export function withSink(
  hub: TestHub,
  connection: string,
  object: string,
  change: (sink: Sink) => Sink,
): void {
  const { connector } = hub.system(connection);
  const sound = connector.sink?.(object);
  if (!sound) throw new Error(`${connection} has no sink of ${object}`);
  const sink = change(sound);
  withConnector(hub, connection, {
    ...connector,
    sink: (name) => (name === object ? sink : connector.sink?.(name)),
  });
}

export function withConnector(hub: TestHub, connection: string, connector: Connector): void {
  const changed: System = { ...hub.system(connection), connector };
  (hub.hub.systems as Map<string, System>).set(connection, changed);
}
