import { ApiError } from '../errors.ts';

export type SoqlCode =
  | 'MALFORMED_QUERY'
  | 'INVALID_FIELD'
  | 'INVALID_TYPE'
  | 'INVALID_QUERY_FILTER_OPERATOR'
  | 'INVALID_QUERY_SCOPE';

const shownBefore = 32;
const shownAfter = 40;

/** With the piece of the query and the caret that Salesforce puts before its message. */
export function soqlFault(code: SoqlCode, text: string, at: number, message: string): ApiError {
  const start = wordStart(text, Math.max(0, at - shownBefore), at);
  const shown = text.slice(start, at + shownAfter).replace(/[\r\n]/g, ' ');
  const lines = text.slice(0, at).split('\n');
  const column = (lines.at(-1)?.length ?? 0) + 1;
  const place = `ERROR at Row:${lines.length}:Column:${column}`;
  return new ApiError(400, code, `\n${shown}\n${' '.repeat(at - start)}^\n${place}\n${message}`);
}

function wordStart(text: string, from: number, to: number): number {
  if (from === 0) return 0;
  const found = /[\s,(]/.exec(text.slice(from, to));
  return found === null ? from : from + found.index + 1;
}

const reference = 'Please reference your WSDL or the describe call for the appropriate names.';

export function noSuchColumn(name: string, entity: string): string {
  return `No such column '${name}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${reference}`;
}

export function noSuchType(name: string): string {
  return `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${reference}`;
}

export function noSuchRelationship(name: string): string {
  return `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${reference}`;
}
