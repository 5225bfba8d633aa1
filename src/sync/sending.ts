/** Events that systems are told of: which, from when on, and the marks by which they go. */
import type { CanonicalEvent } from '../canonical/events.ts';
import type { CompiledObject, CompiledSender } from '../mapping/language/compiled.ts';
import type { Store } from '../store/contract/store.ts';
import type { Hub, System } from './hub.ts';

export interface SendingObject extends CompiledObject {
  readonly sender: CompiledSender;
}

export function sendingObjects({ mapping }: System): SendingObject[] {
  return Object.values(mapping.objects).filter(
    (object): object is SendingObject => object.sender !== undefined,
  );
}

/** How the keys of stage 5 of all events begin that a system is to be told of, and of those that a person is asked about. */
export const sendPrefix = ({ name }: Pick<System, 'name'>) => `${name}|send|`;
export const askPrefix = ({ name }: Pick<System, 'name'>) => `${name}|ask|`;

/** When the hub first met the connection as one that it sends events to, ms. */
export async function connectedAt(store: Store, connection: string, now: number): Promise<number> {
  const key = `connected:${connection}`;
  const known = await store.connections.state(key);
  if (typeof known === 'number') return known;
  await store.connections.saveState(key, now);
  return now;
}

type News = Pick<CanonicalEvent, 'id' | 'type' | 'time' | 'source'>;

/** Marks what is new, whenever it took place: an event that comes late lies behind every cursor, but not behind a mark. */
export async function markForSending(hub: Hub, store: Store, events: readonly News[]): Promise<void> {
  if (events.length === 0) return;
  for (const system of hub.systems.values()) {
    const objects = sendingObjects(system);
    if (objects.length === 0) continue;
    const since = await connectedAt(store, system.name, hub.clock.now());
    const due = events.filter((event) => objects.some(({ sender }) => isFor(system, sender, event, since)));
    await store.work.mark(
      'push',
      due.map(({ id }) => `${sendPrefix(system)}${id}`),
    );
  }
}

/** Nobody is told what they said themselves. */
export function isFor(
  { name }: System,
  { types, since }: CompiledSender,
  { type, time, source }: News,
  connected: number,
): boolean {
  return types.has(type) && source.connection !== name && (since === 'beginning' || time >= connected);
}
