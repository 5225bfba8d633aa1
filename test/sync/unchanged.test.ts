import { expect, it } from 'vitest';
import type { Model } from '../../src/attribution/model.ts';
import { ruleModels } from '../../src/attribution/rules.ts';
import type { Json } from '../../src/support/json.ts';
import { unchangedSince } from '../../src/sync/attribute/unchanged.ts';
import { type CreditBasis, creditSettings, keepStanding } from '../../src/sync/standing.ts';
import { testSettings } from './hub.ts';

const { attribution } = testSettings();
const fits = { hazard: 'v1', 'markov:1': 'm1' };
const before: CreditBasis = { settings: creditSettings(attribution), fits };
const rules = ruleModels(attribution);
const fitted = Object.keys(fits).map((id): Model => ({ ...(rules[0] as Model), id }));
const models = [...rules, ...fitted];

/** Models that are as they were when deals were credited by `before`, now that they are credited by this. */
async function unchanged(standing: CreditBasis, forget?: (kept: Json) => Json): Promise<string[]> {
  const states = new Map<string, Json>();
  const connections = {
    state: async (key: string) => states.get(key) ?? null,
    saveState: async (key: string, value: Json) => void states.set(key, value),
  };
  const name = await keepStanding({ connections }, before);
  for (const [key, kept] of states) states.set(key, forget ? forget(kept) : kept);
  const [credit] = models as [Model];
  return [...(await unchangedSince({ connections }, { models, credit, standing })(name))];
}

const all = models.map(({ id }) => id);

it('holds for all models while neither settings nor fits have changed', async () => {
  expect(await unchanged(before)).toEqual(all);
});

it('holds for all models but those of which another fit credits deals', async () => {
  const others = (name: string) => all.filter((id) => id !== name);
  expect(await unchanged({ ...before, fits: { ...fits, hazard: 'v2' } })).toEqual(others('hazard'));
  expect(await unchanged({ ...before, fits: { hazard: 'v1' } })).toEqual(others('markov:1'));
});

it('holds for no model after any edit of the settings', async () => {
  const settings = creditSettings({ ...attribution, halfLifeDays: attribution.halfLifeDays + 1 });
  expect(await unchanged({ ...before, settings })).toEqual([]);
});

it('holds for no model where another version of the hub computed the credit, or nobody knows which', async () => {
  const of = (computedBy: Json) => (kept: Json) => ({ ...(kept as Record<string, Json>), computedBy });
  expect(await unchanged(before, of(0))).toEqual([]);
  expect(await unchanged(before, of(null))).toEqual([]);
  expect(await unchanged(before, () => null)).toEqual([]);
});
