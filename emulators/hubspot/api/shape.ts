/** Records as HubSpot's answers tell them: all values strings or null, names in alphabetical order. */
import { iso } from '../../../src/support/clock.ts';
import type { Portal } from '../portal.ts';
import type { ObjectType } from '../state/objects.ts';
import { type HistoryEntry, isLive, type Row, type Values } from '../state/rows.ts';
import type { Table } from '../state/table.ts';

export interface Selection {
  readonly names: readonly string[];
  readonly history: readonly string[];
  readonly associations: readonly ObjectType[];
}

export interface Wanted {
  readonly properties: readonly string[];
  readonly history?: readonly string[];
  readonly associations?: readonly ObjectType[];
}

/** Names that no property has are passed over in silence, as HubSpot does. */
export function select(
  { type, schema }: Table,
  { properties, history = [], associations = [] }: Wanted,
): Selection {
  const asked = properties.length > 0 ? properties : type.defaults;
  const always = [type.createdProperty, type.modifiedProperty, 'hs_object_id'];
  const known = [...new Set([...asked, ...always])].filter((name) => schema.find(name) !== undefined);
  return { names: known.sort(), history: history.filter((name) => schema.find(name)), associations };
}

export function readJson(portal: Portal, table: Table, row: Row, selection: Selection): object {
  const { history, associations } = selection;
  return {
    ...frame(portal, table, row, pick(row.values, selection.names)),
    ...(history.length > 0 ? { propertiesWithHistory: historyJson(row, history) } : {}),
    ...(associations.length > 0 ? associationsJson(portal, table, row, associations) : {}),
  };
}

/** What search knows of a record may be older than the record. */
export function searchJson(
  portal: Portal,
  table: Table,
  row: Row,
  known: Values,
  names: readonly string[],
): object {
  const updatedAt = known[table.type.modifiedProperty] ?? iso(row.updatedAt);
  return { ...frame(portal, table, row, pick(known, names)), updatedAt };
}

/** Everything that a new record holds. */
export function createdJson(portal: Portal, table: Table, row: Row): object {
  return frame(portal, table, row, pick(row.values, Object.keys(row.values).sort()));
}

/** What was sent, what changed with it, and what is always told. A cleared value is told as "". */
export function updatedJson(
  portal: Portal,
  table: Table,
  row: Row,
  sent: Values,
  changed: readonly string[],
): object {
  const { createdProperty, modifiedProperty } = table.type;
  const domain = 'email' in sent && table.type.name === 'contacts' ? ['hs_email_domain'] : [];
  const always = [createdProperty, modifiedProperty, 'hs_object_id'];
  const names = [...new Set([...Object.keys(sent), ...changed, ...domain, ...always])].sort();
  const properties = Object.fromEntries(names.map((name) => [name, row.values[name] ?? '']));
  return frame(portal, table, row, properties);
}

function frame(portal: Portal, { type }: Table, row: Row, properties: object): object {
  return {
    id: row.id,
    properties,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    archived: !isLive(row),
    ...(row.archivedAt === null ? {} : { archivedAt: iso(row.archivedAt) }),
    url: `https://app.hubspot.com/contacts/${portal.id}/record/${type.typeId}/${row.id}`,
  };
}

function pick(values: Values, names: readonly string[]): Record<string, string | null> {
  const picked: Record<string, string | null> = {};
  for (const name of names) picked[name] = values[name] ?? null;
  return picked;
}

/** Newest first. Of a generated record no changes are kept: its value is as old as it is. */
function historyJson(row: Row, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, entriesOf(row, name).map(entryJson).reverse()]));
}

function entriesOf(row: Row, name: string): readonly HistoryEntry[] {
  const value = row.values[name];
  const first: HistoryEntry[] =
    value === undefined ? [] : [{ value, at: row.createdAt, source: { type: 'CRM_UI', id: 'userId:0' } }];
  return row.history.get(name) ?? first;
}

function entryJson({ value, at, source }: HistoryEntry): object {
  return {
    value,
    timestamp: iso(at),
    sourceType: source.type,
    sourceId: source.id,
    ...(source.userId === undefined ? {} : { updatedByUserId: source.userId }),
  };
}

/** Only the first page of each, and no key at all for a type that nothing is tied to. */
function associationsJson(portal: Portal, table: Table, row: Row, types: readonly ObjectType[]): object {
  const told = types.flatMap((type) => {
    const tied = tiesOf(portal, table, row, type);
    const results = tied.slice(0, portal.knobs.associationPage);
    const more = tied.length > results.length ? { paging: { next: { after: results.at(-1)?.id } } } : {};
    return tied.length > 0 ? [[type.name, { results, ...more }]] : [];
  });
  return told.length > 0 ? { associations: Object.fromEntries(told) } : {};
}

/** One for each record and kind. Kinds that users made are told by the associations API alone. */
function tiesOf(portal: Portal, { type: from }: Table, row: Row, to: ObjectType) {
  const links = portal.crm.links.of({ object: from.name, id: row.id }, to.name);
  const live = links.filter(({ id }) => isLiveIn(portal, to.name, id));
  return live.flatMap(({ id, types }) => {
    const hasPrimary = types.some(({ label }) => label === 'Primary');
    const own = types.filter(({ category }) => category === 'HUBSPOT_DEFINED');
    return own.map(({ label }) => ({ id, type: associationName(from, to, label === null && hasPrimary) }));
  });
}

export function isLiveIn(portal: Portal, object: string, id: string): boolean {
  const row = portal.crm.tables.get(object)?.get(id);
  return row !== undefined && isLive(row);
}

/** Where a primary kind exists beside it, the plain one says that it is the other. */
function associationName(from: ObjectType, to: ObjectType, unlabelled: boolean): string {
  const name = (type: ObjectType) => type.inAssociations ?? type.singular;
  return `${name(from)}_to_${name(to)}${unlabelled ? '_unlabeled' : ''}`;
}
