/** `describe` answers, key for key as the wire has them. */
import type { Access } from '../access.ts';
import type { Catalog, ChildRelationship } from './catalog.ts';
import { type FieldDef, type FieldType, isGroupable, isText, type ObjectDef } from './model.ts';

export function describeGlobal(access: Access, catalog: Catalog, base: string): object {
  const visible = catalog.objects().filter((object) => access.sees(object));
  const sobjects = visible.map((object) => ({ ...summary(object), urls: briefUrls(object, base) }));
  return { encoding: 'UTF-8', maxBatchSize: 200, sobjects };
}

/** What the global describe says of an object, and `GET sobjects/X` as well. */
export function summary(object: ObjectDef): object {
  return {
    activateable: false,
    createable: object.createable,
    custom: object.custom,
    customSetting: false,
    deletable: object.deletable,
    deprecatedAndHidden: false,
    feedEnabled: !object.custom,
    hasSubtypes: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: object.createable,
    mergeable: object.mergeable,
    mruEnabled: object.createable,
    name: object.name,
    queryable: true,
    replicateable: object.replicateable,
    retrieveable: true,
    searchable: object.createable,
    triggerable: object.createable,
    undeletable: object.undeletable,
    updateable: object.updateable,
  };
}

export function briefUrls(object: ObjectDef, base: string): object {
  const sobject = `${base}/sobjects/${object.name}`;
  return { rowTemplate: `${sobject}/{ID}`, describe: `${sobject}/describe`, sobject };
}

const masterRecordType = '012000000000000AAA';

export function describeObject(
  object: ObjectDef,
  access: Access,
  catalog: Catalog,
  base: string,
  ui: string,
): object {
  const sobject = `${base}/sobjects/${object.name}`;
  const children = catalog.children(object).filter(({ child, field }) => access.sees(child, field));
  return {
    actionOverrides: [],
    ...summary(object),
    childRelationships: children.map(describeChild),
    compactLayoutable: object.createable,
    fields: access.fields(object).map(describeField),
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        master: true,
        name: 'Master',
        recordTypeId: masterRecordType,
        urls: { layout: `${sobject}/describe/layouts/${masterRecordType}` },
      },
    ],
    searchLayoutable: object.createable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' }],
    urls: {
      compactLayouts: `${sobject}/describe/compactLayouts`,
      rowTemplate: `${sobject}/{ID}`,
      approvalLayouts: `${sobject}/describe/approvalLayouts`,
      uiDetailTemplate: `${ui}/{ID}`,
      uiEditTemplate: `${ui}/{ID}/e`,
      listviews: `${sobject}/listviews`,
      describe: `${sobject}/describe`,
      uiNewRecord: `${ui}/${object.keyPrefix}/e`,
      quickActions: `${sobject}/quickActions`,
      layouts: `${sobject}/describe/layouts`,
      sobject,
    },
  };
}

function describeChild({ child, field }: ChildRelationship): object {
  return {
    cascadeDelete: field.cascadeDelete,
    childSObject: child.name,
    deprecatedAndHidden: false,
    field: field.name,
    junctionIdListNames: [],
    junctionReferenceTo: [],
    relationshipName: field.childRelationship,
    restrictedDelete: false,
  };
}

export const soapTypes: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
};

function describeField(field: FieldDef): object {
  const text = isText(field.type) || field.type === 'id' || field.type === 'reference';
  return {
    aggregatable: field.filterable && field.type !== 'boolean' && field.type !== 'address',
    aiPredictionField: false,
    autoNumber: false,
    byteLength: text ? byteLength(field) : 0,
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: field.cascadeDelete && field.custom,
    caseSensitive: field.caseSensitive,
    compoundFieldName: field.compoundOf,
    controllerName: null,
    createable: field.createable,
    custom: field.custom,
    defaultValue: field.defaulted ? field.defaultValue : null,
    defaultValueFormula: null,
    defaultedOnCreate: field.defaulted,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? (field.createable ? 8 : 9) : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: extraType(field),
    filterable: field.filterable,
    filteredLookupInfo: null,
    groupable: isGroupable(field),
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.idLookup || field.externalId,
    inlineHelpText: field.help,
    label: field.label,
    length: field.length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField,
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: field.permissionable,
    picklistValues: field.picklist.map((value) => picklistValue(value, value === field.defaultValue)),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision,
    queryByDistance: field.type === 'address',
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: field.cascadeDelete && field.custom ? 0 : null,
    restrictedDelete: false,
    restrictedPicklist: field.restricted,
    scale: field.scale,
    searchPrefilterable: field.type === 'reference' && !isOfEveryRecord(field),
    soapType: soapTypes[field.type] ?? 'xsd:string',
    sortable: field.sortable,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}

/** Who made, changed, owns or absorbed it. */
function isOfEveryRecord({ name }: FieldDef): boolean {
  return ['CreatedById', 'LastModifiedById', 'OwnerId', 'MasterRecordId'].includes(name);
}

function extraType({ type, name, nameField, compoundOf, derive }: FieldDef): string | null {
  if (type === 'textarea') return 'plaintextarea';
  if (name === 'PhotoUrl') return 'imageurl';
  if (compoundOf === 'Name') return nameField ? 'switchablepersonname' : 'personname';
  return nameField && derive !== null ? 'personname' : null;
}

function byteLength(field: FieldDef): number {
  return field.type === 'id' || field.type === 'reference' ? 18 : field.length * 3;
}

function picklistValue(value: string, isDefault: boolean): object {
  return { active: true, defaultValue: isDefault, label: value, validFor: null, value };
}
