/** Which deals an analyst looks at, and by what. */
import type { Entity } from '../canonical/model.ts';
import { isConversion } from '../journey/conversion.ts';
import { type CreditGroup, creditGroups } from '../store/contract/credits.ts';
import { typedTime } from '../support/dates.ts';
import { Problem } from '../support/problem.ts';

const statuses = ['won', 'lost', 'open', 'all'] as const;

export interface DealFilter {
  readonly status: (typeof statuses)[number];
  /** Closed from here on, and before there, ms; deals that are not closed are left out by either. */
  readonly from?: number;
  readonly to?: number;
}

/** From what was given on the command line or in a query. Throws a `usage` Problem. */
export function dealFilter(given: Readonly<Record<string, unknown>>): DealFilter {
  const status = statuses.find((one) => one === (given.status ?? 'won'));
  if (!status)
    throw new Problem('usage', `"${String(given.status)}" is not a status of a deal.`, {
      remedy: `Use one of: ${statuses.join(', ')}.`,
    });
  const [from, to] = [given.from, given.to].map((one) => (one === undefined ? one : typedTime(one).time));
  return { status, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** What credit is to be grouped by; a channel unless said otherwise. Throws a `usage` Problem. */
export function creditGroup(given: unknown = 'channel'): CreditGroup {
  const group = creditGroups.find((one) => one === given);
  if (group) return group;
  throw new Problem('usage', `"${String(given)}" is nothing that credit can be grouped by.`, {
    remedy: `Use one of: ${creditGroups.join(', ')}.`,
  });
}

export function matches(deal: Entity, { status, from, to }: DealFilter): boolean {
  const own = isConversion(deal) ? 'won' : deal.fields.status === 'lost' ? 'lost' : 'open';
  if (status !== 'all' && status !== own) return false;
  if (from === undefined && to === undefined) return true;
  const at = deal.fields.closedAt;
  return own !== 'open' && typeof at === 'number' && at >= (from ?? at) && at < (to ?? at + 1);
}
