/** All that credit depends on besides the deals themselves, under one name: kept, so that it can be had again. */
import type { AttributionSettings } from '../settings/attribution.ts';
import type { Store } from '../store/contract/store.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import type { JsonObject } from '../support/json.ts';
import { computedBy } from './computed-by.ts';

export interface CreditBasis {
  /** The version of the hub's own computing; absent where it was not kept yet. */
  readonly computedBy?: number;
  readonly settings: CreditSettings;
  /** Promoted versions by model. */
  readonly fits: Readonly<Record<string, string>>;
  /** Why the fallback rule credits deals, as they are told. */
  readonly instead?: string;
}

export type CreditSettings = ReturnType<typeof creditSettings>;

export function creditSettings(settings: AttributionSettings) {
  const { models, creditModel, fallbackModel, minConversions, baseline, covariates } = settings;
  const least = minConversions === undefined ? {} : { minConversions };
  const { lookbackDays, window, touches, halfLifeDays, directChannels, customModels } = settings;
  const { visitMinutes, salesTouches, leaveOut, chat } = settings;
  return {
    ...{ models, creditModel, fallbackModel, ...least, baseline, covariates },
    ...{ lookbackDays, window, touches, halfLifeDays, directChannels, customModels },
    ...{ visitMinutes, salesTouches, leaveOut, ...(chat ? { chat } : {}) },
  };
}

function standingId(standing: CreditBasis): string {
  return fingerprint(canonicalJson(plainOf(standing)), 16);
}

function plainOf({ settings, fits, instead }: CreditBasis): JsonObject {
  const told = instead === undefined ? {} : { instead };
  return { settings, fits, computedBy: computedBy.attribute, ...told };
}

/** What keeps standings. */
export interface Keeper {
  readonly connections: Pick<Store['connections'], 'state' | 'saveState'>;
}

export async function keepStanding({ connections }: Keeper, standing: CreditBasis): Promise<string> {
  const id = standingId(standing);
  if ((await connections.state(keyOf(id))) === null)
    await connections.saveState(keyOf(id), plainOf(standing));
  return id;
}

/** Null when nobody has kept it. */
export async function keptStanding({ connections }: Keeper, id: string): Promise<CreditBasis | null> {
  const kept = await connections.state(keyOf(id));
  return kept === null ? null : JSON.parse(JSON.stringify(kept));
}

function keyOf(id: string): string {
  return `credit rules:${id}`;
}
