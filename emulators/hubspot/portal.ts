import type { Clock } from '../../src/support/clock.ts';
import type { Knobs } from './knobs.ts';
import { Crm } from './state/crm.ts';
import { generateContacts } from './state/generate.ts';
import type { Happening, Stamp } from './state/happenings.ts';
import { customType, type ObjectType, standardTypes, typeFinder } from './state/objects.ts';
import { createRandom, type Random } from './state/random.ts';
import type { Source } from './state/rows.ts';
import { Schema } from './state/schema.ts';
import { Table } from './state/table.ts';
import type { ValueRules } from './state/values.ts';

export interface Owner {
  readonly id: string;
  /** Not the same as `id`: `hubspot_owner_id` holds `id`. */
  readonly userId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly createdAt: number;
}

export interface Form {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface Submission {
  readonly formId: string;
  readonly conversionId: string;
  readonly submittedAt: number;
  readonly pageUrl: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/** One HubSpot account and the app that is installed in it. */
export interface Portal {
  readonly id: number;
  readonly appId: number;
  readonly knobs: Knobs;
  readonly clock: Clock;
  readonly random: Random;
  readonly types: readonly ObjectType[];
  findType(word: string): ObjectType | undefined;
  readonly crm: Crm;
  readonly owners: Owner[];
  readonly forms: Form[];
  /** Oldest first. */
  readonly submissions: Submission[];
}

export interface PortalOptions {
  readonly knobs: Knobs;
  readonly clock: Clock;
  readonly seed: number;
  readonly tell: (happening: Happening) => void;
}

export const portalId = 44_237_313;
export const appId = 19_083_857;

export function openPortal({ knobs, clock, seed, tell }: PortalOptions): Portal {
  const custom = knobs.customObjects.map(({ typeId, name }) => customType(typeId, name));
  const types = [...standardTypes, ...custom];
  const tables = new Map(types.map((type) => [type.name, openTable(type, knobs, clock)] as const));
  return {
    id: portalId,
    appId,
    knobs,
    clock,
    random: createRandom(seed),
    types,
    findType: typeFinder(types),
    crm: new Crm({ tables, clock, knobs, tell }),
    owners: [],
    forms: [],
    submissions: [],
  };
}

function openTable(type: ObjectType, knobs: Knobs, clock: Clock): Table {
  const own = knobs.customObjects.find(({ typeId }) => typeId === type.typeId)?.properties ?? [];
  const schema = new Schema(type.name, own, clock, knobs);
  const { contacts } = knobs.generate;
  if (type.name !== 'contacts' || contacts === 0) return new Table(type, schema);
  return new Table(type, schema, generateContacts(contacts, clock.now()));
}

export function rulesFor(portal: Portal, { type, schema }: Table): ValueRules {
  return { object: type.name, schema, isOwner: (id) => portal.owners.some((owner) => owner.id === id) };
}

/** What the API writes is the work of the app that the token belongs to. */
export function byApi({ clock, appId: id }: Portal): Stamp {
  return { at: clock.now(), source: integration(id) };
}

export function integration(id: number): Source {
  return { type: 'INTEGRATION', id: String(id) };
}

export function person(userId: number): Source {
  return { type: 'CRM_UI', id: `userId:${userId}`, userId };
}
