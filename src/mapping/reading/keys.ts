/**
 * Keys by which records find each other: `email`, `phone`, `domain`, `session`, `visitor`, `chatUser`, `external` (the
 * hub's own id), or the name of an object whose record a field names (`Contact: ConvertedContactId`; in another system
 * `salesforce/Opportunity: …`). A value that is a placeholder gives no key, of whatever kind.
 */
import { addressKey } from '../../canonical/address.ts';
import type { IdentityKey, RecordRef } from '../../canonical/model.ts';
import { isPlaceholder } from '../../canonical/placeholders.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import { compileChain } from '../language/chain.ts';
import { compileWhen } from '../language/conditions.ts';
import { countryHere, isBlank } from '../language/kinds.ts';
import type { ReadContext } from '../language/path.ts';
import { isPhoneKey, normalPhone } from '../language/phone.ts';
import type { KeySource, KeysEntry } from '../language/schema.ts';
import type { Scope } from '../language/scope.ts';
import { registeredDomain } from '../language/transforms.ts';

/** Appends the keys that this record gives. */
export type KeyReader = (body: JsonObject, context: ReadContext, into: IdentityKey[]) => void;

/** One record or person that this record names; undefined when it names none. */
export type Pointer = (body: JsonObject, context: ReadContext) => IdentityKey | undefined;

type KeyMaker = (text: string, body: JsonObject, context: ReadContext) => IdentityKey | null;
type Source = Exclude<KeySource, string>;

const keyKinds: Readonly<Record<string, (scope: Scope, source: Source) => KeyMaker>> = {
  email: () => (text) => {
    const value = addressKey(text);
    return value === null ? null : { kind: 'email', value };
  },
  phone: (scope) => (text, body, context) => {
    const settings = {
      country: scope.file.country,
      ...(scope.country ? { countryField: scope.country } : {}),
    };
    const value = normalPhone(text, countryHere(settings, body, context));
    return isPhoneKey(value) ? { kind: 'phone', value } : null;
  },
  domain: () => (text) => {
    const value = registeredDomain(text.toLowerCase());
    return value === null ? null : { kind: 'domain', value };
  },
  session: (scope, source) => inSpace('session', spaceOf(scope, source)),
  visitor: (scope, source) => inSpace('visitor', spaceOf(scope, source)),
  chatUser: (scope, source) => inSpace('chatUser', spaceOf(scope, source)),
  external: (scope, source) =>
    inSpace('external', isHubId(scope, source) ? hubSpace : spaceOf(scope, source)),
};

/** Kinds whose values are counted by each system for itself. */
const spacedKinds: readonly string[] = ['session', 'visitor', 'chatUser', 'external'];

/** The space of the ids that the hub gives; its keys bear no name, so no connection can meet them. */
const hubSpace = 'hub';

function inSpace(kind: IdentityKey['kind'], space: string): KeyMaker {
  const start = space === hubSpace ? '' : `${space}:`;
  return (text) => ({ kind, value: start + text });
}

/** A space is the connection's own, that of a system which the mapping names, or a shared one of any name. */
function spaceOf({ file }: Scope, { space }: Source): string {
  return space === undefined ? file.connection : file.connectionOf(space);
}

/** The field that holds the hub's id of a record means the same in every system. */
function isHubId({ file, object }: Scope, { field, space }: Source): boolean {
  if (space !== undefined) return false;
  const sections = [file.data.objects[object] ?? []].flat();
  return sections.some(({ externalId }) =>
    typeof externalId === 'string' ? externalId === field : externalId?.field === field,
  );
}

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

/**
 * Longer ids (tokens, whole URLs) are known by their beginning and a digest: the same id gives the same key, and an
 * index holds it. PostgreSQL's takes 2,704 bytes (https://www.postgresql.org/docs/current/btree.html).
 */
const longestValue = 512;

function indexable(key: IdentityKey): IdentityKey {
  if (key.value.length <= longestValue) return key;
  return {
    ...key,
    value: `${key.value.slice(0, 64).toWellFormed()}~${fingerprint(key.value.toWellFormed())}`,
  };
}

function compileKey(name: string, given: KeySource, scope: Scope): KeyReader {
  const source = typeof given === 'string' ? { field: given } : given;
  const kind = Object.hasOwn(keyKinds, name) ? keyKinds[name] : undefined;
  const make = kind ? kind(scope, source) : recordKeyMaker(name, scope);
  if (source.space !== undefined && !spacedKinds.includes(name)) {
    scope.complain(`A key of kind "${name}" has no space.`, `Only ${spacedKinds.join(', ')} have one.`);
  }
  const reader = scope.reader(source.field);
  const chain = compileChain(source, source.field, scope);
  const when = source.when && compileWhen(source.when, scope.at('when'));
  const keyKind = kind ? (name as IdentityKey['kind']) : 'id';
  const { prefix = '', split, before } = source;
  const add = (text: string, body: JsonObject, context: ReadContext, into: IdentityKey[]): void => {
    const cut = before === undefined ? text : (text.split(before)[0] ?? '');
    const value = cut.trim();
    if (value === '' || !value.startsWith(prefix) || controlCharacter.test(value)) return;
    if (isPlaceholder(keyKind, value, scope.file.placeholders)) return;
    const key = make(value, body, context);
    if (!key) return;
    if (key.value === value || !isPlaceholder(keyKind, key.value, scope.file.placeholders))
      into.push(indexable(key));
  };
  return (body, context, into) => {
    if (when && !when(body, context)) return;
    const raw = reader(body, context);
    if (raw === undefined || isBlank(raw) || typeof raw === 'object') return;
    const text = textOf(chain.pull(raw, body, context));
    if (text === null) return;
    if (split === undefined) add(text, body, context, into);
    else for (const part of text.split(split)) add(part, body, context, into);
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
