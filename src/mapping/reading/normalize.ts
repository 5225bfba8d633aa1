/** A landed record through its compiled sections: contributions, links and events. Runs once per record of a replay. */
import { type CanonicalEvent, type EventType, eventId } from '../../canonical/events.ts';
import type { ContributedValue, Contribution, EntityKind, IdentityKey, Link } from '../../canonical/model.ts';
import { keyText } from '../../canonical/names.ts';
import { messageOf } from '../../support/error-text.ts';
import { Problem } from '../../support/problem.ts';
import type { MappedRecord, MappingWarning, Normalized } from '../language/compiled.ts';
import type { ReadContext } from '../language/path.ts';
import { withEarlier } from './earlier.ts';
import type { ReadableField } from './fields.ts';
import { ownKey, recordKey } from './keys.ts';
import { distinctLinks } from './links.ts';
import { contributes, type SectionReader } from './section-reader.ts';

/** The function throws a `Problem` that names the line at which a record cannot be read. */
export function normalizer(
  sections: readonly SectionReader[],
  place: (line?: number) => string,
): (record: MappedRecord) => Normalized {
  const read = reader(sections);
  return (record) => {
    const at: Progress = { line: undefined };
    try {
      return read(record, at);
    } catch (error) {
      throw unreadable(error, place(at.line));
    }
  };
}

/** The field that is being read. */
interface Progress {
  line: number | undefined;
}

function unreadable(error: unknown, where: string): Problem {
  if (error instanceof Problem) return error;
  const message = messageOf(error);
  return new Problem('failed', `This record cannot be read: ${message}.`, {
    where,
    remedy: 'Mend the record or that part of the mapping, then run `hub parked retry`.',
    cause: error,
  });
}

function reader(sections: readonly SectionReader[]): (record: MappedRecord, at: Progress) => Normalized {
  return (record, at) => {
    const context = new Reading(record);
    const { tombstone } = record;
    if (tombstone) return withEarlier(sections, record, withdrawn(sections, context, tombstone));
    const contributions: Contribution[] = [];
    const links: Link[] = [];
    const events: CanonicalEvent[] = [];
    for (const section of sections) {
      if (section.when !== null && !section.when(record.body, context)) continue;
      if (contributes(section)) contributions.push(contribution(section, section.entity, context, at));
      for (const read of section.relations) read(record.body, context, links);
      for (const read of section.events) read(record.body, context, events);
    }
    return withEarlier(sections, record, {
      contributions,
      links: links.length > 1 ? distinctLinks(links) : links,
      events,
      warnings: context.warnings,
    });
  };
}

/** Collects what could not be read while a record is read. */
export class Reading implements ReadContext {
  readonly record: MappedRecord;
  readonly warnings: MappingWarning[];

  constructor(record: MappedRecord) {
    this.record = record;
    this.warnings = [...(record.warnings ?? [])];
  }

  warn(field: string, message: string, unreadable = false): void {
    this.warnings.push({ field, message, ...(unreadable ? { unreadable } : {}) });
  }
}

function contribution(
  section: SectionReader,
  kind: EntityKind,
  context: Reading,
  progress: Progress,
): Contribution {
  const { ref, body, createdAt } = context.record;
  const keys: IdentityKey[] = [ownKey(context)];
  section.match?.(body, context, keys);
  const values: Record<string, ContributedValue> = {};
  for (const field of section.fields) {
    progress.line = field.line;
    const value = field.read(body, context);
    if (value === undefined) continue;
    const { at, exact } = changeTime(field, section, context.record);
    values[field.canonical] = { value, at, exact };
  }
  progress.line = undefined;
  const statement = section.immutable ? { statement: true as const } : {};
  return { ref, kind, ...withSessions(kind, keys), values, createdAt, withdrawn: false, ...statement };
}

/** Where a person spoke: the events of the conversation are theirs. */
function withSessions(
  kind: EntityKind,
  keys: readonly IdentityKey[],
): Pick<Contribution, 'keys' | 'sessions'> {
  const sessions = kind === 'Person' ? keys.filter((key) => key.kind === 'session').map(keyText) : [];
  return sessions.length === 0 ? { keys } : { keys, sessions };
}

/** Told times go by the vendor's field name, remembered ones by the path in the body. */
function changeTime(
  field: ReadableField,
  section: SectionReader,
  record: MappedRecord,
): { at: number; exact: boolean } {
  if (section.immutable) return { at: record.createdAt, exact: true };
  const known = record.fieldTimes[field.path] ?? record.fieldTimes[field.vendor];
  return known ?? { at: record.modifiedAt, exact: false };
}

type Tombstone = NonNullable<MappedRecord['tombstone']>;

/** The record is gone, its values count no more. Its keys still join, but for those of an erased person. */
function withdrawn(sections: readonly SectionReader[], context: Reading, tombstone: Tombstone): Normalized {
  const { ref, body, createdAt } = context.record;
  const contributions = sections
    .filter(contributes)
    .filter(({ when }) => when === null || when(body, context))
    .map(({ entity, match, immutable }): Contribution => {
      const keys = [ownKey(context)];
      if (tombstone.kind !== 'erased') match?.(body, context, keys);
      if (tombstone.into !== undefined) keys.push(recordKey({ ...ref, id: tombstone.into }));
      const statement = immutable ? { statement: true as const } : {};
      return {
        ref,
        kind: entity,
        ...withSessions(entity, keys),
        values: {},
        createdAt,
        withdrawn: true,
        ...statement,
      };
    });
  const isPerson = contributions.some(({ kind }) => kind === 'Person');
  const events = isPerson ? ending(tombstone.kind, context) : [];
  return { contributions, links: [], events, warnings: context.warnings };
}

const endings: Readonly<Partial<Record<Tombstone['kind'], EventType>>> = {
  merged: 'person.merged',
  erased: 'person.erased',
};

function ending(kind: Tombstone['kind'], context: Reading): CanonicalEvent[] {
  const type = endings[kind];
  if (!type) return [];
  const { ref, modifiedAt } = context.record;
  const own = ownKey(context);
  const subject = `${own.kind}:${own.value}`;
  return [{ id: eventId(ref, type), type, time: modifiedAt, source: ref, subject, data: {} }];
}
