/** Tooling API: custom fields as records, and queries over the schema. */
import { isJsonObject, type JsonObject } from '../../../src/support/json.ts';
import { ApiError, notFound, SaveFault } from '../errors.ts';
import type { Org } from '../org.ts';
import type { FieldDef, ObjectDef } from '../schema/model.ts';
import { dropField, putField } from '../setup/components.ts';
import { toolingRealm } from '../setup/tooling-realm.ts';
import { describeQuery } from '../soql/described.ts';
import { runSoql } from '../soql/run.ts';
import { type ApiAnswer, type ApiCall, jsonBody, noContent, ok } from './call.ts';

export function toolingQuery({ api, org, request, version, base }: ApiCall): ApiAnswer {
  const soql = request.query.get('q');
  if (soql === null) throw new ApiError(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  if (request.query.get('columns') === 'true') return ok(describeQuery(toolingRealm(org), soql, version));
  const found = runSoql(toolingRealm(org), soql, { version, withDeleted: false });
  return ok({
    size: found.length,
    ...api.cursors.open(found, undefined, `${base}/tooling`),
    queryLocator: null,
    entityTypeName: found.object.name,
  });
}

export function toolingQueryMore({ api, params, base }: ApiCall): ApiAnswer {
  return ok(api.cursors.more(params.locator ?? '', `${base}/tooling`));
}

/** Objects are made by Metadata alone. */
export function toolingCreate(call: ApiCall): ApiAnswer {
  const { type } = call.params;
  if (type !== 'CustomField') {
    if (!['CustomObject', 'EntityDefinition', 'FieldDefinition'].includes(type ?? '')) throw notFound();
    throw new ApiError(
      400,
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      `entity type cannot be inserted: ${type}`,
    );
  }
  const { fullName, metadata } = readField(jsonBody(call));
  const { field } = call.org.journal.attempt(() => putField(call.org, fullName, metadata, 'create'));
  const headers = { Location: `${call.base}/tooling/sobjects/CustomField/${field.toolingId}` };
  return {
    status: 201,
    headers,
    json: { id: field.toolingId, success: true, errors: [], warnings: [], infos: [] },
  };
}

function readField(body: JsonObject): { fullName: string; metadata: JsonObject } {
  const { FullName, Metadata } = body;
  const missing = [FullName === undefined ? 'FullName' : '', Metadata === undefined ? 'Metadata' : ''].filter(
    Boolean,
  );
  if (missing.length > 0) {
    throw new SaveFault(
      'REQUIRED_FIELD_MISSING',
      `Required fields are missing: [${missing.join(', ')}]`,
      missing,
    );
  }
  return {
    fullName: String(FullName),
    metadata: isJsonObject(Metadata ?? null) ? (Metadata as JsonObject) : {},
  };
}

export function toolingRetrieve(call: ApiCall): ApiAnswer {
  const { object, field } = findField(call);
  const attributes = {
    type: 'CustomField',
    url: `${call.base}/tooling/sobjects/CustomField/${field.toolingId}`,
  };
  return ok({
    attributes,
    Id: field.toolingId,
    DeveloperName: field.name.replace(/__c$/, ''),
    TableEnumOrId: object.toolingId ?? object.name,
    NamespacePrefix: null,
    FullName: `${object.name}.${field.name}`,
    Metadata: {
      label: field.label,
      externalId: field.externalId,
      unique: field.unique,
      required: !field.nillable,
    },
  });
}

export function toolingUpdate(call: ApiCall): ApiAnswer {
  const { object, field } = findField(call);
  const { metadata } = readField({ FullName: `${object.name}.${field.name}`, ...jsonBody(call) });
  call.org.journal.attempt(() => putField(call.org, `${object.name}.${field.name}`, metadata, 'update'));
  return noContent;
}

export function toolingDelete(call: ApiCall): ApiAnswer {
  const { object, field } = findField(call);
  dropField(call.org, `${object.name}.${field.name}`);
  return noContent;
}

function findField({ org, params }: ApiCall): { object: ObjectDef; field: FieldDef } {
  const found = params.type === 'CustomField' ? fieldById(org, params.id ?? '') : undefined;
  if (found === undefined) throw notFound();
  return found;
}

function fieldById({ catalog }: Org, id: string): { object: ObjectDef; field: FieldDef } | undefined {
  for (const object of catalog.objects()) {
    const field = object.fields.find((one) => one.toolingId?.startsWith(id.slice(0, 15)));
    if (field !== undefined && id.length >= 15) return { object, field };
  }
  return undefined;
}
