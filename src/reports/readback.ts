/** Reads deals back through the CRMs' own APIs and holds them against what the hub computed. */

import { isChatCredit } from '../canonical/chat-credit.ts';
import type { Entity, Money } from '../canonical/model.ts';
import { parseRef } from '../canonical/names.ts';
import { asToldTo } from '../credit/own-amounts.ts';
import type { CompiledField } from '../mapping/language/compiled.ts';
import type { FieldMemory } from '../store/contract/outbox.ts';
import type { Json, JsonObject } from '../support/json.ts';
import { sameValue, valueAt } from '../sync/echo.ts';
import { type Hub, pulledObjects, type System } from '../sync/hub.ts';
import { pullOptions } from '../sync/pull/landing.ts';
import { ownCurrency } from '../sync/pull/own-currency.ts';
import { ownRefs } from '../sync/push/plan/own-refs.ts';

export interface DealReport {
  readonly id: string;
  readonly name: string;
  /** `won`, `lost` or `open`. */
  readonly status: string | null;
  readonly credit: {
    readonly share: number | null;
    readonly amount: Money | null;
    readonly touches: number | null;
    readonly role: string | null;
    readonly model: string | null;
    readonly reason: string | null;
  };
  /** One for every record of the deal in any CRM. */
  readonly readBack: readonly RecordReport[];
  /** Every record holds what the mapping makes of the credit. */
  readonly agrees: boolean;
}

export interface RecordReport {
  readonly connection: string;
  readonly object: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, Json>>;
  /** Vendor fields that hold something else than they should. */
  readonly differs: readonly string[];
}

const pageSize = 1_000;

/** All deals that are not withdrawn, by name. One read per batch and object, at each CRM. */
export async function readBack(hub: Hub): Promise<DealReport[]> {
  const deals = await allDeals(hub);
  const bodies = new Map<string, JsonObject>();
  for (const system of hub.systems.values()) await readSystem(system, deals, bodies);
  const currencies = new Map<string, string>();
  for (const name of hub.systems.keys()) {
    const code = (await ownCurrency(hub.store, name))?.code;
    if (code) currencies.set(name, code);
  }
  const memories = Map.groupBy(await hub.store.outbox.memories([...bodies.keys()]), (memory) => memory.ref);
  return deals.map((deal) => report(hub, deal, { bodies, memories, currencies }));
}

async function allDeals(hub: Hub): Promise<Entity[]> {
  const deals: Entity[] = [];
  for (let after: string | null = null; ; ) {
    const page: Entity[] = await hub.store.entities.scan('Deal', after, pageSize);
    const last = page.at(-1);
    if (!last)
      return deals.filter((deal) => !deal.withdrawn).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    deals.push(...page);
    after = last.id;
  }
}

async function readSystem(
  system: System,
  deals: readonly Entity[],
  bodies: Map<string, JsonObject>,
): Promise<void> {
  const refs = deals.flatMap((deal) => ownRefs(deal, system.name)).map(parseRef);
  for (const object of pulledObjects(system)) {
    const ids = refs.filter((ref) => ref.object === object).map((ref) => ref.id);
    if (ids.length === 0) continue;
    const records = await system.connector.streams?.[object]?.fetch?.(
      system.context,
      ids,
      pullOptions(system, object),
    );
    for (const record of records ?? [])
      if (!record.tombstone) bodies.set(`${system.name}|${object}|${record.id}`, record.body);
  }
}

interface Held {
  readonly bodies: ReadonlyMap<string, JsonObject>;
  /** What the vendor made of our values (whole seconds, two decimals) is ours all the same. */
  readonly memories: ReadonlyMap<string, readonly FieldMemory[]>;
  /** The systems' own, by connection. */
  readonly currencies: ReadonlyMap<string, string>;
}

function report(hub: Hub, deal: Entity, held: Held): DealReport {
  const readBack = [...hub.systems.values()].flatMap((system) =>
    writtenRefs(system, deal, held.bodies).map((ref) => recordReport(system, deal, ref, held)),
  );
  return {
    id: deal.id,
    name: nameOf(deal),
    status: typeof deal.fields.status === 'string' ? deal.fields.status : null,
    credit: {
      share: numberOf(deal, 'share'),
      amount: moneyOf(deal.fields['chatCredit.amount']),
      touches: numberOf(deal, 'touches'),
      role: textOf(deal, 'role'),
      model: textOf(deal, 'model'),
      reason: textOf(deal, 'reason'),
    },
    readBack,
    agrees: readBack.every(({ differs }) => differs.length === 0),
  };
}

function writtenRefs(system: System, deal: Entity, bodies: ReadonlyMap<string, JsonObject>): string[] {
  return ownRefs(deal, system.name).filter((ref) => bodies.has(ref));
}

function recordReport(system: System, deal: Entity, ref: string, held: Held): RecordReport {
  const { bodies, memories, currencies } = held;
  const body = bodies.get(ref) ?? {};
  const currency = currencies.get(system.name);
  const holder = { body, ...(currency === undefined ? {} : { currency }) };
  const told = asToldTo(deal.fields, ref);
  const { object, id } = parseRef(ref);
  const fields: Record<string, Json> = {};
  const differs: string[] = [];
  for (const field of system.mapping.objects[object]?.fields ?? []) {
    if (!isChatCredit(field.canonical)) continue;
    const holds = valueAt(body, field.path);
    if (holds === null && isUnmissed(system, object, field) && !memories.get(ref)?.some(of(field))) continue;
    const wanted = field.toVendor(told, holder);
    fields[field.vendor] = holds;
    if (!('value' in wanted) || !stands(holds, wanted.value, memories.get(ref), field))
      differs.push(field.vendor);
  }
  return { connection: system.name, object, id, fields, differs };
}

/** A field that not every account has, that holds nothing and was never written, is not there. */
function isUnmissed({ mapping }: System, object: string, { vendor }: CompiledField): boolean {
  const uses = mapping.objects[object]?.uses.filter((use) => use.vendor === vendor) ?? [];
  return uses.length > 0 && uses.every(({ optional }) => optional);
}

function of({ vendor }: CompiledField): (memory: FieldMemory) => boolean {
  return (memory) => memory.field === vendor;
}

function stands(
  held: Json,
  wanted: Json,
  memories: readonly FieldMemory[] = [],
  field: CompiledField,
): boolean {
  if (sameValue(held, wanted) || field.sameAs(held, wanted)) return true;
  const memory = memories.find(of(field));
  return memory?.answer !== undefined && sameValue(memory.sent, wanted) && sameValue(memory.answer, held);
}

function nameOf(deal: Entity): string {
  return typeof deal.fields.name === 'string' ? deal.fields.name : deal.id;
}

function numberOf(deal: Entity, name: string): number | null {
  const value = deal.fields[`chatCredit.${name}`];
  return typeof value === 'number' ? value : null;
}

function textOf(deal: Entity, name: string): string | null {
  const value = deal.fields[`chatCredit.${name}`];
  return typeof value === 'string' ? value : null;
}

function moneyOf(value: unknown): Money | null {
  return typeof value === 'object' && value !== null && 'minor' in value ? (value as Money) : null;
}
