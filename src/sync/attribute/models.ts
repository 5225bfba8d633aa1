/** The models at work: rules, and of the models that come from data the fits that are promoted. */
import type { Model } from '../../attribution/model.ts';
import { wordOf } from '../../attribution/names.ts';
import { customModel, ruleModels } from '../../attribution/rules.ts';
import { shapleyModel } from '../../attribution/shapley/model.ts';
import { covariateNames, parseCovariate } from '../../journey/covariates.ts';
import type { AttributionSettings } from '../../settings/attribution.ts';
import type { Store } from '../../store/contract/store.ts';
import { canonicalJson } from '../../support/fingerprint.ts';
import { didYouMean } from '../../support/nearest.ts';
import { type CreditBasis, creditSettings } from '../standing.ts';
import { chosenFit, insteadOf, type Which } from './kinds/chosen.ts';
import type { FittedKind } from './kinds/kind.ts';
import { fittedKinds } from './kinds/kinds.ts';
import { lacksOf } from './kinds/lacks.ts';

/** One set, which does not change while somebody holds it. */
export interface ModelSet {
  readonly models: readonly Model[];
  /** The one whose credit is written onto deals. */
  readonly credit: Model;
  /** Why that is not the one that was asked for: a sentence for the deal. */
  readonly instead?: string;
  /** The settings and fits that it is made of. */
  readonly standing: CreditBasis;
}

export interface Models {
  /** Looks for promotions first, also by other processes. */
  current(): Promise<ModelSet>;
  /** With the fits that were promoted at a time. */
  asOf(at: number): Promise<ModelSet>;
  /** As it was made of these once. */
  again(standing: CreditBasis): Promise<ModelSet>;
}

/** A wrong name among the settings, for the caller, which knows the file and line. */
export interface WrongName {
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

export function wrongNames(settings: AttributionSettings): WrongName[] {
  const { models, customModels, creditModel, fallbackModel, covariates } = settings;
  const own = [...ruleModels(settings), shapleyModel, ...fittedKinds].map(({ id }) => id);
  const rules = allRules(settings).map(({ id }) => id);
  const all = [...rules, ...fittedKinds.map(({ id }) => id)];
  const wrong = (path: readonly string[], name: string, known: readonly string[]): WrongName[] =>
    known.includes(name)
      ? []
      : [{ path, message: `there is no model "${name}".`, remedy: didYouMean(name, known.map(wordOf)) }];
  return [
    ...Object.keys(customModels).flatMap((name) => (own.includes(name) ? [taken(name)] : [])),
    ...models.flatMap((name, index) => wrong(['models', String(index)], name, all)),
    ...wrong(['creditModel'], creditModel, models),
    ...wrong(['fallbackModel'], fallbackModel, rules),
    ...covariates.flatMap((name, index) => wrongCovariate(name, ['covariates', String(index)])),
  ];
}

function taken(name: string): WrongName {
  const message = `"${name}" is a model of the hub's.`;
  return { path: ['customModels', name], message, remedy: 'Give the rule of your own another name.' };
}

function wrongCovariate(name: string, path: readonly string[]): WrongName[] {
  if (parseCovariate(name)) return [];
  const remedy = `${didYouMean(name, covariateNames())} Sizes are best given as log(…).`;
  return [{ path, message: `"${name}" is no field that is a number or sorts people.`, remedy }];
}

export function openModels(settings: AttributionSettings, store: Store): Models {
  let latest: { readonly basis: string; readonly set: ModelSet } | undefined;
  return {
    current: async () => {
      const lacks = await lacksOf(store.connections);
      const basis = canonicalJson([await store.fits.turn(), lacks]);
      if (latest?.basis !== basis) latest = { basis, set: await setOf(settings, store, { lacks }) };
      return latest.set;
    },
    asOf: (at) => setOf(settings, store, { at }),
    again: (standing) => setOf({ ...settings, ...standing.settings }, store, standing),
  };
}

async function setOf(settings: AttributionSettings, store: Store, which: Which): Promise<ModelSet> {
  const rules = allRules(settings);
  const wantedRules = rules.filter(({ id }) => settings.models.includes(id));
  const found = await Promise.all(wantedKinds(settings).map((kind) => chosenFit(kind, store, which)));
  const models = [...wantedRules, ...found.flatMap(({ model }) => model ?? [])];
  const asked = found.find(({ kind }) => kind.id === settings.creditModel);
  const instead = asked ? insteadOf(asked, settings, which) : undefined;
  const id = instead === undefined ? settings.creditModel : settings.fallbackModel;
  const credit = [...models, ...rules].find((model) => model.id === id);
  if (!credit) throw new Error(`the settings were not checked: there is no model ${id}`);
  const told = instead === undefined ? {} : { instead };
  return {
    models: models.includes(credit) ? models : [...models, credit],
    credit,
    ...told,
    standing: {
      settings: creditSettings(settings),
      fits: Object.fromEntries(found.flatMap(({ kind, model }) => (model ? [[kind.id, model.version]] : []))),
      ...told,
    },
  };
}

/** The models among the settings that are to be fitted. */
export function wantedKinds({ models }: Pick<AttributionSettings, 'models'>): FittedKind[] {
  return fittedKinds.filter(({ id }) => models.includes(id));
}

function allRules(settings: AttributionSettings): Model[] {
  const own = Object.entries(settings.customModels).map(([id, parts]) => customModel(id, parts));
  return [...ruleModels(settings), shapleyModel, ...own];
}
