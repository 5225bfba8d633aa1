/** What a field makes of a value, or why it refuses it. */
import { SaveFault } from '../errors.ts';
import { toId18 } from '../ids.ts';
import type { Org } from '../org.ts';
import { type FieldDef, isNumeric, isText, type Value } from '../schema/model.ts';

export function validate(org: Org, field: FieldDef, given: Value): Value {
  if (given === null) return field.type === 'boolean' ? refuseNullBoolean(field) : null;
  if (isText(field.type)) return validateText(field, String(given));
  if (isNumeric(field.type) && typeof given === 'number') return validateNumber(field, given);
  if (field.type === 'reference') return validateReference(org, field, String(given));
  return given;
}

function refuseNullBoolean(field: FieldDef): never {
  throw new SaveFault('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: `, [
    field.name,
  ]);
}

/** Blanks around a text are dropped, and a text of nothing but blanks is no text. */
function validateText(field: FieldDef, given: string): Value {
  const text = given.trim();
  if (text === '') return null;
  if (text.length > field.length && field.type !== 'multipicklist') throw tooLong(field, text);
  if (field.type === 'email' && !isEmail(text)) {
    throw new SaveFault('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${text}`, [
      field.name,
    ]);
  }
  return field.restricted ? validateChoice(field, text) : text;
}

function tooLong(field: FieldDef, text: string): SaveFault {
  const message = `${field.label}: data value too large: ${text} (max length=${field.length})`;
  return new SaveFault('STRING_TOO_LONG', message, [field.name]);
}

function isEmail(text: string): boolean {
  return /^[^\s@"(),:;<>[\]\\]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text) && !/\.\.|^\.|\.@/.test(text);
}

function validateChoice(field: FieldDef, text: string): string {
  const chosen = field.type === 'multipicklist' ? text.split(';') : [text];
  const spelled = chosen.map((one) =>
    field.picklist.find((value) => value.toLowerCase() === one.toLowerCase()),
  );
  if (!spelled.includes(undefined)) return spelled.join(';');
  const message = `${field.label}: bad value for restricted picklist field: ${text}`;
  throw new SaveFault('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name]);
}

const largestInt = 2_147_483_647;

function validateNumber(field: FieldDef, given: number): number {
  const bound = field.type === 'int' ? largestInt : 10 ** (field.precision - field.scale);
  if (Math.abs(given) > bound || Number.isNaN(given)) {
    const message = `${field.label}: value outside of valid range on numeric field: ${given}`;
    throw new SaveFault('NUMBER_OUTSIDE_VALID_RANGE', message, [field.name]);
  }
  return roundHalfUp(given, field.scale);
}

/** Decimal rounding of what was written, so that 1.005 becomes 1.01. */
function roundHalfUp(number: number, scale: number): number {
  const rounded = Number(`${Math.round(Number(`${Math.abs(number)}e${scale}`))}e-${scale}`);
  return Number.isNaN(rounded) ? number : Math.sign(number) * rounded;
}

function validateReference(org: Org, field: FieldDef, given: string): Value {
  if (given === '') return null;
  const id = toId18(given);
  const target = id === undefined ? undefined : org.catalog.byPrefix(id.slice(0, 3));
  const knowsTargets = field.referenceTo.some((name) => org.catalog.object(name) !== undefined);
  if (id === undefined || (knowsTargets && !field.referenceTo.includes(target?.name ?? ''))) {
    throw new SaveFault('MALFORMED_ID', `${field.label}: id value of incorrect type: ${given}`, [field.name]);
  }
  const row = target && org.table(target.name).get(id);
  if (row === undefined && knowsTargets) {
    throw new SaveFault('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]);
  }
  if (row?.IsDeleted === true) throw new SaveFault('ENTITY_IS_DELETED', 'entity is deleted', [field.name]);
  return id;
}
