/** Associations v4, and the same under the dated paths. */
import { z } from 'zod';
import type { LoopbackAnswer } from '../../../../src/emulator/loopback.ts';
import { byApi } from '../portal.ts';
import type { AssociationType } from '../state/association-types.ts';
import { type AssociationSpec, type Link, type RecordRef, toSpec } from '../state/links.ts';
import { Refusal } from '../state/refusal.ts';
import { assertBatchSize, type BatchError, batchAnswer, batchError } from './batch.ts';
import { type Call, idBody, limitParam, param, readBody, typeOf } from './call.ts';
import { isLiveIn } from './shape.ts';
import { specBody } from './writing.ts';

/** Reading: changelog of 2025-02-10. Writing: second-hand (Workato's documentation). */
const most = { read: 1_000, write: 2_000 };
const pageOfOne = 500;

const endBody = z.object({ id: idBody });
const readInput = z.object({ inputs: z.array(z.object({ id: idBody, after: z.string().optional() })) });
const pairInput = z.object({ inputs: z.array(z.object({ from: endBody, to: endBody })) });
const typedInput = z.object({
  inputs: z.array(z.object({ from: endBody, to: endBody, types: z.array(specBody).min(1) })),
});
const partInput = z.object({ inputs: z.array(z.object({ from: endBody, to: z.array(endBody) })) });
const specsBody = z.array(specBody).min(1);

interface Direction {
  readonly from: string;
  readonly to: string;
}

const directionOf = (call: Call): Direction => ({ from: typeOf(call).name, to: typeOf(call, 'toType').name });
const endsOf = (call: Call): readonly [RecordRef, RecordRef] => [
  { object: typeOf(call).name, id: param(call, 'id') },
  { object: typeOf(call, 'toType').name, id: param(call, 'toId') },
];

export function putAssociation(call: Call): LoopbackAnswer {
  const [from, to] = endsOf(call);
  return { status: 201, json: associate(call, from, to, readBody(call, specsBody)) };
}

export function putDefaultAssociation(call: Call): LoopbackAnswer {
  const [from, to] = endsOf(call);
  return batchAnswer(call.portal, 200, associateByDefault(call, from, to));
}

export function deleteAssociation(call: Call): LoopbackAnswer {
  const [from, to] = endsOf(call);
  call.portal.crm.part(from, to, undefined, byApi(call.portal));
  return { status: 204 };
}

/** Only in v4: the dated families leave reading to the batch. */
export function listAssociations(call: Call): LoopbackAnswer {
  const { from, to } = directionOf(call);
  const limit = limitParam(call, pageOfOne, pageOfOne);
  const ref = { object: from, id: param(call, 'id') };
  call.portal.crm.find(ref);
  const after = call.request.query.get('after') ?? undefined;
  const { links, paging } = pageOf(liveLinks(call, ref, to), after, limit);
  return { status: 200, json: { results: links.map(linkJson), ...paging } };
}

export function readAssociations(call: Call): LoopbackAnswer {
  const { from, to } = directionOf(call);
  const { inputs } = readBody(call, readInput);
  assertBatchSize(inputs, most.read);
  const results: object[] = [];
  const errors: BatchError[] = [];
  for (const { id, after } of inputs) {
    const all = liveLinks(call, { object: from, id }, to);
    const { links, paging } = pageOf(all, after, call.portal.knobs.associationPage);
    if (all.length === 0) errors.push(nothingTied(call, id));
    else results.push({ from: { id }, to: links.map(linkJson), ...paging });
  }
  return batchAnswer(call.portal, 200, results, errors);
}

export function createAssociations(call: Call): LoopbackAnswer {
  const { from, to } = directionOf(call);
  const { inputs } = readBody(call, typedInput);
  assertBatchSize(inputs, most.write);
  return eachPair(call, 201, inputs, (input) => [
    associate(call, { object: from, id: input.from.id }, { object: to, id: input.to.id }, input.types),
  ]);
}

export function createDefaultAssociations(call: Call): LoopbackAnswer {
  const { from, to } = directionOf(call);
  const { inputs } = readBody(call, pairInput);
  assertBatchSize(inputs, most.write);
  return eachPair(call, 200, inputs, (input) =>
    associateByDefault(call, { object: from, id: input.from.id }, { object: to, id: input.to.id }),
  );
}

