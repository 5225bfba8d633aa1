/**
 * How records, contributions and keys are named in the store and everywhere else: the one definition, since a name that
 * is spelt in two ways leads nowhere.
 */
import {
  type Contribution,
  type EntityKind,
  entityKinds,
  type IdentityKey,
  type RecordRef,
} from './model.ts';

/** `connection|object|id`, the text form of a RecordRef; ids may hold any character, so the first two are cut. */
export function refText(ref: RecordRef): string {
  return `${ref.connection}|${ref.object}|${ref.id}`;
}

export function parseRef(text: string): RecordRef {
  const first = text.indexOf('|');
  const second = text.indexOf('|', first + 1);
  if (first < 0 || second < 0) throw new RangeError(`not a record reference: ${text}`);
  return {
    connection: text.slice(0, first),
    object: text.slice(first + 1, second),
    id: text.slice(second + 1),
  };
}

/** `<kind>|<text ref>`: a record may say something of several entities. An entity's members are such names. */
export function contributionName({ kind, ref }: Pick<Contribution, 'kind' | 'ref'>): string {
  return `${kind}|${refText(ref)}`;
}

/** The kind of entity of which the contribution of that name tells. */
export function kindOf(name: string): EntityKind {
  const kind = entityKinds.find((one) => name.startsWith(`${one}|`));
  if (kind === undefined) throw new RangeError(`not the name of a contribution: ${name}`);
  return kind;
}

/** The text ref of the record that made the contribution of that name. */
export function recordOf(name: string): string {
  return name.slice(name.indexOf('|') + 1);
}

/** `<key kind>:<value>`, as events name their subject. */
export function keyText({ kind, value }: IdentityKey): string {
  return `${kind}:${value}`;
}

export function kindOfKey(text: string): string {
  return text.slice(0, text.indexOf(':'));
}

/**
 * Whether a key of an entity says whose an event is. Of a conversation, that follows from all that is tied to it, not
 * from one who spoke in it.
 */
export function isLeading(kind: EntityKind, key: string): boolean {
  return kind !== 'Person' || kindOfKey(key) !== 'session';
}

/** The key that every record has by being itself. */
export function recordKey(ref: RecordRef): IdentityKey {
  return { kind: 'id', value: `${ref.connection}:${ref.object}:${ref.id}` };
}
