/** What each model gives each channel (or campaign, source …), over the same deals: the columns of all models sum to the same, to the cent. */
import { allocate } from '../attribution/allocate.ts';
import type { Entity, Money } from '../canonical/model.ts';
import { lastCurrency } from '../settings/schema.ts';
import type { CreditGroup, CreditTotal } from '../store/contract/credits.ts';
import type { Store } from '../store/contract/store.ts';
import type { Hub } from '../sync/hub.ts';
import { type DealFilter, matches } from './deal-filter.ts';

export interface SideBySide {
  /** `version`: `rule`, or that of the fit; `conversions`: the won deals that it was fitted to, null for rules. */
  readonly models: readonly {
    readonly id: string;
    readonly title: string;
    readonly version: string;
    readonly conversions: number | null;
  }[];
  readonly deals: number;
  /** What the rows are. */
  readonly by: CreditGroup;
  /** Deals that wait to be credited again: until they are, some of their credit is that of before. */
  readonly waiting: number;
  readonly currencies: readonly CurrencyTable[];
}

export interface CurrencyTable {
  readonly currency: string;
  /** Sums of every column. */
  readonly total: { readonly deals: number; readonly minor: number };
  readonly rows: readonly ChannelRow[];
}

export interface ChannelRow {
  /**
   * `baseline`: would have happened anyway; `no touch`: of deals whose journeys have none; `not credited yet`: the
   * same while deals wait to be credited, for then nobody can tell. Where rows are no channels, their name, and
   * `no campaign` (no source …) for touches of which none is told.
   */
  readonly channel: string;
  /** By model: deals in hundredths, money in minor units. */
  readonly byModel: Readonly<Record<string, { readonly deals: number; readonly minor: number }>>;
}

/** Rows that are no channels come last. */
const others = ['baseline', 'no touch', 'not credited yet'];
const batchSize = 2_000;

export async function sideBySide(
  hub: Hub,
  filter: DealFilter,
  by: CreditGroup = 'channel',
): Promise<SideBySide> {
  const { models } = await hub.models.current();
  const tally = new Tally();
  let deals = 0;
  for (let after: string | null = null; ; ) {
    hub.signal.throwIfAborted();
    const batch: Entity[] = await hub.store.entities.scan('Deal', after, batchSize);
    const last = batch.at(-1);
    if (!last) break;
    const wanted = batch.filter((deal) => !deal.withdrawn && matches(deal, filter));
    deals += wanted.length;
    await tally.add(hub.store, wanted, lastCurrency(hub.settings), by);
    after = last.id;
  }
  const waiting = (await hub.store.work.counts()).attribute;
  return {
    models: models.map(({ id, title, version, evidence }) => ({
      ...{ id, title, version },
      conversions: evidence?.conversions ?? null,
    })),
    deals,
    by,
    waiting,
    currencies: tally.tables(
      models.map(({ id }) => id),
      waiting > 0 ? 'not credited yet' : 'no touch',
    ),
  };
}

interface Sum {
  deals: number;
  minor: number;
}

class Tally {
  readonly #totals = new Map<string, Sum>();
  /** By currency, model and channel. */
  readonly #sums = new Map<string, Map<string, Map<string, Sum>>>();

  async add(store: Store, deals: readonly Entity[], usual: string, by: CreditGroup): Promise<void> {
    for (const deal of deals) {
      const { minor, currency } = moneyOf(deal) ?? { minor: 0, currency: usual };
      grow(entry(this.#totals, currency, noSum), { deals: 1, minor });
    }
    const ids = deals.map(({ id }) => id);
    for (const line of await store.credits.totals(ids, by))
      this.#count({ ...line, channel: line.channel ?? `no ${by}` });
  }

  #count({ currency, model, channel, share, amountMinor }: CreditTotal & { channel: string }): void {
    const byModel = entry(this.#sums, currency, () => new Map<string, Map<string, Sum>>());
    const byChannel = entry(byModel, model, () => new Map<string, Sum>());
    grow(entry(byChannel, channel, noSum), { deals: share, minor: amountMinor });
  }

  /** `rest`: what the part of a column is called that no line tells of. */
  tables(models: readonly string[], rest: string): CurrencyTable[] {
    return [...this.#totals].sort(byName).map(([currency, total]) => {
      const sums = this.#sums.get(currency) ?? new Map<string, Map<string, Sum>>();
      const columns = models.map((model) => [model, columnOf(sums.get(model), total, rest)] as const);
      const names = new Set(columns.flatMap(([, column]) => [...column.keys()]));
      const channels = [...names].filter((name) => !others.includes(name)).sort();
      const rows = [...channels, ...others.filter((name) => names.has(name))].map((channel) => ({
        channel,
        byModel: Object.fromEntries(
          columns.map(([model, column]) => [model, column.get(channel) ?? noSum()]),
        ),
      }));
      return { currency, total, rows };
    });
  }
}

/** Money is in whole minor units already; deals are cut to hundredths so that they, too, sum to their number. */
function columnOf(
  sums: ReadonlyMap<string, Sum> | undefined,
  total: Sum,
  restName: string,
): Map<string, Sum> {
  const found = [...(sums ?? [])].sort(byName);
  const rest = {
    deals: total.deals - found.reduce((all, [, { deals }]) => all + deals, 0),
    minor: total.minor - found.reduce((all, [, { minor }]) => all + minor, 0),
  };
  const isRest = rest.deals > 1e-6 || rest.minor !== 0;
  const all = isRest ? [...found, [restName, rest] as const] : found;
  const hundredths = allocate(
    total.deals * 100,
    all.map(([, { deals }]) => Math.max(0, deals)),
  );
  return new Map(
    all.map(([channel, { minor }], index) => [channel, { deals: hundredths[index] ?? 0, minor }]),
  );
}

function moneyOf({ fields: { amount } }: Entity): Money | null {
  return typeof amount === 'object' && amount !== null && 'minor' in amount ? amount : null;
}

function noSum(): Sum {
  return { deals: 0, minor: 0 };
}

function grow(sum: Sum, { deals, minor }: Sum): void {
  sum.deals += deals;
  sum.minor += minor;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
