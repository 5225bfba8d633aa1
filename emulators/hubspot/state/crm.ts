/** The account's records and everything that happens to them, no matter who does it and how. */
import { type Clock, iso } from '../../../src/support/clock.ts';
import type { Knobs } from '../knobs.ts';
import type { AssociationType } from './association-types.ts';
import { computed, computedOnCreate } from './derive.ts';
import type { Happening, Stamp } from './happenings.ts';
import { knownAt, lagBehind, remember } from './journal.ts';
import { type AssociationSpec, Links, type RecordRef } from './links.ts';
import { mergedValues } from './merge.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { isLive, newRow, type Row, type Values, withoutBlanks } from './rows.ts';
import type { Table } from './table.ts';

export interface CrmOptions {
  readonly tables: ReadonlyMap<string, Table>;
  readonly clock: Clock;
  readonly knobs: Knobs;
  readonly tell: (happening: Happening) => void;
}

/** https://developers.hubspot.com/docs/api-reference/error-handling: more than this is a 414. */
const mostMerges = 250;

export class Crm {
  readonly tables: ReadonlyMap<string, Table>;
  readonly links: Links;
  readonly #clock: Clock;
  readonly #knobs: Knobs;
  readonly #tell: (happening: Happening) => void;
  /** Of the change under way, for the associations that follow from it. */
  #stamp: Stamp = { at: 0, source: { type: 'CRM_UI', id: '' } };

