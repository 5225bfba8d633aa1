import { SaveFault } from '../errors.ts';
import type { Org } from '../org.ts';
import type { FieldDef, ObjectDef, Row } from '../schema/model.ts';
import { wireTime } from '../time.ts';

/** Which fields the writer knows of, and may fill. */
export interface Eyes {
  field(object: ObjectDef, name: string): FieldDef | undefined;
  relationship(object: ObjectDef, name: string): FieldDef | undefined;
  canInsert(object: ObjectDef, field: FieldDef): boolean;
  canUpdate(object: ObjectDef, field: FieldDef): boolean;
}

/** On whose behalf, and when, something is saved. */
export interface Writer {
  readonly org: Org;
  readonly eyes: Eyes;
  readonly userId: string;
  /** As on the wire; becomes CreatedDate, LastModifiedDate, SystemModstamp. */
  readonly stamp: string;
  /** Through an API, where locks and duplicate rules refuse; not at the screen. */
  readonly throughApi: boolean;
  /** `Sforce-Duplicate-Rule-Header: allowSave=true`. */
  readonly allowDuplicates: boolean;
}

export function apiWriter(org: Org, allowDuplicates = false): Writer {
  const { access } = org;
  const eyes: Eyes = {
    field: (object, name) => access.field(object, name),
    relationship: (object, name) => access.relationship(object, name),
    canInsert: (object, field) => field.createable && access.canWrite(object, field),
    canUpdate: (object, field) => field.updateable && access.canWrite(object, field),
  };
  const stamp = wireTime(org.clock.now());
  return { org, eyes, userId: org.apiUserId, stamp, throughApi: true, allowDuplicates };
}

/** Somebody at Salesforce's own screen, or Salesforce itself: sees and sets everything. */
export function screenWriter(org: Org, userId = org.humanUserId, at = org.clock.now()): Writer {
  const { catalog } = org;
  const eyes: Eyes = {
    field: (object, name) => catalog.field(object, name),
    relationship: (object, name) => catalog.relationship(object, name),
    canInsert: () => true,
    canUpdate: () => true,
  };
  return { org, eyes, userId, stamp: wireTime(at), throughApi: false, allowDuplicates: true };
}

export const gone = () => new SaveFault('ENTITY_IS_DELETED', 'entity is deleted');
export const convertedAlready = () =>
  new SaveFault('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
export const unknown = () => new SaveFault('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');

/** The live record, or the fault that Salesforce has for one that is not. */
export function liveRow(org: Org, object: ObjectDef, id: string): Row {
  const row = org.table(object.name).get(id);
  if (row === undefined) throw unknown();
  if (row.IsDeleted === true) throw gone();
  return row;
}

/** A change that a user can see moves both stamps; one that the system makes in passing moves only the last. */
export function visibly(writer: Writer): Row {
  return { LastModifiedDate: writer.stamp, LastModifiedById: writer.userId, SystemModstamp: writer.stamp };
}