export function archiveAssociations(call: Call): LoopbackAnswer {
  const { from, to } = directionOf(call);
  const { inputs } = readBody(call, partInput);
  assertBatchSize(inputs, most.write);
  for (const input of inputs) {
    for (const { id } of input.to) {
      call.portal.crm.part(
        { object: from, id: input.from.id },
        { object: to, id },
        undefined,
        byApi(call.portal),
      );
    }
  }
  return { status: 204 };
}

export function archiveLabels(call: Call): LoopbackAnswer {
  const direction = directionOf(call);
  const { inputs } = readBody(call, typedInput);
  assertBatchSize(inputs, most.write);
  for (const { from, to, types } of inputs) {
    const ends = [
      { object: direction.from, id: from.id },
      { object: direction.to, id: to.id },
    ] as const;
    call.portal.crm.part(...ends, types, byApi(call.portal));
  }
  return { status: 204 };
}

export function listLabels(call: Call): LoopbackAnswer {
  const { from, to } = directionOf(call);
  return { status: 200, json: { results: call.portal.crm.links.types(from, to).map(typeJson) } };
}

// -------------------------------------------------------------------------------------------- one pair

function associate(call: Call, from: RecordRef, to: RecordRef, specs: readonly AssociationSpec[]): object {
  assertIds(from, to);
  const types = call.portal.crm.associate(from, to, specs, byApi(call.portal));
  return {
    fromObjectTypeId: call.portal.findType(from.object)?.typeId,
    fromObjectId: Number(from.id),
    toObjectTypeId: call.portal.findType(to.object)?.typeId,
    toObjectId: Number(to.id),
    labels: types.flatMap(({ label }) => (label === null ? [] : [label])),
  };
}

function associateByDefault(call: Call, from: RecordRef, to: RecordRef): object[] {
  assertIds(from, to);
  const plain = call.portal.crm.links.plainType(from.object, to.object);
  call.portal.crm.associate(from, to, [toSpec(plain)], byApi(call.portal));
  const back = { ...plain, typeId: plain.inverse };
  return [
    { from: { id: from.id }, to: { id: to.id }, associationSpec: toSpec(plain) },
    { from: { id: to.id }, to: { id: from.id }, associationSpec: toSpec(back) },
  ];
}

function assertIds(...refs: readonly RecordRef[]): void {
  const stranger = refs.find(({ id }) => !/^\d+$/.test(id));
  if (!stranger) return;
  throw new Refusal(400, {
    category: 'VALIDATION_ERROR',
    subCategory: 'crm.associations.INVALID_IDENTIFIER',
    message: `${stranger.id} is not a valid ID`,
    context: { id: [stranger.id] },
  });
}

function eachPair<T>(
  call: Call,
  success: 200 | 201,
  inputs: readonly T[],
  tie: (input: T) => object[],
): LoopbackAnswer {
  const results: object[] = [];
  const errors: BatchError[] = [];
  for (const input of inputs) {
    try {
      results.push(...tie(input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(batchError(error));
    }
  }
  return batchAnswer(call.portal, success, results, errors);
}

// --------------------------------------------------------------------------------------------- reading

function liveLinks({ portal }: Call, from: RecordRef, to: string): Link[] {
  if (!isLiveIn(portal, from.object, from.id)) return [];
  return portal.crm.links.of(from, to).filter(({ id }) => isLiveIn(portal, to, id));
}

function pageOf(all: readonly Link[], after: string | undefined, size: number) {
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const links = all.slice(start, start + size);
  const more = start + links.length < all.length;
  return { links, paging: more ? { paging: { next: { after: links.at(-1)?.id } } } : {} };
}

function linkJson({ id, types }: Link): object {
  return { toObjectId: Number(id), associationTypes: types.map(typeJson) };
}

function typeJson({ category, typeId, label }: AssociationType): object {
  return { category, typeId, label };
}

function nothingTied(call: Call, id: string): BatchError {
  const [from, to] = [typeOf(call), typeOf(call, 'toType')];
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.singular} is associated with ${from.singular} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from.singular], toObjectType: [to.singular] },
  };
}
