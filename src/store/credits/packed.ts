/**
 * Credit as it is kept: the touches of a deal once for all models, and of each model one row with a number for each
 * touch. A model that was fitted anew is one row a deal to write, however many touches the deal has.
 */
import { fingerprint } from '../../support/fingerprint.ts';
import type { CreditTouch, GivenCredit, ModelCredit } from '../contract/credits.ts';
import { fromJson } from '../database/json.ts';
import type { Row } from '../database/tables.ts';

type Told = Partial<Pick<CreditTouch, (typeof toldFields)[number]>>;
type KeptTouch = readonly [touch: string, channel: string, time: number, ...told: [] | [Told]];

interface KeptCredit {
  readonly shares: readonly number[];
  readonly minors: readonly number[];
  /** Each text once. */
  readonly reasons: readonly string[];
  /** By touch its position in `reasons`. */
  readonly because: readonly number[];
  /** Absent: none. */
  readonly baseline?: NonNullable<GivenCredit['baseline']>;
}

export interface Packed {
  readonly touches: readonly Row<'credit_touches'>[];
  readonly models: readonly Row<'credit_model'>[];
}

const toldFields = ['campaign', 'source', 'medium', 'content', 'topic', 'bot'] as const;

/** @param models of one deal. One that gives nothing has no row. */
export function packedOf(dealId: string, models: readonly ModelCredit[]): Packed {
  const touches = new Map<string, Row<'credit_touches'>>();
  let last: { readonly of: GivenCredit['touches']; readonly hash: string } | undefined;
  const rows = models.flatMap((one): Row<'credit_model'>[] => {
    const given = one.given();
    if (isNothing(given)) return [];
    if (last?.of !== given.touches) {
      const body = JSON.stringify(given.touches.map(keptTouch));
      last = { of: given.touches, hash: fingerprint(body, 16) };
      touches.set(last.hash, { deal_id: dealId, hash: last.hash, number: given.touches.length, body });
    }
    const { version, currency } = given;
    const body = JSON.stringify(keptCredit(given));
    return [{ deal_id: dealId, model: one.model, version, currency, touches: last.hash, body }];
  });
  return { touches: [...touches.values()], models: rows };
}

export function isNothing({ touches, baseline }: GivenCredit): boolean {
  return touches.length === 0 && baseline === null;
}

function keptCredit(given: GivenCredit): KeptCredit {
  const { touches, shares, minors, baseline } = given;
  const positions = new Map<string, number>();
  const because = touches.map((_, index) => {
    const reason = given.reason(index);
    const known = positions.get(reason);
    if (known !== undefined) return known;
    positions.set(reason, positions.size);
    return positions.size - 1;
  });
  const reasons = [...positions.keys()];
  return { shares, minors, reasons, because, ...(baseline === null ? {} : { baseline }) };
}

function keptTouch(of: CreditTouch): KeptTouch {
  const { touch, channel, time } = of;
  const told: { -readonly [Field in keyof Told]: Told[Field] } = {};
  let isTold = false;
  for (const field of toldFields) {
    const value = of[field];
    if (value === undefined) continue;
    told[field] = value;
    isTold = true;
  }
  return isTold ? [touch, channel, time, told] : [touch, channel, time];
}

export function touchesIn({ body }: Pick<Row<'credit_touches'>, 'body'>): CreditTouch[] {
  return fromJson<KeptTouch[]>(body).map(([touch, channel, time, told]) => ({
    ...{ touch, channel, time },
    ...told,
  }));
}

/** @param touches as `touchesIn` read them from the row that `row.touches` names */
export function unpacked(row: Row<'credit_model'>, touches: readonly CreditTouch[]): GivenCredit {
  const { shares, minors, reasons, because, baseline = null } = fromJson<KeptCredit>(row.body);
  const { version, currency } = row;
  const reason = (index: number) => reasons[because[index] ?? 0] ?? '';
  return { version, currency, touches, shares, minors, reason, baseline };
}
