/**
 * Why a fitted model credits no deal: what the deal is told beside the credit of the fallback rule. The words change
 * only when the reason does, never with a number that moves from night to night, so that no deal is written again for
 * nothing.
 */
import type { Check } from '../../../attribution/fit/checks.ts';
import type { AttributionSettings } from '../../../settings/attribution.ts';
import type { Connections } from '../../../store/contract/connections.ts';
import { isJsonObject, type JsonObject } from '../../../support/json.ts';
import type { FittedKind } from './kind.ts';

const stateKey = 'fits lack';

/** Won deals that a fit must rest on to credit deals. */
export function leastOf(
  { leastConversions }: Pick<FittedKind, 'leastConversions'>,
  { minConversions = leastConversions }: Pick<AttributionSettings, 'minConversions'>,
): number {
  return minConversions;
}

/** The end of a sentence that begins with the kind's title. */
export function tooFewDeals(least: number): string {
  return `needs ${least} won deals with touches, and there are fewer`;
}

/** By model, what the newest fit lacked where no fit is in use. */
export type Lacks = Readonly<Record<string, string>>;

export async function lacksOf(connections: Pick<Connections, 'state'>): Promise<Lacks> {
  const kept = await connections.state(stateKey);
  if (!isJsonObject(kept)) return {};
  return Object.fromEntries(Object.entries(kept).map(([model, why]) => [model, String(why)]));
}

/** Remembers why a model's newest fit is not in use; null: one of its fits is. */
export async function keepLack(connections: Connections, model: string, lack: string | null): Promise<void> {
  const { [model]: _, ...others }: JsonObject = { ...(await lacksOf(connections)) };
  await connections.saveState(stateKey, lack === null ? others : { ...others, [model]: lack });
}

/** What the first failed check says of the deals that the fit would credit. */
export function lackOf(checks: readonly Check[]): string {
  return checks.find(({ passed }) => !passed)?.lack ?? 'has no fit that passed its checks yet';
}
