/** One section of a mapping: what it reads of an object's records, and what it lets the hub write there. */
import { canonicalFields, type EntityKind } from '../canonical/model.ts';
import type { FieldSpec } from '../connector/contract.ts';
import type { CompiledField, CompiledObject, CompiledReference, CreateRule } from './compiled.ts';
import { compileFieldsWhen, compileWhen, namesIn } from './conditions.ts';
import { compileEvent } from './events.ts';
import { compileField, type ReadableField } from './fields.ts';
import { compileKeys } from './keys.ts';
import { compileRelation } from './links.ts';
import type { SectionReader } from './normalize.ts';
import { isVendorField } from './path.ts';
import { externalIdSpec, fieldSpec, referenceSpec } from './provision.ts';
import type { Section } from './schema.ts';
import type { Scope } from './scope.ts';
import { didYouMean } from './suggest.ts';

/** What a section lets the hub write: the parts of `CompiledObject` that only writing needs. */
export type SectionWriter = Pick<
  CompiledObject,
  'create' | 'onWithdraw' | 'readOnly' | 'externalId' | 'references' | 'provisions'
>;

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
    if (entries.length > 0)
      scope
        .at('fields')
        .complain(
          'Fields belong to an entity, and none is named.',
          'Add `entity:`, such as `entity: Person`.',
        );
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

function compileWriter(
  section: Section,
  entity: EntityKind | null,
  fields: readonly CompiledField[],
  scope: Scope,
): SectionWriter {
  const { externalId, readOnly } = section;
  const externalField = typeof externalId === 'string' ? externalId : externalId?.field;
  if (externalField !== undefined) scope.at('externalId').use(externalField);
  const create = section.create && compileCreate(section, section.create, entity, scope.at('create'));
  const never = readOnly && compileWhen(readOnly, scope.at('readOnly'));
  return {
    references: compileReferences(section, entity, scope.at('references')),
    provisions: provisionsOf(section, fields, scope),
    ...(create ? { create } : {}),
    ...(section.onWithdraw ? { onWithdraw: section.onWithdraw } : {}),
    ...(externalField === undefined ? {} : { externalId: externalField }),
    ...(never ? { readOnly: (body) => never(body, nobody) } : {}),
  };
}

const nobody = {
  record: {
    ref: { connection: '', object: '', id: '' },
    body: {},
    createdAt: 0,
    modifiedAt: 0,
    fieldTimes: {},
  },
  warn: () => {},
};

function compileCreate(
  section: Section,
  create: NonNullable<Section['create']>,
  entity: EntityKind | null,
  scope: Scope,
): CreateRule {
  if (section.externalId === undefined) {
    scope.complain(
      'A record is only created through an external id, so that a repeated create is an update.',
      'Add `externalId:` with a unique field, such as Hub_Id__c.',
    );
  }
  const mapped = Object.keys(section.fields ?? {});
  for (const name of create.send) {
    if (!mapped.includes(name))
      scope
        .at('send')
        .complain(`"${name}" is not among the fields of this object.`, didYouMean(name, mapped));
  }
  const objects = Object.keys(scope.file.data.objects);
  for (const name of create.unless) {
    if (!objects.includes(name))
      scope.at('unless').complain(`"${name}" is no object of this file.`, didYouMean(name, objects));
  }
  const known = entity === null ? [] : Object.keys(canonicalFields[entity]);
  for (const name of namesIn(create.when)) {
    if (!known.includes(name) && !name.startsWith('custom.'))
      scope
        .at('when')
        .complain(`${entity ?? 'This object'} has no field "${name}".`, didYouMean(name, known));
  }
  return { when: compileFieldsWhen(create.when), unless: create.unless, defaults: create.defaults };
}

function compileReferences(section: Section, entity: EntityKind | null, scope: Scope): CompiledReference[] {
  return Object.entries(section.references ?? {}).flatMap(([vendor, { to, from }]) => {
    const place = scope.at(vendor);
    place.use(vendor);
    const objects = scope.file.data.objects;
    const target = [objects[to] ?? []].flat().find((one) => one.entity !== undefined)?.entity;
    if (target === undefined)
      place
        .at('to')
        .complain(
          `"${to}" is no object of this file that stands for an entity.`,
          didYouMean(to, Object.keys(objects)),
        );
    const known = entity === null ? [] : Object.keys(canonicalFields[entity]);
    if (!known.includes(from))
      place
        .at('from')
        .complain(`${entity ?? 'This object'} has no field "${from}".`, didYouMean(from, known));
    return target === undefined ? [] : [{ vendor, entity: target, object: to, from }];
  });
}

function provisionsOf(section: Section, fields: readonly CompiledField[], scope: Scope): FieldSpec[] {
  const specs: FieldSpec[] = [];
  const { externalId } = section;
  if (typeof externalId === 'object')
    specs.push(externalIdSpec(scope.object, externalId.field, externalId.provision));
  for (const [vendor, reference] of Object.entries(section.references ?? {})) {
    if (reference.provision)
      specs.push(referenceSpec(scope.object, vendor, reference.to, reference.provision));
  }
  for (const field of fields) {
    const entry = section.fields?.[field.canonical];
    if (typeof entry === 'object' && entry.provision) specs.push(fieldSpec(scope.object, field, entry));
  }
  return specs;
}
