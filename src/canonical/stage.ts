/** What a vendor says of a deal's end, whichever way it says it. */
export interface StageFacts {
  readonly closed?: boolean | null;
  readonly won?: boolean | null;
  /** 0 to 1. Where neither flag is told, only the certain ends count: 1 is won, and 0 on a closed deal is lost. */
  readonly probability?: number | null;
}

const dealStatuses = ['open', 'won', 'lost'] as const;
export type DealStatus = (typeof dealStatuses)[number];

/** Null when the vendor told nothing that decides. */
export function dealStatus(facts: StageFacts): DealStatus | null {
  if (facts.won === true) return 'won';
  if (facts.closed === true) return facts.won === undefined && facts.probability === 1 ? 'won' : 'lost';
  if (facts.closed === false) return 'open';
  if (facts.probability === 1) return 'won';
  return facts.won === false || typeof facts.probability === 'number' ? 'open' : null;
}
