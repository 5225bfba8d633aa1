/**
 * A made population in the store: touches, and won deals whose causes are known. Written straight into what stages
 * 2 and 3 would leave behind, so that a test of stage 4 does not wait for them.
 */
import type { Scenario, SimulatedChannel } from '../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../src/attribution/simulate/world.ts';
import type { CanonicalEvent, EventType } from '../../src/canonical/events.ts';
import type { Entity, EntityKind, Link, RecordRef } from '../../src/canonical/model.ts';
import type { NormalizedRecord } from '../../src/store/contract/facts.ts';
import type { Store } from '../../src/store/contract/store.ts';

export const dayMs = 86_400_000;
export const worldStart = Date.parse('2026-01-01T00:00:00Z');
/** When all of it has happened. */
export const worldNow = worldStart + 60 * dayMs;

const channels: readonly SimulatedChannel[] = [
  { name: 'Display', rate: 0.02, effect: 0.01, halfLifeDays: 3, chases: 0 },
  { name: 'Email', rate: 0.015, effect: 0.06, halfLifeDays: 4, chases: 0 },
  { name: 'Chat', rate: 0.008, effect: 0.35, halfLifeDays: 5, chases: 0 },
];

export interface MadeWorld {
  readonly won: readonly string[];
  readonly people: readonly string[];
}

export interface WorldOptions {
  readonly people?: number;
  readonly seed?: number;
  /** Apart from other worlds in the same store. */
  readonly name?: string;
  /** Multiplies what chats do. */
  readonly chatEffect?: number;
  /** A country of each person, and since when they are known: some days before the world begins. */
  readonly known?: boolean;
}

export async function makeWorld(store: Store, options: WorldOptions = {}): Promise<MadeWorld> {
  const { people = 500, seed = 1, name = 'w', chatEffect = 1, known = false } = options;
  const scenario: Scenario = {
    id: 'A',
    title: 'made',
    windowDays: 60,
    baseline: 0.0008,
    intent: 0,
    combine: 'additive',
    channels: channels.map((one) =>
      one.name === 'Chat' ? { ...one, effect: one.effect * chatEffect } : one,
    ),
  };
  const { observations } = simulate(scenario, people, seed);
  const { starts, time, channel, end, converted } = observations;
  const records: NormalizedRecord[] = [];
  const entities: [Entity, string][] = [];
  const won: string[] = [];
  for (let person = 0; person < people; person += 1) {
    const id = `${name}-p${String(person).padStart(5, '0')}`;
    const ref = { connection: 'made', object: 'Person', id };
    const fields = { score: person % 7, ...(known ? knownOf(person) : {}) };
    entities.push([entity('Person', id, fields), `email:${id}@example.com`]);
    const events: CanonicalEvent[] = [];
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1) {
      const at = worldStart + Math.round((time[touch] ?? 0) * dayMs);
      events.push(touchEvent(ref, at, channels[channel[touch] ?? 0]?.name ?? '', touch));
    }
    const links: Link[] = [];
    if (converted[person] === 1) {
      const dealId = `${name}-d${String(person).padStart(5, '0')}`;
      const closedAt = worldStart + Math.round((end[person] ?? 0) * dayMs);
      const amount = { minor: 100_001 + person * 137, currency: 'USD' };
      entities.push([
        entity('Deal', dealId, { status: 'won', closedAt, amount, name: dealId }),
        dealKey(dealId),
      ]);
      links.push(dealLink(ref, dealId, id));
      won.push(dealId);
    }
    records.push({ ref, contributions: [], links, events });
  }
  await save(store, entities, records);
  return { won, people: entities.flatMap(([one]) => (one.kind === 'Person' ? [one.id] : [])) };
}

function knownOf(person: number): Entity['fields'] {
  return {
    country: person % 3 === 0 ? 'NL' : 'DE',
    createdAt: worldStart - (person % 5) * dayMs,
  };
}

export async function save(
  store: Store,
  entities: readonly (readonly [Entity, string])[],
  records: readonly NormalizedRecord[],
): Promise<void> {
  await store.transaction(async (one) => {
    await one.entities.replace(
      entities.map(([entity, key]) => ({ entity, keys: [key] })),
      [],
      worldStart,
    );
    await one.facts.replace(records);
  });
}

export function entity(kind: EntityKind, id: string, fields: Entity['fields']): Entity {
  return { id, kind, fields, provenance: {}, members: [`${kind}|made|${kind}|${id}`], withdrawn: false };
}

export function dealKey(id: string): string {
  return `id:made:Deal:${id}`;
}

export function dealLink(ref: RecordRef, deal: string, person: string): Link {
  return {
    ref,
    relation: 'deal-person',
    from: { kind: 'id', value: `made:Deal:${deal}` },
    to: { kind: 'email', value: `${person}@example.com` },
  };
}

export function touchEvent(ref: RecordRef, at: number, channel: string, number: number): CanonicalEvent {
  const type: EventType = channel === 'Chat' ? 'touch.chat' : 'touch.ad_click';
  const id = `${ref.id}-t${String(number).padStart(6, '0')}`;
  return { id, type, time: at, source: ref, subject: `email:${ref.id}@example.com`, data: { channel } };
}
