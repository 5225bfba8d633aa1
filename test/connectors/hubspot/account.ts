/** Opens the connector against a server of the test. */

import { hubspot } from '../../../connectors/hubspot/index.ts';
import type { HubSpotContext } from '../../../connectors/hubspot/wire/client.ts';
import { memoryVault } from '../../../src/connector/auth.ts';
import type { Checkpoint, Page, PullOptions, VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { ConnectionOptions } from '../../../src/connector/open.ts';
import { openConnection } from '../../../src/connector/open.ts';
import { silentLog } from '../../../src/support/log.ts';
import { pullWhole } from '../../../src/testing/parts.ts';
import { type RecordingClock, recordingClock } from '../../connector/connection.ts';

export interface Account extends HubSpotContext {
  readonly clock: RecordingClock;
}

export function openAccount(
  url: string,
  config: object = {},
  options: Partial<ConnectionOptions> = {},
): Account {
  const clock = recordingClock();
  const connection = openConnection(hubspot, {
    connection: 'hubspot',
    config: {
      baseUrl: url,
      apiVersion: 'legacy',
      accessToken: 'pat-eu1-0000',
      requestsPerTenSeconds: 10_000,
      searchesPerSecond: 1_000,
      reserve: 0,
      ...config,
    },
    vault: memoryVault(),
    clock,
    log: silentLog,
    signal: new AbortController().signal,
    retry: { random: () => 1 },
    ...options,
  });
  return { ...connection, clock };
}

export interface Pulled {
  readonly pages: readonly Page[];
  readonly records: readonly VendorRecord[];
  readonly checkpoint: Checkpoint;
}

/** One pull to its end; `checkpoint` is the last one that a page closed with. */
export async function pull(
  account: Account,
  object: string,
  checkpoint: Checkpoint | null = null,
  options: PullOptions = {},
): Promise<Pulled> {
  const stream = hubspot.streams?.[object];
  if (stream === undefined) throw new Error(`no stream ${object}`);
  const pages: Page[] = [];
  for await (const page of pullWhole(stream, account, checkpoint, options)) pages.push(page);
  return {
    pages,
    records: pages.flatMap((page) => page.records),
    checkpoint: pages.at(-1)?.checkpoint ?? checkpoint,
  };
}

export function idsOf(records: readonly VendorRecord[]): string[] {
  return records.filter(({ tombstone }) => tombstone === undefined).map(({ id }) => id);
}
