/** A look behind the API, and the hands of a person at Salesforce's own screen. */
import type { EmulatedRecords } from '../../../src/emulator/contract.ts';
import type { Json, JsonObject } from '../../../src/support/json.ts';
import { Problem } from '../../../src/support/problem.ts';
import { ApiError, SaveFault } from './errors.ts';
import type { Org } from './org.ts';
import type { ObjectDef, Row } from './schema/model.ts';
import { reader } from './soql/columns.ts';
import { convertLead } from './write/convert.ts';
import { judge, readDraft } from './write/input.ts';
import { mergeRecords } from './write/merge.ts';
import { removeRow, restoreRow } from './write/remove.ts';
import { amend, plant } from './write/save.ts';
import { liveRow, screenWriter, type Writer } from './write/writer.ts';

interface Options {
  readonly at?: number;
  readonly by?: 'user' | 'integration';
}

export function createRecords(org: Org): EmulatedRecords {
  const objectOf = (name: string): ObjectDef => {
    const object = org.catalog.object(name);
    if (object !== undefined) return object;
    throw new Problem('usage', `no object "${name}"`, { where: 'salesforce emulator' });
  };
  const writerFor = ({ at, by }: Options = {}): Writer =>
    screenWriter(org, by === 'integration' ? org.apiUserId : org.humanUserId, at);
  return {
    objects: () => org.catalog.objects().map((object) => object.name),
    create: (name, fields, options) =>
      tell(() => {
        const writer = writerFor(options);
        const object = objectOf(name);
        const values = judge(writer, readDraft(writer, object, fields), 'insert');
        return String(org.journal.attempt(() => plant(writer, object, values)).Id);
      }),
    update: (name, id, fields, options) =>
      tell(() => {
        const writer = writerFor(options);
        const object = objectOf(name);
        const values = judge(writer, readDraft(writer, object, fields), 'update');
        org.journal.attempt(() => amend(writer, object, liveRow(org, object, id), values));
      }),
    remove: (name, id) =>
      tell(() => {
        const object = objectOf(name);
        org.journal.attempt(() => removeRow(writerFor(), object, liveRow(org, object, id)));
      }),
    merge: (name, winner, loser) =>
      tell(() =>
        String(org.journal.attempt(() => mergeRecords(writerFor(), objectOf(name), winner, loser)).Id),
      ),
    act: (action, name, id) => tell(() => act(org, writerFor(), action, objectOf(name), id)),
    get(name, id) {
      const object = objectOf(name);
      const row = org.table(object.name).get(id);
      return row === undefined || row.IsDeleted === true ? undefined : show(object, row);
    },
    all(name) {
      const object = objectOf(name);
      const rows = org.table(object.name).everything(false);
      return rows.toArray().map((row) => show(object, row));
    },
    count: (name) => org.table(objectOf(name).name).count,
  };
}

function show(object: ObjectDef, row: Row): JsonObject {
  return Object.fromEntries(object.fields.map((field): [string, Json] => [field.name, reader(field)(row)]));
}

/** What the screen would show in red, as an error for the developer. */
function tell<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SaveFault || error instanceof ApiError)) throw error;
    const said =
      error instanceof SaveFault
        ? error.errors.map((one) => `${one.statusCode}: ${one.message}`)
        : [error.message];
    throw new Problem('usage', said.join('; '), { where: 'salesforce emulator', cause: error });
  }
}

type Act = (org: Org, writer: Writer, object: ObjectDef, id: string) => JsonObject;

const acts: Readonly<Record<string, Act>> = {
  /** Lead conversion with an opportunity. */
  convert: (org, writer, _object, id) => convert(org, writer, id, true),
  convertWithoutOpportunity: (org, writer, _object, id) => convert(org, writer, id, false),
  undelete(org, writer, object, id) {
    org.journal.attempt(() => restoreRow(writer, object, id));
    return { id };
  },
  /** Somebody holds the record: the next API write that touches it, or a child of it, is refused. */
  lock(org, _writer, _object, id) {
    org.locks.add(id);
    return { id };
  },
};

function convert(org: Org, writer: Writer, id: string, withOpportunity: boolean): JsonObject {
  return { ...org.journal.attempt(() => convertLead(writer, id, { withOpportunity })) };
}

function act(org: Org, writer: Writer, action: string, object: ObjectDef, id: string): JsonObject {
  const known = acts[action];
  if (known !== undefined) return known(org, writer, object, id);
  throw new Problem('usage', `no action "${action}"`, {
    where: 'salesforce emulator',
    remedy: `Use one of: ${Object.keys(acts).join(', ')}.`,
  });
}
