import type { Json, JsonObject } from '../../src/support/json.ts';
import { Problem } from '../../src/support/problem.ts';
import type { EmulatedRecords } from '../loopback/contract.ts';
import { ApiError, SaveFault } from './errors.ts';
import type { Org } from './org.ts';
import type { ObjectDef, Row } from './schema/model.ts';
import { reader } from './soql/columns.ts';
import { convertLead } from './write/convert.ts';
import { judge, type Operation, readDraft } from './write/input.ts';
import { mergeRecords } from './write/merge.ts';
import { removeRow, restoreRow } from './write/remove.ts';
import { amend, plant } from './write/save.ts';
import { liveRow, screenWriter, type Writer } from './write/writer.ts';

interface Options {
  readonly at?: number;
  readonly by?: 'user' | 'integration';
}

const where = 'salesforce emulator';

/** A look behind the API, and the hands of a person at Salesforce's own screen. */
export class Records implements EmulatedRecords {
  readonly #org: Org;

  constructor(org: Org) {
    this.#org = org;
  }

  objects(): readonly string[] {
    return this.#org.catalog.objects().map((object) => object.name);
  }

  create(name: string, fields: JsonObject, options?: Options): string {
    const object = this.#object(name);
    return this.#do(options, (writer) => {
      const values = read(writer, object, fields, 'insert');
      return String(plant(writer, object, values).Id);
    });
  }

  update(name: string, id: string, fields: JsonObject, options?: Options): void {
    const object = this.#object(name);
    this.#do(options, (writer) => {
      const values = read(writer, object, fields, 'update');
      amend(writer, object, liveRow(this.#org, object, id), values);
    });
  }

  remove(name: string, id: string): void {
    const object = this.#object(name);
    this.#do({}, (writer) => removeRow(writer, object, liveRow(this.#org, object, id)));
  }

  merge(name: string, winner: string, loser: string): string {
    const object = this.#object(name);
    return this.#do({}, (writer) => String(mergeRecords(writer, object, winner, loser).Id));
  }

  /** `convert`, `convertWithoutOpportunity` (leads), `undelete`, `lock`. */
  act(action: string, name: string, id: string): JsonObject {
    const object = this.#object(name);
    if (action === 'hide' || action === 'show') return this.#grant(object.name, id, action === 'hide');
    const known = acts[action];
    if (known !== undefined) return this.#do({}, (writer) => known(writer, object, id));
    const remedy = `Use one of: ${['hide', 'show', ...Object.keys(acts)].join(', ')}.`;
    throw new Problem('usage', `no action "${action}"`, { where, remedy });
  }

  /** `act('hide', 'Contact', 'Phone')` takes a field from the profile of the API user; without a field, the object. */
  #grant(object: string, field: string, isHidden: boolean): JsonObject {
    this.#org.access.hide(field === '' ? object : `${object}.${field}`, isHidden);
    return {};
  }

  get(name: string, id: string): JsonObject | undefined {
    const object = this.#object(name);
    const row = this.#org.table(object.name).get(id);
    return row === undefined || row.IsDeleted === true ? undefined : show(object, row);
  }

  all(name: string): readonly JsonObject[] {
    const object = this.#object(name);
    const rows = this.#org.table(object.name).everything(false);
    return rows.toArray().map((row) => show(object, row));
  }

  count(name: string): number {
    return this.#org.table(this.#object(name).name).count;
  }

  #object(name: string): ObjectDef {
    const object = this.#org.catalog.object(name);
    if (object !== undefined) return object;
    throw new Problem('usage', `no object "${name}"`, { where });
  }

  /** All or nothing; what the screen would show in red becomes an error for the developer. */
  #do<T>({ at, by }: Options = {}, work: (writer: Writer) => T): T {
    const { apiUserId, humanUserId, journal } = this.#org;
    const writer = screenWriter(this.#org, by === 'integration' ? apiUserId : humanUserId, at);
    try {
      return journal.attempt(() => work(writer));
    } catch (error) {
      if (!(error instanceof SaveFault || error instanceof ApiError)) throw error;
      throw new Problem('usage', said(error), { where, cause: error });
    }
  }
}

function said(error: SaveFault | ApiError): string {
  if (error instanceof ApiError) return `${error.errorCode}: ${error.message}`;
  return error.errors.map(({ statusCode, message }) => `${statusCode}: ${message}`).join('; ');
}

function read(writer: Writer, object: ObjectDef, fields: JsonObject, operation: Operation): Row {
  return judge(writer, readDraft(writer, object, fields), operation);
}

function show(object: ObjectDef, row: Row): JsonObject {
  return Object.fromEntries(object.fields.map((field): [string, Json] => [field.name, reader(field)(row)]));
}

type Act = (writer: Writer, object: ObjectDef, id: string) => JsonObject;

const acts: Readonly<Record<string, Act>> = {
  convert: (writer, _object, id) => ({ ...convertLead(writer, id, { withOpportunity: true }) }),
  convertWithoutOpportunity: (writer, _object, id) => ({
    ...convertLead(writer, id, { withOpportunity: false }),
  }),
  undelete(writer, object, id) {
    restoreRow(writer, object, id);
    return { id };
  },
  /** Somebody holds the record: the next API write that touches it, or a child of it, is refused. */
  lock({ org }, _object, id) {
    org.locks.add(id);
    return { id };
  },
};
