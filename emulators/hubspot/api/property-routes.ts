import { z } from 'zod';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import { invalid, notFound } from '../state/refusal.ts';
import type { Property, Schema } from '../state/schema.ts';
import { assertBatchSize, batchAnswer, eachOf, partlyDone } from './batch.ts';
import { type Call, flagParam, param, readBody, tableOf } from './call.ts';
import {
  assertKind,
  changeBody,
  type DraftBody,
  draftBody,
  propertyJson,
  withOptions,
} from './property-drafts.ts';

const mostPerBatch = 100;

const createBatchBody = z.object({ inputs: z.array(draftBody) });
const namesBody = z.object({
  archived: z.boolean().default(false),
  inputs: z.array(z.object({ name: z.string() })),
});

const schemaOf = (call: Call): Schema => tableOf(call).schema;

export function listProperties(call: Call): LoopbackAnswer {
  const listed = schemaOf(call).list(flagParam(call, 'archived'));
  return { status: 200, json: { results: listed.map(propertyJson) } };
}

export function readProperty(call: Call): LoopbackAnswer {
  const property = known(schemaOf(call), param(call, 'name'), flagParam(call, 'archived'));
  return { status: 200, json: propertyJson(property) };
}

export function createProperty(call: Call): LoopbackAnswer {
  return { status: 201, json: propertyJson(create(call, readBody(call, draftBody))) };
}

export function updateProperty(call: Call): LoopbackAnswer {
  const schema = schemaOf(call);
  const before = known(schema, param(call, 'name'));
  const change = readBody(call, changeBody);
  assertKind({ ...before, ...change }, call.family);
  return { status: 200, json: propertyJson(schema.update(before.name, withOptions(change))) };
}

export function archiveProperty(call: Call): LoopbackAnswer {
  archive(schemaOf(call), known(schemaOf(call), param(call, 'name')));
  return { status: 204 };
}

export function createProperties(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, createBatchBody);
  assertBatchSize(inputs, mostPerBatch);
  const { results, errors } = eachOf(inputs, (input) => [propertyJson(create(call, input))]);
  const success = call.family === '2026-09' ? 200 : 201;
  return batchAnswer(call.portal, success, results, errors, partlyDone(call, success));
}

export function readProperties(call: Call): LoopbackAnswer {
  const { inputs, archived } = readBody(call, namesBody);
  assertBatchSize(inputs, mostPerBatch);
  const { results, errors } = eachOf(inputs, ({ name }) => [
    propertyJson(known(schemaOf(call), name, archived)),
  ]);
  return batchAnswer(call.portal, 200, results, errors, partlyDone(call, 200));
}

export function archiveProperties(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, namesBody);
  assertBatchSize(inputs, mostPerBatch);
  const schema = schemaOf(call);
  for (const { name } of inputs) {
    const property = schema.find(name);
    if (property) archive(schema, property);
  }
  return { status: 204 };
}

function known(schema: Schema, name: string, archived = false): Property {
  const property = archived ? schema.findArchived(name) : schema.find(name);
  if (property) return property;
  throw notFound(`Property "${name}" does not exist.`);
}

function create(call: Call, draft: DraftBody): Property {
  assertKind(draft, call.family);
  return schemaOf(call).create(withOptions(draft));
}

function archive(schema: Schema, { name, hubspotDefined }: Property): void {
  if (hubspotDefined) throw invalid(`Property "${name}" is defined by HubSpot and cannot be archived.`);
  schema.archive(name);
}
