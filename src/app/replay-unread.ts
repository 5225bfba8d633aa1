/** Exchanges of which no record came, and of those the ones that a replay cannot read, by why. */
import { type Exchange, titleOf } from '../../emulators/loopback/recording.ts';
import type { ReplayDefinition } from '../../emulators/loopback/replay.ts';

export interface Silent {
  /** Exchanges of which no record came, by what they were: those not read, refusals, answers to writes, descriptions. */
  readonly withoutRecords: Readonly<Record<string, number>>;
  /** Of those, what a replay cannot read, by the reason. */
  readonly notRead: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export function silentOf(exchanges: readonly Exchange[], definition: ReplayDefinition): Silent {
  const byReason = Map.groupBy(exchanges, (exchange) => reasonOf(exchange, definition) ?? '');
  const counts = [...byReason].map(([reason, some]) => [reason, countBy(some.map(titleOf))] as const);
  return {
    withoutRecords: countBy(exchanges.map(titleOf)),
    notRead: Object.fromEntries(counts.filter(([reason]) => reason !== '')),
  };
}

function reasonOf(exchange: Exchange, definition: ReplayDefinition): string | null {
  const { body, status } = exchange;
  if (status >= 400) return null;
  if (typeof body === 'string' && body.trim() !== '') return formOf(body);
  return definition.notRead(exchange);
}

function formOf(body: string): string {
  if (/^\s*<</.test(body)) return 'body left out of the recording';
  if (/^\s*</.test(body)) return 'XML or HTML, which no replay reads';
  if (/^\s*[{[]/.test(body)) return 'JSON that is torn';
  return 'not JSON, which is all that a replay reads';
}

export function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
