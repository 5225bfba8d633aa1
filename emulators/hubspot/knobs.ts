import { z } from 'zod';
import { Problem } from '../../src/support/problem.ts';

const count = z.number().int().nonnegative();

/**
 * How this HubSpot behaves. Where HubSpot's documentation, recordings and users' reports disagree, the knob
 * names the choice and its default is the documented one, or else the one that is harder on a client.
 */
const schema = z.strictObject({
  /** What `config` signs in with; both ways work at all times. */
  auth: z.enum(['private-app', 'oauth']).default('private-app'),
  /** Only set into `config`; all path families are answered at once. */
  apiVersion: z.enum(['legacy', '2026-03', '2026-09']).default('legacy'),
  /** Seconds. */
  tokenLife: count.default(1800),
  /** HubSpot keeps the refresh token today; true gives a new one at each refresh and kills the old one. */
  rotateRefreshTokens: z.boolean().default(false),
  /** The company currency: of deals that name none, and of the totals. */
  currency: z.string().length(3).default('USD'),
  /** Scopes that the app was not granted: calls that need one answer 403. */
  missingScopes: z.array(z.string()).default([]),

  /** Calls per rolling ten seconds; 0 is no limit. */
  burst: count.default(100),
  /** Calls per day, search included; 0 is no limit. */
  daily: count.default(250_000),
  /** Searches per second, a pool of its own; 0 is no limit. */
  searchBurst: count.default(5),

  /** A change is found by search only so much later. */
  searchLagMs: count.default(0),
  /** A new property can be read and written only so much later (about 500 at HubSpot). */
  propertyLagMs: count.default(0),
  /** Whether re-creating an archived property brings its old definition back or takes the posted one. */
  restoredDefinition: z.enum(['old', 'posted']).default('old'),

  /** A merge ends in a record with a new id; false: the primary record keeps its id. */
  mergeMakesNewId: z.boolean().default(true),
  /** Which properties name the merged records: HubSpot fills either or both. */
  mergeTrail: z.enum(['both', 'objectIds', 'vids']).default('both'),
  /** What reading a merged record's old id gives. */
  mergedRead: z.enum(['winner', 'missing']).default('winner'),
  /** Unknown ids in a batch read are told in a 207, or just missing from a 200. */
  unknownInBatchRead: z.enum(['error', 'missing']).default('error'),
  /** Whether the results of a batch repeat the trace ids of its inputs: specified, but missing in recordings. */
  traceInResults: z.boolean().default(true),
  /** With false, one bad input spoils an upsert by `email`, trace ids or not. */
  partialUpsertByEmail: z.boolean().default(false),
  /** Associations on one page, inside records and in batch reads. */
  associationPage: count.min(1).default(100),

  webhooks: z
    .strictObject({
      /** Milliseconds between a change and its delivery. */
      delayMs: count.default(0),
      /** Milliseconds before the first retry; each next one waits as long again. */
      retryMs: count.default(20),
      /** Deliveries after the first one. */
      retries: count.default(10),
      timeoutMs: count.default(5_000),
      reorder: z.boolean().default(false),
      duplicate: z.boolean().default(false),
      /** `object.*` subscriptions with `objectTypeId` in place of `contact.*`, `deal.*`. */
      generic: z.boolean().default(false),
    })
    .prefault({}),

  /** Contacts that exist without being stored, for runs over very many. */
  generate: z.strictObject({ contacts: count.default(0) }).prefault({}),
  customObjects: z
    .array(z.strictObject({ typeId: z.string(), name: z.string(), properties: z.array(z.string()) }))
    .default([]),
});

export type Knobs = z.output<typeof schema>;

/** Throws `usage` naming the knob that is wrong. */
export function readKnobs(given: unknown): Knobs {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  throw new Problem('usage', `knobs of the HubSpot emulator: ${z.prettifyError(parsed.error)}`);
}
