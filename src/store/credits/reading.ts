/** Credit read back, and its sums by whatever they are to be grouped by. */
import type { CreditGroup, CreditTotal, GivenCredit } from '../contract/credits.ts';
import type { Session } from '../database/session.ts';
import { baselineTouch } from './lines.ts';
import { touchesIn, unpacked } from './packed.ts';

export interface KeptModel {
  readonly dealId: string;
  readonly model: string;
  readonly given: GivenCredit;
}

/** In the order of deals and models. */
export async function creditOf(session: Session, dealIds: readonly string[]): Promise<KeptModel[]> {
  const { db, among } = session;
  const theirs = among('deal_id', dealIds);
  const touched = await db.selectFrom('credit_touches').selectAll().where(theirs).execute();
  const touches = new Map(touched.map((row) => [`${row.hash} ${row.deal_id}`, touchesIn(row)]));
  const models = db.selectFrom('credit_model').selectAll().where(theirs);
  const rows = await models.orderBy('deal_id').orderBy('model').execute();
  return rows.map((row) => {
    const own = touches.get(`${row.touches} ${row.deal_id}`) ?? [];
    return { dealId: row.deal_id, model: row.model, given: unpacked(row, own) };
  });
}

type Sum = { -readonly [Field in keyof CreditTotal]: CreditTotal[Field] };

export class Sums {
  readonly #by: CreditGroup;
  readonly #sums = new Map<string, Sum>();

  constructor(by: CreditGroup) {
    this.#by = by;
  }

  add({ model, given: { currency, touches, shares, minors, baseline } }: KeptModel): void {
    for (const [index, touch] of touches.entries()) {
      const sum = this.#sumOf(model, touch[this.#by] ?? null, currency);
      sum.share += shares[index] ?? 0;
      sum.amountMinor += minors[index] ?? 0;
    }
    if (baseline === null) return;
    // What would have happened anyway came through nothing, whatever it is grouped by.
    const sum = this.#sumOf(model, baselineTouch, currency);
    sum.share += baseline.share;
    sum.amountMinor += baseline.minor;
  }

  #sumOf(model: string, channel: string | null, currency: string): Sum {
    const key = JSON.stringify([model, channel, currency]);
    const known = this.#sums.get(key);
    if (known) return known;
    const sum = { model, channel, currency, share: 0, amountMinor: 0 };
    this.#sums.set(key, sum);
    return sum;
  }

  /** In the order of models, groups (what nothing is told of first) and currencies. */
  totals(): CreditTotal[] {
    return [...this.#sums.values()].sort(
      (a, b) =>
        compared(a.model, b.model) ||
        compared(a.channel ?? '', b.channel ?? '') ||
        compared(a.currency, b.currency),
    );
  }
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
