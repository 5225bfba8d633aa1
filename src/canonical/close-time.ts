import type { Entity } from './model.ts';

type Deal = Pick<Entity, 'fields'>;

export function isClosed({ fields: { status } }: Deal): boolean {
  return status === 'won' || status === 'lost';
}

/** When the deal was closed, won or lost; null for an open one, and where its system does not tell. */
export function closeTime(deal: Deal): number | null {
  const { closedAt } = deal.fields;
  return isClosed(deal) && typeof closedAt === 'number' ? closedAt : null;
}
