/** `relations:` — what one record says of two others, or of itself and another. */
import type { Link } from '../../canonical/model.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';
import { compileWhen } from '../language/conditions.ts';
import type { ReadContext } from '../language/path.ts';
import type { RelationEntry } from '../language/schema.ts';
import type { Scope } from '../language/scope.ts';
import { compilePointer, ownKey, type Pointer } from './keys.ts';

export type LinkReader = (body: JsonObject, context: ReadContext, into: Link[]) => void;

/** `from` is the record itself unless said otherwise; with `each`, one link per element of a list. */
export function compileRelation(entry: RelationEntry, scope: Scope): LinkReader {
  const elements = entry.each === undefined ? null : scope.at('each').reader(entry.each);
  const place = elements ? scope.inElement() : scope;
  const from: Pointer = entry.from
    ? compilePointer(entry.from, scope.at('from'))
    : (_, context) => ownKey(context);
  const to = compilePointer(entry.to, place.at('to'));
  const role = entry.role === undefined ? null : compileRole(entry.role, place.at('role'));
  const primary = entry.primary === undefined ? null : compileWhen(entry.primary, place.at('primary'));

  const add = (body: JsonObject, element: JsonObject, context: ReadContext, into: Link[]): void => {
    const ends = { from: from(body, context), to: to(element, context) };
    if (!ends.from || !ends.to) return;
    const told = role?.(element, context);
    const { ref, createdAt } = context.record;
    into.push({
      ref,
      relation: entry.type,
      from: ends.from,
      to: ends.to,
      ...(told === undefined ? {} : { role: told }),
      ...(primary ? { primary: primary(element, context) } : {}),
      // A record of its own says when the two were tied.
      ...(entry.from ? { since: createdAt } : {}),
    });
  };
  if (!elements) return (body, context, into) => add(body, body, context, into);
  return (body, context, into) => {
    const list = elements(body, context);
    if (!Array.isArray(list)) return;
    for (const element of list) if (isJsonObject(element)) add(body, element, context, into);
  };
}

type RoleReader = (body: JsonObject, context: ReadContext) => string | undefined;

function compileRole(entry: NonNullable<RelationEntry['role']>, scope: Scope): RoleReader {
  const { field, ignore } = typeof entry === 'string' ? { field: entry, ignore: [] } : entry;
  const read = scope.reader(field);
  const silent = new Set(['', ...ignore]);
  return (body, context) => {
    const role = read(body, context);
    return typeof role === 'string' && !silent.has(role) ? role : undefined;
  };
}

/** HubSpot lists an association once per type. One link per pair, with what any of its tellings says of it. */
export function distinctLinks(links: readonly Link[]): Link[] {
  const once = new Map<string, Link>();
  for (const link of links) {
    const name = linkName(link);
    const known = once.get(name);
    once.set(name, known ? { ...link, ...known, ...(link.primary ? { primary: true } : {}) } : link);
  }
  return [...once.values()];
}

/** Of its relation and ends: whatever else is said of it, it is the same link. */
export function linkName({ relation, from, to }: Link): string {
  return [relation, from.kind, from.value, to.kind, to.value].join('\u0000');
}
