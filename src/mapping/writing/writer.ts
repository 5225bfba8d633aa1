/** What a section lets the hub write: creation, references, the external id, and fields to provision. */
import { canonicalFields, type EntityKind } from '../../canonical/model.ts';
import type { FieldSpec } from '../../connector/contract/fields.ts';
import type { Json } from '../../support/json.ts';
import { visibleText } from '../../support/text.ts';
import type { CompiledField, CompiledObject, CompiledReference, CreateRule } from '../language/compiled.ts';
import { compileFieldsWhen, compileWhen, namesIn } from '../language/conditions.ts';
import { nowhere } from '../language/path.ts';
import type { Section } from '../language/schema.ts';
import type { Scope } from '../language/scope.ts';
import { externalIdSpec, fieldSpec, referenceSpec } from './provision.ts';

/** The parts of `CompiledObject` that only writing needs. */
export type SectionWriter = Pick<
  CompiledObject,
  'create' | 'onWithdraw' | 'readOnly' | 'externalId' | 'references' | 'provisions' | 'details'
>;

/** `named`: the fields that the file names; what the hub adds beside an amount is the CRM's own and is never created. */
export function compileWriter(
  section: Section,
  entity: EntityKind | null,
  named: readonly CompiledField[],
  scope: Scope,
): SectionWriter {
  const { externalId, readOnly } = section;
  const externalField = typeof externalId === 'string' ? externalId : externalId?.field;
  if (externalField !== undefined) scope.at('externalId').use(externalField);
  const create = section.create && compileCreate(section, section.create, entity, scope.at('create'));
  const never = readOnly && compileWhen(readOnly, scope.at('readOnly'));
  return {
    references: compileReferences(section, entity, scope.at('references')),
    ...provisionsOf(section, named, scope),
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
    const message =
      'A record is only created through an external id, so that a repeated create is an update.';
    scope.complain(message, 'Add `externalId:` with a unique field, such as Hub_Id__c.');
  }
  const mapped = Object.keys(section.fields ?? {});
  for (const name of create.send)
    scope.at('send').expect(name, mapped, `"${name}" is not among the fields of this object.`);
  const objects = Object.keys(scope.file.data.objects);
  for (const name of create.unless)
    scope.at('unless').expect(name, objects, `"${name}" is not an object of this file.`);
  for (const name of namesIn(create.when)) expectField(name, entity, scope.at('when'));
  const when = compileFieldsWhen(create.when);
  return {
    when: when.holds,
    unmet: when.unmet,
    needs: namesIn(create.when),
    unless: create.unless,
    defaults: visibleTexts(create.defaults),
  };
}

function visibleTexts(values: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? visibleText(value) : value,
    ]),
  );
}

function expectField(name: string, entity: EntityKind | null, scope: Scope): void {
  if (name.startsWith('custom.')) return;
  const known = entity === null ? [] : Object.keys(canonicalFields[entity]);
  scope.expect(name, known, `${entity ?? 'This object'} has no field "${name}".`);
}

function compileReferences(section: Section, entity: EntityKind | null, scope: Scope): CompiledReference[] {
  return Object.entries(section.references ?? {}).map(([vendor, { to, from, as }]) => {
    const place = scope.at(vendor);
    if (as === undefined) place.use(vendor);
    expectField(from, entity, place.at('from'));
    const objects = [to].flat();
    const entities = Object.keys(scope.file.data.objects).filter((name) => entityOf(name, scope));
    for (const name of objects)
      place
        .at('to')
        .expect(name, entities, `"${name}" is not an object of this file that stands for an entity.`);
    return { vendor, objects, from, ...(as === undefined ? {} : { association: true as const }) };
  });
}

function entityOf(object: string, scope: Scope): EntityKind | undefined {
  const { objects } = scope.file.data;
  const sections = Object.hasOwn(objects, object) ? [objects[object] ?? []].flat() : [];
  return sections.find((section) => section.entity !== undefined)?.entity;
}

function provisionsOf(
  section: Section,
  fields: readonly CompiledField[],
  scope: Scope,
): Pick<SectionWriter, 'provisions' | 'details'> {
  const specs: FieldSpec[] = [];
  const details: FieldSpec[] = [];
  const { externalId } = section;
  if (typeof externalId === 'object')
    specs.push(externalIdSpec(scope.object, externalId.field, externalId.provision));
  for (const [vendor, reference] of Object.entries(section.references ?? {})) {
    if (!reference.provision) continue;
    const { to, as, provision } = reference;
    if (typeof to === 'string' && as === undefined)
      specs.push(referenceSpec(scope.object, vendor, to, provision));
    else
      scope
        .at('references')
        .at(vendor)
        .complain('Only a field that points to one object can be made.', 'Take `provision:` out.');
  }
  for (const field of fields) {
    const entry = section.fields?.[field.canonical];
    if (typeof entry !== 'object' || !entry.provision) continue;
    (entry.provision.detail ? details : specs).push(fieldSpec(scope.object, field, entry));
  }
  return { provisions: specs, details };
}
