/**
 * Salesforce record ids: 15 case-sensitive characters, or 18 with a checksum that survives tools which ignore
 * case. REST answers with 18; report exports, formula fields and URLs may hold 15.
 */
import { casedId } from '../../../src/support/cased-id.ts';

const shape = /^[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?$/;
const anyCase = /^[0-9A-Za-z]{15}[A-Za-z0-5]{3}$/;

export function isRecordId(text: string): boolean {
  return shape.test(text);
}

/** The 18-character form; any other text comes back as it is. Salesforce itself never loses the case. */
export function longId(id: string): string {
  return id.length === 15 ? (casedId(id) ?? id) : id;
}

/** The 18-character form of an id as a person has it, who may have lost its case; null for what cannot be one. */
export function typedId(text: string): string | null {
  return casedId(text);
}

/** Looks like an id of 18 characters, and is none: its last three say that others are capitals. */
export function isMistyped(text: string): boolean {
  return anyCase.test(text) && casedId(text) === null;
}
