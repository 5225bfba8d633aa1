/**
 * Keys by which records find each other: `email`, `phone`, `domain`, `visitor`, `chatUser`, `external` (the hub's own id),
 * or the name of an object whose record a field names (`Contact: ConvertedContactId`; in another system
 * `salesforce/Opportunity: …`).
 */
import type { IdentityKey, RecordRef } from '../canonical/model.ts';
import type { Json, JsonObject } from '../support/json.ts';
import { compileChain } from './chain.ts';
import { isBlank, isEmail } from './kinds.ts';
import type { ReadContext } from './path.ts';
import { isE164, normalPhone } from './phone.ts';
import type { KeySource, KeysEntry } from './schema.ts';
import type { Scope } from './scope.ts';
import { registeredDomain } from './transforms.ts';

/** Appends the keys that this record gives. */
export type KeyReader = (body: JsonObject, context: ReadContext, into: IdentityKey[]) => void;

/** One record or person that this record names; undefined when it names none. */
export type Pointer = (body: JsonObject, context: ReadContext) => IdentityKey | undefined;

type KeyMaker = (text: string) => IdentityKey | null;

const keyKinds: Readonly<Record<string, (scope: Scope) => KeyMaker>> = {
  email: () => (text) => (isEmail(text) ? { kind: 'email', value: text.toLowerCase() } : null),
  phone: (scope) => (text) => {
    const value = normalPhone(text, scope.file.country);
    return isE164(value) ? { kind: 'phone', value } : null;
  },
  domain: () => (text) => {
    const value = registeredDomain(text.toLowerCase());
    return value === null ? null : { kind: 'domain', value };
  },
  visitor: () => (text) => ({ kind: 'visitor', value: text }),
  chatUser: () => (text) => ({ kind: 'chatUser', value: text }),
  external: () => (text) => ({ kind: 'external', value: text }),
};

/** Every key that the record gives: for `match`. */
export function compileKeys(entry: KeysEntry, scope: Scope): KeyReader {
  const readers = Object.entries(entry).flatMap(([name, sources]) =>
    [sources].flat().map((source) => compileKey(name, source, scope.at(name))),
  );
  return (body, context, into) => {
    for (const read of readers) read(body, context, into);
  };
}

/** The first key that the record gives: for ends of relations and subjects of events. */
export function compilePointer(entry: KeysEntry, scope: Scope): Pointer {
  const read = compileKeys(entry, scope);
  return (body, context) => {
    const found: IdentityKey[] = [];
    read(body, context, found);
    return found[0];
  };
}

/** The record that is being read. */
export function ownKey({ record }: ReadContext): IdentityKey {
  return recordKey(record.ref);
}

export function recordKey({ connection, object, id }: RecordRef): IdentityKey {
  return { kind: 'id', value: `${connection}:${object}:${id}` };
}

/** No id or address has one, and databases choke on them. */
const controlCharacter = /\p{Cc}/u;

function compileKey(name: string, given: KeySource, scope: Scope): KeyReader {
  const source = typeof given === 'string' ? { field: given } : given;
  const kind = Object.hasOwn(keyKinds, name) ? keyKinds[name] : undefined;
  const make = kind ? kind(scope) : recordKeyMaker(name, scope);
  const reader = scope.reader(source.field);
  const chain = compileChain(source, source.field, scope);
  const { prefix = '', split, before } = source;
  const add = (text: string, into: IdentityKey[]): void => {
    const cut = before === undefined ? text : (text.split(before)[0] ?? '');
    const value = cut.trim();
    if (value === '' || !value.startsWith(prefix) || controlCharacter.test(value)) return;
    const key = make(value);
    if (key) into.push(key);
  };
  return (body, context, into) => {
    const raw = reader(body, context);
    if (raw === undefined || isBlank(raw) || typeof raw === 'object') return;
    const text = textOf(chain.pull(raw, body, context));
    if (text === null) return;
    if (split === undefined) add(text, into);
    else for (const part of text.split(split)) add(part, into);
  };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function recordKeyMaker(name: string, scope: Scope): KeyMaker {
  const slash = name.indexOf('/');
  const { file } = scope;
  if (slash > 0) {
    const start = `${file.connectionOf(name.slice(0, slash))}:${name.slice(slash + 1)}:`;
    return (text) => ({ kind: 'id', value: start + text });
  }
  const known = [...Object.keys(keyKinds), ...Object.keys(file.data.objects)];
  const message = `"${name}" is neither a kind of key nor an object of this file.`;
  scope.expect(name, known, message, 'An object of another system is written system/object.');
  const start = `${file.connection}:${name}:`;
  return (text) => ({ kind: 'id', value: start + text });
}
