/** A landed record through its compiled sections: contributions, links and events. Runs once per record of a replay. */
import { type CanonicalEvent, type EventType, eventId } from '../canonical/events.ts';
import type { ContributedValue, Contribution, EntityKind, IdentityKey, Link } from '../canonical/model.ts';
import type { MappedRecord, MappingWarning, Normalized } from './compiled.ts';
import type { Condition } from './conditions.ts';
import type { EventReader } from './events.ts';
import type { ReadableField } from './fields.ts';
import { type KeyReader, ownKey, recordKey } from './keys.ts';
import { distinctLinks, type LinkReader } from './links.ts';
import type { ReadContext } from './path.ts';

/** One section of an object, compiled as far as reading goes. */
export interface SectionReader {
  readonly entity: EntityKind | null;
  readonly when: Condition | null;
  readonly match: KeyReader | null;
  /** Those that are pulled. */
  readonly fields: readonly ReadableField[];
  readonly immutable: boolean;
  readonly relations: readonly LinkReader[];
  readonly events: readonly EventReader[];
}

export function normalizer(sections: readonly SectionReader[]): (record: MappedRecord) => Normalized {
  return (record) => {
    const context = new Reading(record);
    const { tombstone } = record;
    if (tombstone) return withdrawn(sections, context, tombstone);
    const contributions: Contribution[] = [];
    const links: Link[] = [];
    const events: CanonicalEvent[] = [];
    for (const section of sections) {
      if (section.when !== null && !section.when(record.body, context)) continue;
      if (contributes(section)) contributions.push(contribution(section, section.entity, context));
      for (const read of section.relations) read(record.body, context, links);
      for (const read of section.events) read(record.body, context, events);
    }
    return {
      contributions,
      links: links.length > 1 ? distinctLinks(links) : links,
      events,
      warnings: context.warnings,
    };
  };
}

/** Collects what could not be read while a record is read. */
export class Reading implements ReadContext {
  readonly record: MappedRecord;
  readonly warnings: MappingWarning[] = [];

  constructor(record: MappedRecord) {
    this.record = record;
  }

  warn(field: string, message: string): void {
    this.warnings.push({ field, message });
  }
}

/** A section that is only written (the hub's own records) says nothing of its entity. */
function contributes(section: SectionReader): section is SectionReader & { entity: EntityKind } {
  return section.entity !== null && (section.match !== null || section.fields.length > 0);
}

function contribution(section: SectionReader, kind: EntityKind, context: Reading): Contribution {
  const { ref, body, createdAt } = context.record;
  const keys: IdentityKey[] = [ownKey(context)];
  section.match?.(body, context, keys);
  const values: Record<string, ContributedValue> = {};
  for (const field of section.fields) {
    const value = field.read(body, context);
    if (value === undefined) continue;
    const { at, exact } = changeTime(field, section, context.record);
    values[field.canonical] = { value, at, exact };
  }
  return { ref, kind, keys, values, createdAt, withdrawn: false };
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
    .map(({ entity, match }): Contribution => {
      const keys = [ownKey(context)];
      if (tombstone.kind !== 'erased') match?.(body, context, keys);
      if (tombstone.into !== undefined) keys.push(recordKey({ ...ref, id: tombstone.into }));
      return { ref, kind: entity, keys, values: {}, createdAt, withdrawn: true };
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
