/** All that credit depends on besides the deals themselves, under one name: kept, so that it can be had again. */
import type { AttributionSettings } from '../settings/attribution.ts';
import type { Store } from '../store/contract.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import type { JsonObject } from '../support/json.ts';

export interface Standing {
  readonly settings: CreditSettings;
  /** Promoted versions by model. */
  readonly fits: Readonly<Record<string, string>>;
}

export type CreditSettings = ReturnType<typeof creditSettings>;

export function creditSettings(settings: AttributionSettings) {
  const { models, creditModel, fallbackModel, minConversions, baseline, covariates } = settings;
  const { lookbackDays, halfLifeDays, directChannels, customModels } = settings;
  return {
    ...{ models, creditModel, fallbackModel, minConversions, baseline, covariates },
    ...{ lookbackDays, halfLifeDays, directChannels, customModels },
  };
}

export function standingId({ settings, fits }: Standing): string {
  return fingerprint(canonicalJson({ settings, fits }), 16);
}

export async function keepStanding({ connections }: Store, standing: Standing): Promise<string> {
  const id = standingId(standing);
  const plain: JsonObject = { settings: standing.settings, fits: standing.fits };
  if ((await connections.state(keyOf(id))) === null) await connections.saveState(keyOf(id), plain);
  return id;
}

/** Null when nobody has kept it. */
export async function keptStanding({ connections }: Store, id: string): Promise<Standing | null> {
  const kept = await connections.state(keyOf(id));
  return kept === null ? null : JSON.parse(JSON.stringify(kept));
}

function keyOf(id: string): string {
  return `credit rules:${id}`;
}
