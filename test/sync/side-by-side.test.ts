/** All models side by side over the road's deals. */
import { expect, it } from 'vitest';
import { dealFilter } from '../../src/reports/deal-filter.ts';
import { sideBySide } from '../../src/reports/side-by-side.ts';
import { creditGroups } from '../../src/store/contract/credits.ts';
import { refit } from '../../src/sync/fit/refit.ts';
import { walk } from '../../src/sync/road.ts';
import { onEachDatabase } from './fit-hub.ts';
import { dayMs, dealKey, entity, save, worldStart } from './fit-world.ts';
import { found, type TestHub } from './hub.ts';

const models = ['first', 'linear', 'position', 'shapley', 'hazard', 'markov:1', 'markov:2'];

/** Deals that no touch belongs to: of another currency, open, and withdrawn. */
async function others({ hub: { store } }: TestHub): Promise<void> {
  const closedAt = worldStart + 20 * dayMs;
  const deals = [
    entity('Deal', 'untouched', { status: 'won', closedAt, amount: { minor: 77, currency: 'USD' } }),
    entity('Deal', 'yen', { status: 'won', closedAt, amount: { minor: 5_001, currency: 'JPY' } }),
    entity('Deal', 'open', { status: 'open', amount: { minor: 900, currency: 'USD' } }),
    { ...entity('Deal', 'gone', { status: 'won', amount: { minor: 9, currency: 'USD' } }), withdrawn: true },
  ];
  await save(
    store,
    deals.map((deal) => [deal, dealKey(deal.id)]),
    [],
  );
  await store.work.mark(
    'attribute',
    deals.map(({ id }) => id),
  );
}

onEachDatabase('all models side by side', ({ started }) => {
  it('sum to the same in every currency, to the cent, whatever the model', async () => {
    const { hub, world } = await started({ models });
    await others(hub);
    await refit(hub.hub);
    await walk(hub.hub, { push: false });
    const table = await sideBySide(hub.hub, dealFilter({}));
    expect(table.deals).toBe(world.won.length + 2);
    expect(table.waiting).toBe(0);
    expect(table.models.map(({ id }) => id).sort()).toEqual([...models].sort());
    expect(table.currencies.map(({ currency }) => currency)).toEqual(['JPY', 'USD']);
    const deals = await hub.hub.store.entities.get(world.won);
    const minor = deals.reduce((sum, { fields }) => sum + (fields.amount as { minor: number }).minor, 77);
    expect(table.currencies[1]?.total).toEqual({ deals: world.won.length + 1, minor });
    const grouped = await Promise.all(creditGroups.map((by) => sideBySide(hub.hub, dealFilter({}), by)));
    const byBot = grouped.find(({ by }) => by === 'bot')?.currencies[1]?.rows;
    expect(byBot?.map(({ channel }) => channel)).toEqual(['made', 'no bot', 'baseline', 'no touch']);
    expect(grouped.map(({ currencies }) => currencies.map(({ total }) => total))).toEqual(
      creditGroups.map(() => table.currencies.map(({ total }) => total)),
    );
    for (const { rows, total } of grouped.flatMap(({ currencies }) => currencies))
      for (const id of models) {
        const column = rows.map(({ byModel }) => found(byModel[id], id));
        expect(column.reduce((sum, one) => sum + one.minor, 0)).toBe(total.minor);
        expect(column.reduce((sum, one) => sum + one.deals, 0)).toBe(total.deals * 100);
        expect(Math.min(...column.map((one) => one.deals))).toBeGreaterThanOrEqual(0);
      }
  });

  it('tell deals without a touch and what would have happened anyway apart from channels', async () => {
    const { hub } = await started({ models });
    await others(hub);
    await refit(hub.hub);
    await walk(hub.hub, { push: false });
    const table = await sideBySide(hub.hub, dealFilter({}));
    const rows = table.currencies[1]?.rows ?? [];
    expect(rows.map(({ channel }) => channel)).toEqual(['Chat', 'Display', 'Email', 'baseline', 'no touch']);
    const [baseline, rest] = rows.slice(-2);
    expect(rest?.byModel.first?.minor).toBeGreaterThanOrEqual(77);
    expect(baseline?.byModel.first).toEqual({ deals: 0, minor: 0 });
    expect(baseline?.byModel.hazard?.minor).toBeGreaterThan(77);
    expect(rest?.byModel.hazard).toEqual({ deals: 0, minor: 0 });
  });

  it('can be narrowed by status and by the day of the close, and say what waits', async () => {
    const { hub, world } = await started({ models: ['linear', 'hazard'] });
    await others(hub);
    const open = await sideBySide(hub.hub, dealFilter({ status: 'open' }));
    expect([open.deals, open.waiting]).toEqual([1, 4]);
    const all = await sideBySide(hub.hub, dealFilter({ status: 'all' }));
    expect(all.deals).toBe(world.won.length + 3);
    const halves = ['2026-01-01/2026-01-31', '2026-01-31/2026-03-31'].map(async (range) => {
      const [from, to] = range.split('/');
      return (await sideBySide(hub.hub, dealFilter({ from, to }))).deals;
    });
    const [early = 0, late = 0] = await Promise.all(halves);
    expect(early).toBeGreaterThan(0);
    expect(early + late).toBe(world.won.length + 2);
    expect(() => dealFilter({ status: 'wonn' })).toThrow(/"wonn" is not a status/);
    expect(() => dealFilter({ from: 'Maybe' })).toThrow(/"Maybe" is not a date/);
  });
});
