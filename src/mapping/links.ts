/** `relations:` — what one record says of two others, or of itself and another. */
import type { Link } from '../canonical/model.ts';
import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import { compilePointer, ownKey, type Pointer } from './keys.ts';
import type { ReadContext } from './path.ts';
import type { RelationEntry } from './schema.ts';
import type { Scope } from './scope.ts';

export type LinkReader = (body: JsonObject, context: ReadContext, into: Link[]) => void;

/** `from` is the record itself unless said otherwise; with `each`, one link per element of a list. */
export function compileRelation(entry: RelationEntry, scope: Scope): LinkReader {
  const elements = entry.each === undefined ? null : scope.at('each').reader(entry.each);
  const place = elements ? scope.inElement() : scope;
  const from: Pointer = entry.from
    ? compilePointer(entry.from, scope.at('from'))
    : (_, context) => ownKey(context);
  const to = compilePointer(entry.to, place.at('to'));
  const role = entry.role === undefined ? null : place.at('role').reader(entry.role);
  const primary = entry.primary === undefined ? null : place.at('primary').reader(entry.primary);

  const add = (body: JsonObject, element: JsonObject, context: ReadContext, into: Link[]): void => {
    const ends = { from: from(body, context), to: to(element, context) };
    if (!ends.from || !ends.to) return;
    const roleText = role?.(element, context);
    into.push({
      ref: context.record.ref,
      relation: entry.type,
      from: ends.from,
      to: ends.to,
      ...(typeof roleText === 'string' && roleText !== '' ? { role: roleText } : {}),
      ...(primary ? { primary: isTrue(primary(element, context)) } : {}),
    });
  };
  if (!elements) return (body, context, into) => add(body, body, context, into);
  return (body, context, into) => {
    const list = elements(body, context);
    if (!Array.isArray(list)) return;
    for (const element of list) if (isJsonObject(element)) add(body, element, context, into);
  };
}

function isTrue(value: Json | undefined): boolean {
  return value === true || value === 'true';
}
