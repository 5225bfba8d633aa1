/** What the telling of the world remembers: which record tells which fact. And the steps of which all of it is made. */
import type { World } from '../../world/world.ts';
import { type Portal, person as userSource } from '../portal.ts';
import type { Stamp } from '../state/happenings.ts';
import type { Row, Values } from '../state/rows.ts';
import type { Table } from '../state/table.ts';

export interface Telling {
  readonly portal: Portal;
  readonly world: World;
  readonly owners: ReadonlyMap<string, { readonly id: string; readonly userId: number }>;
  readonly companies: Map<string, Row>;
  readonly people: Map<string, Row>;
  readonly deals: Map<string, Row>;
  /** Cross-references told so far. */
  references: number;
}

export function create({ portal }: Telling, object: string, values: Values, stamp: Stamp): Row {
  return portal.crm.create(tableOf(portal, object), values, stamp);
}

export function associate(
  portal: Portal,
  from: Row,
  fromObject: string,
  to: Row,
  toObject: string,
  stamp: Stamp,
): void {
  const ends = [
    { object: fromObject, id: from.id },
    { object: toObject, id: to.id },
  ] as const;
  portal.crm.associate(...ends, [], stamp);
}

export function tableOf(portal: Portal, object: string): Table {
  const table = portal.crm.tables.get(object);
  if (table) return table;
  throw new Error(`no table of ${object}`);
}

export function ownerValue({ owners }: Telling, key: string): Values {
  const owner = owners.get(key);
  return owner ? { hubspot_owner_id: owner.id } : {};
}

export function stampOf({ owners }: Telling, ownerKey: string, at: number): Stamp {
  return { at, source: userSource(owners.get(ownerKey)?.userId ?? 0) };
}
