/** What a person does and sees on HubSpot's own screens. */

import { isJsonObject, type JsonObject } from '../../src/support/json.ts';
import { Problem } from '../../src/support/problem.ts';
import type { EmulatedRecords } from '../loopback/contract.ts';
import { isLiveIn } from './api/shape.ts';
import { integration, type Portal, person, rulesFor, type Submission } from './portal.ts';
import { refOf } from './state/crm.ts';
import type { Stamp } from './state/happenings.ts';
import { isLive, type Row, type Values } from './state/rows.ts';
import type { Table } from './state/table.ts';
import { checkValues } from './state/values.ts';

interface ChangeOptions {
  readonly at?: number;
  readonly by?: 'user' | 'integration';
}

/** The person at the screen. */
const someUser = 12_345;

/**
 * Records are flat: property names and values. `associations` in the fields ties them:
 * `[{ object: 'companies', id: '1001' }]`, optionally with `typeId`; in what is read it is told by object.
 * `form_submissions` can be made and seen as well.
 */
export function emulatedRecords(portal: Portal): EmulatedRecords {
  const { crm } = portal;
  const row = (object: string, id: string) => crm.find({ object: tableIn(portal, object).type.name, id });
  return {
    objects: () => portal.types.map(({ name }) => name),
    create(object, fields, options) {
      if (object === 'form_submissions') return submit(portal, fields, options);
      const table = tableIn(portal, object);
      const made = crm.create(table, valuesOf(portal, table, fields, {}), stampOf(portal, options));
      tie(portal, table, made, fields, options);
      return made.id;
    },
    update(object, id, fields, options) {
      const table = tableIn(portal, object);
      const found = row(object, id);
      const stamp = stampOf(portal, options);
      const changed = crm.update(table, found, valuesOf(portal, table, fields, found.values), stamp);
      if (changed.length === 0 && options?.at !== undefined) crm.touch(table, found, stamp);
      tie(portal, table, found, fields, options);
    },
    remove: (object, id) => crm.archive(tableIn(portal, object), row(object, id), stampOf(portal, {})),
    merge: (object, winner, loser) =>
      crm.merge(tableIn(portal, object), row(object, winner), row(object, loser), stampOf(portal, {})).id,
    act: (action, object, id) => act(portal, action, tableIn(portal, object), id),
    get(object, id) {
      const table = tableIn(portal, object);
      const found = table.get(id);
      return found && isLive(found) ? told(portal, table, found) : undefined;
    },
    all(object) {
      if (object === 'form_submissions') return portal.submissions.map((one) => ({ ...one }));
      const table = tableIn(portal, object);
      return [...table.live()].map((one) => told(portal, table, one));
    },
    count: (object) =>
      object === 'form_submissions' ? portal.submissions.length : tableIn(portal, object).liveCount(),
  };
}

const actions: Readonly<Record<string, (portal: Portal, table: Table, row: Row) => void>> = {
  restore: (portal, table, row) => portal.crm.restore(table, row, stampOf(portal, {})),
  erase: (portal, table, row) => portal.crm.erase(table, row, stampOf(portal, {})),
};

function act(portal: Portal, action: string, table: Table, id: string): JsonObject {
  const perform = actions[action];
  const known = Object.keys(actions).join(', ');
  if (!perform)
    throw new Problem('usage', `HubSpot has no action "${action}"`, { remedy: `Use one of: ${known}.` });
  const row = table.get(id);
  if (!row) throw new Problem('usage', `${table.type.name} has no record ${id}`);
  perform(portal, table, row);
  return { id };
}

function tableIn(portal: Portal, object: string): Table {
  const table = portal.crm.tables.get(portal.findType(object)?.name ?? '');
  if (table) return table;
  const known = portal.types.map(({ name }) => name).join(', ');
  throw new Problem('usage', `HubSpot has no object "${object}"`, { remedy: `Use one of: ${known}.` });
}

function stampOf(portal: Portal, { at, by = 'user' }: ChangeOptions = {}): Stamp {
  const source = by === 'user' ? person(someUser) : integration(portal.appId);
  return { at: at ?? portal.clock.now(), source };
}

/** Everything may be set from inside, but no value that HubSpot could not hold. */
function valuesOf(portal: Portal, table: Table, fields: JsonObject, before: Values): Values {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name !== 'associations') given[name] = value === null ? '' : String(value);
  }
  const rules = { ...rulesFor(portal, table), readOnlyToo: true };
  const { values, bad } = checkValues(rules, given, before);
  if (bad.length === 0) return values;
  const reasons = bad.map(({ name, message }) => `${name}: ${message}`).join('; ');
  throw new Problem('usage', `${table.type.name}: ${reasons}`);
}

function tie(
  portal: Portal,
  table: Table,
  row: Row,
  { associations }: JsonObject,
  options?: ChangeOptions,
): void {
  if (!Array.isArray(associations)) return;
  for (const each of associations) {
    if (!isJsonObject(each)) continue;
    const to = { object: tableIn(portal, String(each.object)).type.name, id: String(each.id) };
    const typeId = each.typeId ?? portal.crm.links.plainType(table.type.name, to.object).typeId;
    const spec = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: Number(typeId) };
    portal.crm.associate(refOf(table, row), to, [spec], stampOf(portal, options));
  }
}

function told(portal: Portal, table: Table, row: Row): JsonObject {
  const tied = portal.types.flatMap(({ name }) => {
    const ids = portal.crm.links.of(refOf(table, row), name).map(({ id }) => id);
    const live = ids.filter((id) => isLiveIn(portal, name, id));
    return live.length > 0 ? [[name, live] as const] : [];
  });
  return {
    id: row.id,
    ...row.values,
    ...(tied.length > 0 ? { associations: Object.fromEntries(tied) } : {}),
  };
}

function submit(portal: Portal, fields: JsonObject, options: ChangeOptions = {}): string {
  const { formId, pageUrl = '', values = {} } = fields;
  if (!portal.forms.some(({ id }) => id === formId))
    throw new Problem('usage', `HubSpot has no form "${formId}"`);
  const submission: Submission = {
    formId: String(formId),
    conversionId: `conversion-${portal.submissions.length + 1}`,
    submittedAt: options.at ?? portal.clock.now(),
    pageUrl: String(pageUrl),
    values: Object.entries(isJsonObject(values) ? values : {}).map(([name, value]) => ({
      name,
      value: String(value),
    })),
  };
  portal.submissions.push(submission);
  return submission.conversionId;
}
