/**
 * The vendor's SDK builds the requests, typed and encoded; the hub sends them, and what comes back is read
 * here as it came. The SDK's own sending is left out: its retry and limiter are one setting for the whole
 * process, it has no time-out and no cancelling, and its answers lose what its types do not name.
 */
import { BatchApiRequestFactory as AssociationRequests } from '@hubspot/api-client/lib/codegen/crm/associations/v4/apis/BatchApi.js';
import { createConfiguration as associationsConfiguration } from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import { BasicApiRequestFactory as ObjectRequests } from '@hubspot/api-client/lib/codegen/crm/objects/apis/BasicApi.js';
import { BatchApiRequestFactory as BatchRequests } from '@hubspot/api-client/lib/codegen/crm/objects/apis/BatchApi.js';
import { createConfiguration as objectsConfiguration } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { OwnersApiRequestFactory as OwnerRequests } from '@hubspot/api-client/lib/codegen/crm/owners/apis/OwnersApi.js';
import { createConfiguration as ownersConfiguration } from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import { PipelinesApiRequestFactory as PipelineRequests } from '@hubspot/api-client/lib/codegen/crm/pipelines/apis/PipelinesApi.js';
import { createConfiguration as pipelinesConfiguration } from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js';
import { BatchApiRequestFactory as PropertyBatchRequests } from '@hubspot/api-client/lib/codegen/crm/properties/apis/BatchApi.js';
import { CoreApiRequestFactory as PropertyRequests } from '@hubspot/api-client/lib/codegen/crm/properties/apis/CoreApi.js';
import { GroupsApiRequestFactory as GroupRequests } from '@hubspot/api-client/lib/codegen/crm/properties/apis/GroupsApi.js';
import { createConfiguration as propertiesConfiguration } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { FormsApiRequestFactory as FormRequests } from '@hubspot/api-client/lib/codegen/marketing/forms/apis/FormsApi.js';
import { createConfiguration as formsConfiguration } from '@hubspot/api-client/lib/codegen/marketing/forms/index.js';
import type { Context } from '../../../src/connector/contract/context.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { HttpRequest, HttpResponse } from '../../../src/connector/http.ts';
import type { HubSpotConfig } from '../config.ts';
import { versioned } from './paths.ts';

export type HubSpotContext = Context<HubSpotConfig>;

const properties = propertiesConfiguration();
const objects = objectsConfiguration();

/** Builders of requests. They hold nothing and send nothing. */
export const build = {
  objects: new ObjectRequests(objects),
  batch: new BatchRequests(objects),
  associations: new AssociationRequests(associationsConfiguration()),
  properties: new PropertyRequests(properties),
  propertyBatch: new PropertyBatchRequests(properties),
  groups: new GroupRequests(properties),
  pipelines: new PipelineRequests(pipelinesConfiguration()),
  owners: new OwnerRequests(ownersConfiguration()),
  forms: new FormRequests(formsConfiguration()),
} as const;

/** What the builders above make; the same for each of the SDK's separately generated parts. */
interface BuiltRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getBody(): unknown;
}

type Method = HttpRequest['method'];
const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Sends what one of the builders makes. */
export async function ask(ctx: HubSpotContext, building: Promise<BuiltRequest>): Promise<HttpResponse> {
  const built = await building;
  const url = new URL(built.getUrl());
  const names = [...new Set(url.searchParams.keys())];
  const body = built.getBody();
  return send(ctx, {
    method: methodOf(built),
    url: url.pathname,
    query: Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name)])),
    ...(typeof body === 'string' ? { body, headers: { 'content-type': 'application/json' } } : {}),
  });
}

/**
 * Sends a request by its legacy path. Every request of this connector may be repeated: a write names its
 * record by id or unique property, and what exists already answers so.
 */
export function send(ctx: HubSpotContext, request: HttpRequest): Promise<HttpResponse> {
  return ctx.http.send({
    ...request,
    url: versioned(request.url, ctx.config.apiVersion),
    repeatable: true,
    ...(request.url.endsWith('/search') ? { pool: 'search' } : {}),
  });
}

function methodOf(built: BuiltRequest): Method {
  const method = methods.find((one) => one === built.getHttpMethod());
  if (method === undefined) throw new Fault('rejected', `no such method: ${built.getHttpMethod()}`);
  return method;
}
