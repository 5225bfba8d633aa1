/** Answers that HubSpot once gave, served on loopback to the real connector. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hubspotConfig } from '../../../connectors/hubspot/config.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { faultOf } from '../../../connectors/hubspot/wire/fault.ts';
import { limitsOf } from '../../../connectors/hubspot/wire/limits.ts';
import { batchSchema } from '../../../connectors/hubspot/wire/shapes.ts';
import { type Entry, realign } from '../../../connectors/hubspot/write/entries.ts';
import type { Write } from '../../../src/connector/contract/writing.ts';
import { textResponse } from '../../../src/connector/response.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { recordingClock } from '../../connector/connection.ts';
import { serve } from '../../connector/server.ts';
import { openAccount, pull } from './account.ts';

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly reqBody?: { readonly inputs?: readonly Input[] };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Input {
  readonly id?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

interface Results {
  readonly results: readonly (JsonObject & {
    readonly id: string;
    readonly properties: Record<string, string>;
  })[];
}

const file = new URL('../../../../shared/fixtures/hubspot/grouparoo-recordings.jsonl', import.meta.url);
const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const rows: Recorded[] = lines
  .map((line) => JSON.parse(line))
  .filter(({ path }) => path.startsWith('/crm/v3/objects/'));

const textOf = ({ body }: Recorded) => (typeof body === 'string' ? body : JSON.stringify(body));
const answerOf = (row: Recorded) => textResponse(row.status, row.headers, textOf(row), row.path);
const resultsOf = (row: Recorded) => (row.body as Results).results;

/** All rows of one endpoint with one status. */
function recorded(ending: string, status: number): Recorded[] {
  return rows.filter((row) => row.path.endsWith(ending) && row.status === status);
}

/** The recording's day is long past: the stand-in tells the time of the account that asks it. */
function replay(...answers: readonly Recorded[]) {
  const date = new Date(recordingClock().now()).toUTCString();
  return serve((_, response, count) => {
    const row = answers[Math.min(count, answers.length) - 1];
    response.writeHead(row?.status ?? 500, { ...row?.headers, date });
    response.end(row?.status === 204 ? undefined : row && textOf(row));
  });
}

/** What HubSpot makes of a value that it takes: e-mail and domain in lower case, numbers without padding. */
const plain = (value: string | null | undefined) => (value ?? '').toLowerCase();

describe.skipIf(rows.length === 0)('recorded answers (skipped where ../shared/fixtures is absent)', () => {
  test('every search that was over its rate is waited for a second, then repeated', async () => {
    const refused = recorded('/search', 429);
    const [found] = recorded('/COMPANY/search', 200);
    expect(refused).toHaveLength(12);
    for (const row of refused) {
      expect(faultOf(answerOf(row), { now: 0 })).toMatchObject({
        kind: 'throttled',
        code: 'RATE_LIMITS',
        retryAfterMs: 1_000,
      });
      if (found === undefined) continue;
      const server = await replay(row, found);
      const account = openAccount(server.url);
      const checkpoint = {
        phase: 'changes',
        since: 0,
        window: null,
        recent: {},
        archived: { doneAt: account.clock.now(), since: 0, scan: null },
      };
      const { records } = await pull(account, 'companies', checkpoint);
      expect(records).toHaveLength(2);
      expect(account.clock.waits).toContain(1_000);
    }
  });

  test.each([
    ['/COMPANY/search', 'companies'],
    ['/CONTACT/search', 'contacts'],
  ])('rows of %s become records of %s as they are', async (ending, object) => {
    for (const row of recorded(ending, 200).filter((one) => resultsOf(one).length > 0)) {
      const server = await serve((seen, response) => {
        const date = new Date(recordingClock().now()).toUTCString();
        response.writeHead(200, { 'content-type': 'application/json', date });
        response.end(seen.url.endsWith('/search') ? textOf(row) : '{"status":"COMPLETE","results":[]}');
      });
      const account = openAccount(server.url);
      const checkpoint = {
        phase: 'changes',
        since: 0,
        window: null,
        recent: {},
        archived: { doneAt: account.clock.now(), since: 0, scan: null },
      };
      const { records } = await pull(account, object, checkpoint);
      expect(
        records.map(({ id, modifiedAt, body }) => ({ id, modifiedAt, properties: body.properties })),
      ).toEqual(
        resultsOf(row).map(({ id, updatedAt, properties }) => ({
          id,
          modifiedAt: Date.parse(String(updatedAt)),
          properties,
        })),
      );
    }
  });

  test('each recorded update finds its own row, in whatever order it came', async () => {
    const updates = recorded('/batch/update', 200);
    expect(
      updates.some((row) => resultsOf(row).some(({ id }, n) => id !== row.reqBody?.inputs?.[n]?.id)),
    ).toBe(true);
    for (const row of updates) {
      const object = row.path.split('/').at(-3) ?? '';
      const writes = (row.reqBody?.inputs ?? []).map(
        ({ id = '', properties = {} }): Write => ({
          key: `write ${id}`,
          op: 'update',
          id,
          fields: properties,
        }),
      );
      const outcomes = await hubspot.sink?.(object)?.push(openAccount((await replay(row)).url), writes);
      expect(outcomes?.map(({ key, status }) => [key, status])).toEqual(
        writes.map(({ key }) => [key, 'written']),
      );
      for (const [n, outcome] of (outcomes ?? []).entries()) {
        const answer = outcome.status === 'written' ? (outcome.answer ?? {}) : {};
        const sent = writes[n]?.fields ?? {};
        expect(Object.keys(answer).length).toBeGreaterThan(0);
        for (const [name, value] of Object.entries(answer))
          expect(plain(value as string)).toBe(plain(sent[name] as string));
      }
    }
  });

  test('rows of new records find their inputs by a unique property', () => {
    const unique = ['email', 'domain', 'grouparoo_object_property'];
    const creations = recorded('/batch/create', 201);
    expect(creations.length).toBe(12);
    for (const row of creations) {
      const entries = (row.reqBody?.inputs ?? []).map(({ properties = {} }, n): Entry => {
        const idProperty = unique.find((name) => name in properties) ?? '';
        const id = properties[idProperty] ?? '';
        const write: Write = {
          key: String(n),
          op: 'upsert',
          alternateKey: { [idProperty]: id },
          fields: {},
        };
        return { write, trace: String(n), id, idProperty, properties };
      });
      const found = realign(entries, batchSchema.parse(row.body));
      expect(found.size).toBe(entries.length);
      for (const [{ idProperty = '', id }, result] of found)
        expect(result).toMatchObject({ properties: { [idProperty]: id } });
    }
  });

  test('archived batches are done', async () => {
    for (const row of recorded('/batch/archive', 204)) {
      const writes = (row.reqBody?.inputs ?? []).map(
        ({ id = '' }): Write => ({ key: id, op: 'delete', id, fields: {} }),
      );
      const outcomes = await hubspot.sink?.('contacts')?.push(openAccount((await replay(row)).url), writes);
      expect(outcomes?.every(({ status }) => status === 'written')).toBe(true);
    }
  });

  test('answers say how much of the day is left; searches say nothing of the ten seconds', () => {
    const { usage } = limitsOf(hubspotConfig.parse({ accessToken: 'pat' }));
    for (const row of rows) {
      const told = usage?.(answerOf(row));
      expect(told?.daily?.limit).toBe('x-hubspot-ratelimit-daily' in row.headers ? 250_000 : undefined);
      expect(told?.window?.perMs).toBe(row.path.endsWith('/search') ? undefined : 10_000);
    }
    expect(rows.length).toBeGreaterThan(50);
  });
});
