/** One section of a mapping: what it reads of an object's records, and what it lets the hub write there. */
import { isChatCredit } from '../canonical/chat-credit.ts';
import type { EntityKind, Link } from '../canonical/model.ts';
import type { CompiledField, CompiledSender } from './language/compiled.ts';
import { compileWhen } from './language/conditions.ts';
import { isBlank } from './language/kinds.ts';
import { isVendorField, type Reader } from './language/path.ts';
import type { relationTypes, Section } from './language/schema.ts';
import type { Scope } from './language/scope.ts';
import { currencyFields } from './reading/currency.ts';
import { compileEvent } from './reading/events.ts';
import { compileField, type ReadableField } from './reading/fields.ts';
import { compileKeys } from './reading/keys.ts';
import { compileRelation, type LinkReader } from './reading/links.ts';
import type { SectionReader } from './reading/section-reader.ts';
import { compileWatched } from './reading/watched.ts';
import { compileSender } from './writing/sender.ts';
import { compileWriter, type SectionWriter } from './writing/writer.ts';

export interface CompiledSection {
  readonly entity: EntityKind | null;
  /** Kinds that it ties to one another. */
  readonly ties: readonly EntityKind[];
  readonly fields: readonly CompiledField[];
  readonly reader: SectionReader;
  readonly writer: SectionWriter;
  readonly sender?: CompiledSender;
}

/** What the relations of a mapping tie. */
const tied: Readonly<Record<(typeof relationTypes)[number], readonly EntityKind[]>> = {
  'deal-person': ['Deal', 'Person'],
  'person-organization': ['Person', 'Organization'],
  'deal-organization': ['Deal', 'Organization'],
  // These say what a touch is part of, not whose it is.
  'campaign-person': [],
  'touch-deal': [],
};

export function compileSection(section: Section, place: Scope): CompiledSection {
  const rooted = section.root === undefined ? place : place.withRoot(section.root);
  const scope = rooted.withCountry(countryReader(section, rooted));
  const entity = section.entity ?? null;
  const named = compileFields(section, entity, scope);
  const fields = [...named, ...currencyFields(section, named)];
  complainOfCollisions(fields, scope);
  const sender = compileSender(section, scope);
  return {
    ...(sender && { sender }),
    entity,
    ties: (section.relations ?? []).flatMap(({ type }) => tied[type]),
    fields,
    reader: {
      entity,
      when: section.when ? compileWhen(section.when, scope.at('when')) : null,
      match: section.match ? compileKeys(section.match, scope.at('match')) : null,
      watched: compileWatched(section, scope),
      fields: fields.filter(({ pulls }) => pulls),
      immutable: section.immutable ?? false,
      relations: relationsOf(section, scope),
      events: (section.events ?? []).map((entry, index) => compileEvent(entry, scope.at('events', index))),
    },
    writer: compileWriter(section, entity, named, scope),
  };
}

/** The account of a deal is also where its people are looked for, unless the section says `people: roles`. */
function relationsOf({ entity, relations = [], people }: Section, scope: Scope): LinkReader[] {
  if (people !== undefined && entity !== 'Deal')
    scope.at('people').complain('`people` is a word for deals.', 'Put it where `entity: Deal` is.');
  const readers = relations.map((entry, index) => compileRelation(entry, scope.at('relations', index)));
  if (entity !== 'Deal' || people === 'roles') return readers;
  const accounts = readers.filter((_, index) => relations[index]?.type === 'deal-organization');
  return [...readers, ...accounts.map(asAccount)];
}

function asAccount(read: LinkReader): LinkReader {
  return (body, context, into) => {
    const links: Link[] = [];
    read(body, context, links);
    for (const { ref, from, to } of links) into.push({ ref, relation: 'deal-account', from, to });
  };
}

/** The record's own country, as typed: what numbers without a country code are read by. */
function countryReader({ fields }: Section, scope: Scope): Reader | null {
  const entry = fields?.country;
  if (entry === undefined) return null;
  const { field, or } = typeof entry === 'string' ? { field: entry, or: undefined } : entry;
  const paths = [field, ...(or === undefined ? [] : [typeof or === 'string' ? or : or.field])];
  const readers = paths.map((path) => scope.at('fields', 'country').reader(path));
  return (body, context) =>
    readers.map((read) => read(body, context)).find((told) => told !== undefined && !isBlank(told));
}

function compileFields(section: Section, entity: EntityKind | null, scope: Scope): ReadableField[] {
  const entries = Object.entries(section.fields ?? {});
  if (entity === null) {
    const remedy = 'Add `entity:`, such as `entity: Person`.';
    if (entries.length > 0)
      scope.at('fields').complain('Fields belong to an entity, and none is named.', remedy);
    return [];
  }
  const sent = new Set(section.create?.send);
  return entries.map(([canonical, entry]) => {
    const field = compileField(canonical, entry, entity, scope.at('fields', canonical));
    return sent.has(canonical) ? { ...field, creates: true } : field;
  });
}

/** Two fields that write the same vendor field would undo each other for ever. */
function complainOfCollisions(fields: readonly CompiledField[], scope: Scope): void {
  const writers = new Map<string, string>();
  for (const { canonical, vendor, pushes, rule } of fields) {
    const place = scope.at('fields', canonical);
    if (isChatCredit(canonical) && rule.kind !== 'push-only' && rule.kind !== 'off') {
      place.complain(
        `"${canonical}" is computed by the hub and cannot be pulled.`,
        'Give it the rule "push only".',
      );
    }
    if (!pushes) continue;
    if (!isVendorField(vendor) || vendor.includes('.')) {
      place.complain(
        `"${vendor}" is a place in the record, not a field that can be written.`,
        'Name the field itself, or give it the rule "pull only".',
      );
    }
    const other = writers.get(vendor);
    if (other !== undefined)
      place.complain(`"${vendor}" is written by "${other}" already.`, 'Let one of the two be "pull only".');
    writers.set(vendor, canonical);
  }
}
