/** One section of a mapping: what it reads of an object's records, and what it lets the hub write there. */
import type { EntityKind } from '../canonical/model.ts';
import type { CompiledField } from './compiled.ts';
import { compileWhen } from './conditions.ts';
import { compileEvent } from './events.ts';
import { compileField, type ReadableField } from './fields.ts';
import { compileKeys } from './keys.ts';
import { compileRelation } from './links.ts';
import type { SectionReader } from './normalize.ts';
import { isVendorField } from './path.ts';
import type { Section } from './schema.ts';
import type { Scope } from './scope.ts';
import { compileWriter, type SectionWriter } from './writer.ts';

export interface CompiledSection {
  readonly entity: EntityKind | null;
  readonly fields: readonly CompiledField[];
  readonly reader: SectionReader;
  readonly writer: SectionWriter;
}

export function compileSection(section: Section, place: Scope): CompiledSection {
  const scope = section.root === undefined ? place : place.withRoot(section.root);
  const entity = section.entity ?? null;
  const fields = compileFields(section, entity, scope);
  complainOfCollisions(fields, scope);
  return {
    entity,
    fields,
    reader: {
      entity,
      when: section.when ? compileWhen(section.when, scope.at('when')) : null,
      match: section.match ? compileKeys(section.match, scope.at('match')) : null,
      fields: fields.filter(({ pulls }) => pulls),
      immutable: section.immutable ?? false,
      relations: (section.relations ?? []).map((entry, index) =>
        compileRelation(entry, scope.at('relations', index)),
      ),
      events: (section.events ?? []).map((entry, index) => compileEvent(entry, scope.at('events', index))),
    },
    writer: compileWriter(section, entity, fields, scope),
  };
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
    if (canonical.startsWith('chatCredit.') && rule.kind !== 'push-only' && rule.kind !== 'off') {
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
