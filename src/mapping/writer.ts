/** What a section lets the hub write: creation, references, the external id, and fields to provision. */
import { canonicalFields, type EntityKind } from '../canonical/model.ts';
import type { FieldSpec } from '../connector/contract.ts';
import type { CompiledField, CompiledObject, CompiledReference, CreateRule } from './compiled.ts';
import { compileFieldsWhen, compileWhen, namesIn } from './conditions.ts';
import { nowhere } from './path.ts';
import { externalIdSpec, fieldSpec, referenceSpec } from './provision.ts';
import type { Section } from './schema.ts';
import type { Scope } from './scope.ts';
import { didYouMean } from './suggest.ts';

/** The parts of `CompiledObject` that only writing needs. */
export type SectionWriter = Pick<
  CompiledObject,
  'create' | 'onWithdraw' | 'readOnly' | 'externalId' | 'references' | 'provisions'
>;

export function compileWriter(
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
    ...(never ? { readOnly: (body) => never(body, nowhere) } : {}),
  };
}

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
