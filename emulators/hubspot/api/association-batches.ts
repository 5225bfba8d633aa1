import { z } from 'zod';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import { byApi } from '../portal.ts';
import type { RecordRef } from '../state/links.ts';
import { associate, associateByDefault, linkJson, liveLinks, pageOf } from './association-answers.ts';
import { assertBatchSize, type BatchError, batchAnswer, eachOf } from './batch.ts';
import { type Call, idBody, readBody, typeOf } from './call.ts';
import { specBody } from './writing.ts';

/** Reading: HubSpot's changelog of 2025-02-10. Writing: second-hand, from Workato's documentation. */
const most = { read: 1_000, write: 2_000 };

const endBody = z.object({ id: idBody });
const readBatchBody = z.object({ inputs: z.array(endBody.extend({ after: z.string().optional() })) });
const pairBody = z.object({ from: endBody, to: endBody });
const pairsBody = z.object({ inputs: z.array(pairBody) });
const typedBody = z.object({ inputs: z.array(pairBody.extend({ types: z.array(specBody).min(1) })) });
const partBody = z.object({ inputs: z.array(z.object({ from: endBody, to: z.array(endBody) })) });

type Pair = z.output<typeof pairBody>;

function endsOf(call: Call): ({ from, to }: Pair) => readonly [RecordRef, RecordRef] {
  const [fromType, toType] = [typeOf(call).name, typeOf(call, 'toType').name];
  return ({ from, to }) => [
    { object: fromType, id: from.id },
    { object: toType, id: to.id },
  ];
}

export function readAssociations(call: Call): LoopbackAnswer {
  const { portal } = call;
  const [from, to] = [typeOf(call).name, typeOf(call, 'toType').name];
  const { inputs } = readBody(call, readBatchBody);
  assertBatchSize(inputs, most.read);
  const found = inputs.map((input) => ({
    ...input,
    all: liveLinks(portal, { object: from, id: input.id }, to),
  }));
  const results = found.flatMap(({ id, after, all }) => {
    if (all.length === 0) return [];
    const { links, paging } = pageOf(all, after, portal.knobs.associationPage);
    return [{ from: { id }, to: links.map(linkJson), ...paging }];
  });
  const errors = found.flatMap(({ id, all }) => (all.length === 0 ? [nothingTied(call, id)] : []));
  return batchAnswer(portal, 200, results, errors);
}

function nothingTied(call: Call, id: string): BatchError {
  const [from, to] = [typeOf(call).singular, typeOf(call, 'toType').singular];
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to} is associated with ${from} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from], toObjectType: [to] },
  };
}

export function createAssociations(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, typedBody);
  assertBatchSize(inputs, most.write);
  const ends = endsOf(call);
  const { results, errors } = eachOf(inputs, (pair) => [associate(call.portal, ...ends(pair), pair.types)]);
  return batchAnswer(call.portal, 201, results, errors);
}

export function createDefaultAssociations(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, pairsBody);
  assertBatchSize(inputs, most.write);
  const ends = endsOf(call);
  const { results, errors } = eachOf(inputs, (pair) => associateByDefault(call.portal, ...ends(pair)));
  return batchAnswer(call.portal, 200, results, errors);
}

export function archiveAssociations(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, partBody);
  assertBatchSize(inputs, most.write);
  const ends = endsOf(call);
  for (const { from, to: targets } of inputs) {
    for (const to of targets) call.portal.crm.part(...ends({ from, to }), undefined, byApi(call.portal));
  }
  return { status: 204 };
}

export function archiveLabels(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, typedBody);
  assertBatchSize(inputs, most.write);
  const ends = endsOf(call);
  for (const pair of inputs) call.portal.crm.part(...ends(pair), pair.types, byApi(call.portal));
  return { status: 204 };
}
