/** The schema as records, for tooling queries. Field-level security does not hide anything here. */
import type { Org } from '../org.ts';
import { listOf } from '../rows/list.ts';
import { Catalog } from '../schema/catalog.ts';
import { field, idField, object, readOnlyObject, text } from '../schema/fields.ts';
import type { FieldDef, ObjectDef, Row } from '../schema/model.ts';
import type { Realm } from '../soql/realm.ts';

/** Standard objects go by name here, so it is not an id. */
const entity = (name: string) => ({
  ...text(name, 'Entity', 255),
  referenceTo: ['EntityDefinition'],
  relationshipName: 'EntityDefinition',
});

const shared = [
  idField('Id'),
  text('DurableId', 'Durable ID', 255),
  text('DeveloperName', 'Developer Name', 80),
  text('NamespacePrefix', 'Namespace Prefix', 15),
  text('QualifiedApiName', 'Name', 255),
  text('FullName', 'Full Name', 255),
  text('Label', 'Label', 255),
];

const objects: readonly ObjectDef[] = [
  object(
    'CustomField',
    '00N',
    [
      ...shared.filter(({ name }) => name !== 'DurableId' && name !== 'QualifiedApiName'),
      text('TableEnumOrId', 'Entity', 255),
      entity('EntityDefinitionId'),
      field('Length', 'Length', 'int'),
      field('Precision', 'Precision', 'int'),
      field('Scale', 'Scale', 'int'),
      text('InlineHelpText', 'Help Text', 510),
    ],
    { ...readOnlyObject, createable: true, updateable: true, deletable: true },
  ),
  object(
    'CustomObject',
    '01I',
    shared.filter(({ name }) => name !== 'DurableId' && name !== 'QualifiedApiName'),
    readOnlyObject,
  ),
  object('EntityDefinition', '4ie', [...shared, text('KeyPrefix', 'Key Prefix', 3)], readOnlyObject),
  object(
    'FieldDefinition',
    '4fe',
    [
      ...shared,
      entity('EntityDefinitionId'),
      text('DataType', 'Data Type', 255),
      field('Length', 'Length', 'int'),
    ],
    readOnlyObject,
  ),
];

const catalog = new Catalog(objects, 0);

export function toolingRealm(org: Org): Realm {
  return {
    now: org.clock.now(),
    userId: org.apiUserId,
    object: (name) => catalog.object(name),
    objectOfId: () => undefined,
    fields: (def) => def.fields,
    field: (def, name) => catalog.field(def, name),
    relationship: (def, name) => catalog.relationship(def, name),
    children: () => undefined,
    get: (def, id) => rowsOf(org, def.name).find((row) => row.Id === id),
    range: (def) => listOf(rowsOf(org, def.name)),
    named: (def, ids) => listOf(rowsOf(org, def.name).filter((row) => ids.includes(String(row.Id)))),
  };
}

const tables: Readonly<Record<string, (org: Org) => Row[]>> = {
  CustomField: ({ catalog: all }) =>
    all
      .objects()
      .flatMap((def) => def.fields.filter((one) => one.custom).map((one) => customField(def, one))),
  CustomObject: ({ catalog: all }) =>
    all
      .objects()
      .filter((def) => def.custom)
      .map(customObject),
  EntityDefinition: ({ catalog: all }) => all.objects().map(entityDefinition),
  FieldDefinition: ({ catalog: all }) =>
    all.objects().flatMap((def) => def.fields.map((one) => fieldDefinition(def, one))),
};

function rowsOf(org: Org, name: string): Row[] {
  return tables[name]?.(org) ?? [];
}

/** Standard objects go by name, custom ones by their tooling id. */
function entityId(def: ObjectDef): string {
  return def.toolingId ?? def.name;
}

function customField(def: ObjectDef, one: FieldDef): Row {
  return {
    Id: one.toolingId ?? one.name,
    DeveloperName: one.name.replace(/__c$/, ''),
    NamespacePrefix: null,
    FullName: `${def.name}.${one.name}`,
    Label: one.label,
    TableEnumOrId: entityId(def),
    EntityDefinitionId: entityId(def),
    Length: one.length,
    Precision: one.precision,
    Scale: one.scale,
    InlineHelpText: one.help,
  };
}

function customObject(def: ObjectDef): Row {
  return {
    Id: entityId(def),
    DeveloperName: def.name.replace(/__c$/, ''),
    NamespacePrefix: null,
    FullName: def.name,
    Label: def.label,
  };
}

function entityDefinition(def: ObjectDef): Row {
  return {
    ...customObject(def),
    DurableId: entityId(def),
    QualifiedApiName: def.name,
    KeyPrefix: def.keyPrefix,
  };
}

function fieldDefinition(def: ObjectDef, one: FieldDef): Row {
  const id = `${entityId(def)}.${one.toolingId ?? one.name}`;
  return {
    Id: id,
    DurableId: id,
    DeveloperName: one.name.replace(/__c$/, ''),
    NamespacePrefix: null,
    QualifiedApiName: one.name,
    FullName: `${def.name}.${one.name}`,
    Label: one.label,
    EntityDefinitionId: entityId(def),
    DataType: one.type,
    Length: one.length,
  };
}
