/** The models at work: rules, and of the models that come from data the fits that are promoted. */
import type { Model } from '../attribution/model.ts';
import { customModel, ruleModels } from '../attribution/rules.ts';
import { shapleyModel } from '../attribution/shapley/model.ts';
import { covariateNames, parseCovariate } from '../journey/covariates.ts';
import type { AttributionSettings } from '../settings/attribution.ts';
import type { Store } from '../store/contract.ts';
import { iso } from '../support/clock.ts';
import { didYouMean } from '../support/nearest.ts';
import type { FittedKind } from './fit/kind.ts';
import { fittedKinds } from './fit/kinds.ts';
import { creditSettings, type Standing } from './standing.ts';

/** One set, which does not change under whoever holds it. */
export interface ModelSet {
  readonly models: readonly Model[];
  /** The one whose credit is written onto deals. */
  readonly credit: Model;
  /** Why that is not the one that was asked for: a sentence for the deal. */
  readonly instead?: string;
  /** The settings and fits that it is made of. */
  readonly standing: Standing;
}

export interface Models {
  /** Looks for promotions first, also by other processes. */
  current(): Promise<ModelSet>;
  /** With the fits that were promoted at a time. */
  asOf(at: number): Promise<ModelSet>;
  /** As it was made of these once. */
  again(standing: Standing): Promise<ModelSet>;
}

/** A wrong name among the settings, for whoever knows the file and line. */
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
      : [{ path, message: `there is no model "${name}".`, remedy: didYouMean(name, known) }];
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
  return [{ path, message: `"${name}" is no field that is a number.`, remedy }];
}

export function openModels(settings: AttributionSettings, store: Store): Models {
  let latest: { readonly turn: number; readonly set: ModelSet } | undefined;
  return {
    current: async () => {
      const turn = await store.fits.turn();
      if (latest?.turn !== turn) latest = { turn, set: await setOf(settings, store) };
      return latest.set;
    },
    asOf: (at) => setOf(settings, store, { at }),
    again: (standing) => setOf({ ...settings, ...standing.settings }, store, standing),
  };
}

/** Promoted now, at a time, or named. */
type Which = { readonly at?: number } | Pick<Standing, 'fits'>;

async function setOf(settings: AttributionSettings, store: Store, which: Which = {}): Promise<ModelSet> {
  const rules = allRules(settings);
  const wantedRules = rules.filter(({ id }) => settings.models.includes(id));
  const found = await Promise.all(wantedKinds(settings).map((kind) => chosen(kind, store, which)));
  const at = 'at' in which ? which.at : undefined;
  const models = [...wantedRules, ...found.flatMap(({ model }) => model ?? [])];
  const asked = found.find(({ kind }) => kind.id === settings.creditModel);
  const instead = asked ? lack(asked, settings, at) : undefined;
  const id = instead === undefined ? settings.creditModel : settings.fallbackModel;
  const credit = [...models, ...rules].find((model) => model.id === id);
  if (!credit) throw new Error(`the settings were not checked: there is no model ${id}`);
  return {
    models: models.includes(credit) ? models : [...models, credit],
    credit,
    ...(instead === undefined ? {} : { instead }),
    standing: {
      settings: creditSettings(settings),
      fits: Object.fromEntries(found.flatMap(({ kind, model }) => (model ? [[kind.id, model.version]] : []))),
    },
  };
}

/** The models among the settings that are to be fitted. */
export function wantedKinds({ models }: Pick<AttributionSettings, 'models'>): FittedKind[] {
  return fittedKinds.filter(({ id }) => models.includes(id));
}

interface Found {
  readonly kind: FittedKind;
  readonly model?: Model;
  /** It had a fit, and somebody took it back. */
  readonly takenBack?: boolean;
}

async function chosen(kind: FittedKind, store: Store, which: Which): Promise<Found> {
  const version =
    'fits' in which ? (which.fits[kind.id] ?? null) : await store.fits.promoted(kind.id, which.at);
  const fit = version === null ? null : await store.fits.get(version);
  if (fit) return { kind, model: kind.open(fit.snapshot, `fit ${version}`).model };
  const last = (await store.fits.promotions({ model: kind.id })).at(-1);
  return { kind, takenBack: last?.what === 'rolled back' };
}

/** Why a model may not credit deals at the CRMs; undefined when it may. */
function lack(
  { kind, model, takenBack = false }: Found,
  { minConversions }: AttributionSettings,
  at?: number,
): string | undefined {
  if (!model && at !== undefined) return `${kind.title} had no fit on ${iso(at).slice(0, 10)}`;
  if (!model) return `${kind.title} ${takenBack ? 'has none of its fits in use' : 'has no fit yet'}`;
  const conversions = model.evidence?.conversions ?? 0;
  if (conversions >= minConversions) return undefined;
  return `${kind.title} rests on ${conversions} won deals, fewer than the ${minConversions} it needs`;
}

function allRules(settings: AttributionSettings): Model[] {
  const own = Object.entries(settings.customModels).map(([id, parts]) => customModel(id, parts));
  return [...ruleModels(settings), shapleyModel, ...own];
}
