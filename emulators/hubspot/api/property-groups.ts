import { z } from 'zod';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import { type Call, param, readBody, tableOf } from './call.ts';

const groupBody = z.object({
  name: z.string(),
  label: z.string(),
  displayOrder: z.number().int().default(-1),
});

export function listGroups(call: Call): LoopbackAnswer {
  return { status: 200, json: { results: tableOf(call).schema.groups() } };
}

export function readGroup(call: Call): LoopbackAnswer {
  return { status: 200, json: tableOf(call).schema.findGroup(param(call, 'name')) };
}

export function createGroup(call: Call): LoopbackAnswer {
  return { status: 201, json: tableOf(call).schema.createGroup(readBody(call, groupBody)) };
}

export function archiveGroup(call: Call): LoopbackAnswer {
  tableOf(call).schema.archiveGroup(param(call, 'name'));
  return { status: 204 };
}
