/** What both the single calls and the batches do with one pair of records, and how links are told. */

import { byApi, type Portal } from '../portal.ts';
import type { AssociationType } from '../state/association-types.ts';
import { type AssociationSpec, type Link, type RecordRef, toSpec } from '../state/links.ts';
import { Refusal } from '../state/refusal.ts';
import { isLiveIn } from './shape.ts';

export function associate(
  portal: Portal,
  from: RecordRef,
  to: RecordRef,
  specs: readonly AssociationSpec[],
): object {
  assertIds(from, to);
  const types = portal.crm.associate(from, to, specs, byApi(portal));
  return {
    fromObjectTypeId: portal.findType(from.object)?.typeId,
    fromObjectId: Number(from.id),
    toObjectTypeId: portal.findType(to.object)?.typeId,
    toObjectId: Number(to.id),
    labels: types.flatMap(({ label }) => (label === null ? [] : [label])),
  };
}

/** Told once for each direction. */
export function associateByDefault(portal: Portal, from: RecordRef, to: RecordRef): object[] {
  assertIds(from, to);
  const plain = portal.crm.links.plainType(from.object, to.object);
  portal.crm.associate(from, to, [toSpec(plain)], byApi(portal));
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

/** Archived records are tied to nothing until they are restored. */
export function liveLinks(portal: Portal, from: RecordRef, to: string): Link[] {
  if (!isLiveIn(portal, from.object, from.id)) return [];
  return portal.crm.links.of(from, to).filter(({ id }) => isLiveIn(portal, to, id));
}

export interface LinkPage {
  readonly links: readonly Link[];
  /** To be spread into the answer: `paging` is absent on the last page. */
  readonly paging: object;
}

export function pageOf(all: readonly Link[], after: string | undefined, size: number): LinkPage {
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const links = all.slice(start, start + size);
  const more = start + links.length < all.length;
  return { links, paging: more ? { paging: { next: { after: links.at(-1)?.id } } } : {} };
}

export function linkJson({ id, types }: Link): object {
  return { toObjectId: Number(id), associationTypes: types.map(typeJson) };
}

export function typeJson({ category, typeId, label }: AssociationType): object {
  return { category, typeId, label };
}
