/**
 * What a CRM says of the fields that are written there: asked once a day and object, kept in the store. It tells what
 * cannot be written before it is sent. A CRM that does not answer is believed to be as it was; that stops no write.
 */
import { z } from 'zod';
import type { FieldDescription } from '../../../connector/contract/fields.ts';
import { Fault } from '../../../connector/fault.ts';
import type { Store } from '../../../store/contract/store.ts';
import { canonicalJson, fingerprint } from '../../../support/fingerprint.ts';
import { isJsonObject, type Json } from '../../../support/json.ts';
import type { Hub, System } from '../../hub.ts';

/** By vendor field name. */
export type Description = ReadonlyMap<string, FieldDescription>;

const dayMs = 86_400_000;

/** Written by ourselves; a description in an older format than ours is as good as none. */
const field = z.custom<FieldDescription>((value) => isJsonObject(value) && typeof value.name === 'string');
const keptSchema = z.object({ at: z.number(), fields: z.array(field).nullable() });
type Kept = z.infer<typeof keptSchema>;

/** Null: the CRM did not say. Undefined: it has not been asked yet. */
export async function descriptionOf(
  store: Store,
  system: System,
  object: string,
): Promise<Description | null | undefined> {
  const known = await kept(store, system, object);
  if (known === null) return undefined;
  return known.fields && new Map(known.fields.map((field) => [field.name, field]));
}

/** A print of all that is known of a field; it changes when the field does. */
export function printOf(description: Description | null | undefined, field: string): string {
  if (!description) return '';
  const known = description.get(field);
  return known ? fingerprint(canonicalJson(JSON.parse(JSON.stringify(known)))) : 'absent';
}

/** Asks about those of the objects that nobody asked about for a day. True when anything was learned. */
export async function describeStale(
  hub: Hub,
  system: System,
  objects: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  for (const object of system.connector.fields ? objects : []) {
    const before = await kept(hub.store, system, object);
    if (before && hub.clock.now() - before.at < dayMs) continue;
    const fields = (await described(hub, system, object)) ?? before?.fields ?? null;
    await save(hub.store, system, object, { at: hub.clock.now(), fields });
    if (canonicalJson(plain(fields)) !== canonicalJson(plain(before?.fields ?? null))) changed.add(object);
  }
  return changed;
}

/** Somebody changed the CRM, or says so: it is asked again before the next write. */
export async function forgetDescriptions(store: Store, system: System): Promise<void> {
  for (const object of Object.keys(system.mapping.objects)) {
    const before = await kept(store, system, object);
    if (before) await save(store, system, object, { ...before, at: 0 });
  }
}

async function described(hub: Hub, system: System, object: string): Promise<Kept['fields']> {
  try {
    const fields = (await system.connector.fields?.describe(system.context, object)) ?? null;
    return fields ? fields.map((field) => thinned(field, writtenFields(system, object))) : null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    hub.log.info(
      { connection: system.name, object, code: error.code },
      `its fields could not be described, which is asked again in a day: ${error.message}`,
    );
    return null;
  }
}

function writtenFields({ mapping }: System, object: string): ReadonlySet<string> {
  const fields = mapping.objects[object]?.fields ?? [];
  return new Set(fields.filter(({ pushes, creates }) => pushes || creates).map(({ vendor }) => vendor));
}

/** Options can be hundreds; only those of written fields are ever looked at. */
function thinned(field: FieldDescription, written: ReadonlySet<string>): FieldDescription {
  const { options, ...rest } = field;
  return options && written.has(field.name) ? { ...rest, options } : rest;
}

async function kept(store: Store, system: System, object: string): Promise<Kept | null> {
  const parsed = keptSchema.safeParse(await store.connections.state(keyOf(system, object)));
  return parsed.success ? parsed.data : null;
}

function save(store: Store, system: System, object: string, value: Kept): Promise<void> {
  return store.connections.saveState(keyOf(system, object), plain(value));
}

/** Without the members that are undefined. */
function plain(value: Kept | Kept['fields']): Json {
  return JSON.parse(JSON.stringify(value));
}

function keyOf({ name }: System, object: string): string {
  return `described:${name}:${object}`;
}