  constructor(options: CrmOptions) {
    this.tables = options.tables;
    this.#clock = options.clock;
    this.#knobs = options.knobs;
    this.#tell = options.tell;
    this.links = new Links((from, to, type, removed) => this.#onLink(from, to, type, removed));
  }

  /** Values are checked ones. */
  create(table: Table, given: Values, stamp: Stamp): Row {
    const id = table.nextId();
    const values = withoutBlanks({
      ...computedOnCreate(table.type, id, given, stamp.at, stamp.source, this.#knobs.currency),
      ...given,
    });
    const row = newRow(id, Date.parse(values[table.type.createdProperty] ?? iso(stamp.at)));
    row.updatedAt = stamp.at;
    table.put(row);
    this.#write(table, row, values, stamp);
    this.#tell({ kind: 'creation', record: refOf(table, row), stamp });
    this.#tellProperties(table, row, Object.keys(given), stamp);
    return row;
  }

  /** Blank text clears. A write that changes nothing leaves no trace. Returns the names of what changed. */
  update(table: Table, row: Row, given: Values, stamp: Stamp): string[] {
    const asked = { ...row.values, ...given };
    const wanted: Values = {
      ...given,
      ...computed(table.type.name, withoutBlanks(asked), stamp.at, this.#knobs.currency),
    };
    const changed = Object.keys(wanted).filter((name) => (wanted[name] ?? '') !== (row.values[name] ?? ''));
    if (changed.length === 0) return [];
    this.touch(table, row, stamp, Object.fromEntries(changed.map((name) => [name, wanted[name] ?? ''])));
    this.#tellProperties(table, row, changed, stamp);
    return changed;
  }

  /** Moves the change stamp, with or without values: HubSpot does so for its own internal properties too. */
  touch(table: Table, row: Row, stamp: Stamp, changes: Values = {}): void {
    row.updatedAt = stamp.at;
    table.put(row);
    this.#write(table, row, { ...changes, [table.type.modifiedProperty]: iso(stamp.at) }, stamp);
  }

  archive(table: Table, row: Row, stamp: Stamp): void {
    row.archivedAt = stamp.at;
    table.put(row);
    table.reindex(row.id, row.values, undefined);
    this.#tell({ kind: 'deletion', record: refOf(table, row), stamp });
  }

  restore(table: Table, row: Row, stamp: Stamp): void {
    row.archivedAt = null;
    table.reindex(row.id, undefined, row.values);
    this.touch(table, row, stamp);
    this.#tell({ kind: 'restore', record: refOf(table, row), stamp });
  }

  /** Deletes for privacy: nothing is left to read. Its webhook comes with that of a deletion. */
  erase(table: Table, row: Row, stamp: Stamp): void {
    this.archive(table, row, stamp);
    row.erased = true;
    row.values = {};
    row.history.clear();
    this.#tell({ kind: 'privacyDeletion', record: refOf(table, row), stamp });
  }

  /** Returns the survivor. Moved values cause no propertyChange: amp-labs/connectors#3487. */
  merge(table: Table, primary: Row, loser: Row, stamp: Stamp): Row {
    if (primary.id === loser.id) throw invalid('Cannot merge an object with itself.');
    const merges = primary.values.hs_merged_object_ids?.split(';').length ?? 0;
    if (merges >= mostMerges)
      throw new Refusal(414, { message: 'Cannot have more than 250 identities on a profile' });
    const survivor = this.#knobs.mergeMakesNewId ? newRow(table.nextId(), primary.createdAt) : primary;
    const values = mergedValues(table.type, primary, loser, survivor.id, stamp.at, this.#knobs);
    const gone = survivor === primary ? [loser] : [primary, loser];
    this.#stamp = stamp;
    for (const row of gone) this.#bury(table, row, survivor);
    this.touch(table, survivor, stamp, values);
    const moved = Object.keys(values).filter((name) => primary.values[name] === undefined).length;
    this.#tell({
      kind: 'merge',
      primary: refOf(table, primary),
      merged: loser.id,
      survivor: survivor.id,
      moved,
      stamp,
    });
    for (const row of gone) this.#tell({ kind: 'deletion', record: refOf(table, row), stamp });
    return survivor;
  }

  associate(
    from: RecordRef,
    to: RecordRef,
    specs: readonly AssociationSpec[],
    stamp: Stamp,
  ): AssociationType[] {
    this.#stamp = stamp;
    this.find(from);
    this.find(to);
    return this.links.add(from, to, specs);
  }

  /** Without types: all that ties the two. */
  part(from: RecordRef, to: RecordRef, specs: readonly AssociationSpec[] | undefined, stamp: Stamp): void {
    this.#stamp = stamp;
    if (specs) this.links.removeTypes(from, to, specs);
    else this.links.removeAll(from, to);
  }

  /** A live record under the id asked for; refuses with 404. */
  find({ object, id }: RecordRef): Row {
    const row = this.tables.get(object)?.get(id);
    if (row && isLive(row)) return row;
    throw notFound();
  }

  /** What search has learned of a record so far; undefined while it does not know it. */
  indexed(row: Row): Values | undefined {
    return knownAt(row, this.#clock.now());
  }

  #bury(table: Table, row: Row, survivor: Row): void {
    row.mergedInto = survivor.id;
    table.put(row);
    table.reindex(row.id, row.values, undefined);
    this.links.move(refOf(table, row), refOf(table, survivor), [...this.tables.keys()]);
  }

  #write(table: Table, row: Row, changes: Values, stamp: Stamp): void {
    const before = row.values;
    row.values = withoutBlanks({ ...before, ...changes });
    remember(row, before, changes, table.type.modifiedProperty, stamp);
    table.reindex(row.id, before, row.values);
    if (this.#knobs.searchLagMs > 0) lagBehind(row, before, this.#clock.now(), this.#knobs.searchLagMs);
  }

  #tellProperties(table: Table, row: Row, names: readonly string[], stamp: Stamp): void {
    for (const property of names) {
      this.#tell({
        kind: 'propertyChange',
        record: refOf(table, row),
        property,
        value: row.values[property] ?? '',
        stamp,
      });
    }
  }

  #onLink(from: RecordRef, to: RecordRef, type: AssociationType, removed: boolean): void {
    const stamp = this.#stamp;
    if (from.object === 'contacts' && type.label === 'Primary')
      this.#setCompany(from, removed ? '' : to.id, stamp);
    this.#tell({ kind: 'associationChange', from, to, type, removed, stamp });
  }

  /** HubSpot copies the primary company's id into a property of the contact. */
  #setCompany(contact: RecordRef, id: string, stamp: Stamp): void {
    const table = this.tables.get(contact.object);
    const row = table?.get(contact.id);
    if (table && row && isLive(row)) this.update(table, row, { associatedcompanyid: id }, stamp);
  }
}

export function refOf(table: Table, row: Row): RecordRef {
  return { object: table.type.name, id: row.id };
}
