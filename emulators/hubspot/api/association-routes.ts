/** Associations of one record at a time, v4 and dated. */
import { z } from 'zod';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import { byApi } from '../portal.ts';
import type { RecordRef } from '../state/links.ts';
import {
  associate,
  associateByDefault,
  linkJson,
  liveLinks,
  pageOf,
  typeJson,
} from './association-answers.ts';
import { batchAnswer } from './batch.ts';
import { type Call, limitParam, param, readBody, typeOf } from './call.ts';
import { specBody } from './writing.ts';

const pageOfOne = 500;
const specsBody = z.array(specBody).min(1);

function endsOf(call: Call): readonly [RecordRef, RecordRef] {
  return [
    { object: typeOf(call).name, id: param(call, 'id') },
    { object: typeOf(call, 'toType').name, id: param(call, 'toId') },
  ];
}

export function putAssociation(call: Call): LoopbackAnswer {
  const [from, to] = endsOf(call);
  return { status: 201, json: associate(call.portal, from, to, readBody(call, specsBody)) };
}

export function putDefaultAssociation(call: Call): LoopbackAnswer {
  const [from, to] = endsOf(call);
  return batchAnswer(call.portal, 200, associateByDefault(call.portal, from, to));
}

export function deleteAssociation(call: Call): LoopbackAnswer {
  const [from, to] = endsOf(call);
  call.portal.crm.part(from, to, undefined, byApi(call.portal));
  return { status: 204 };
}

/** Only in v4: the dated families leave reading to the batch. */
export function listAssociations(call: Call): LoopbackAnswer {
  const limit = limitParam(call, pageOfOne, pageOfOne);
  const from = { object: typeOf(call).name, id: param(call, 'id') };
  call.portal.crm.find(from);
  const after = call.request.query.get('after') ?? undefined;
  const { links, paging } = pageOf(liveLinks(call.portal, from, typeOf(call, 'toType').name), after, limit);
  return { status: 200, json: { results: links.map(linkJson), ...paging } };
}

export function listLabels(call: Call): LoopbackAnswer {
  const types = call.portal.crm.links.types(typeOf(call).name, typeOf(call, 'toType').name);
  return { status: 200, json: { results: types.map(typeJson) } };
}
