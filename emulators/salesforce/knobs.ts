import { z } from 'zod';
import { Problem } from '../../src/support/problem.ts';

const day = 24 * 60 * 60 * 1000;
const ms = z.int().nonnegative();

/** What can be set when the emulator starts; every knob has Salesforce's own behaviour as its default. */
const knobsSchema = z.strictObject({
  /** Newest API version on offer; requests may name any version from 21.0 up to it. */
  apiVersion: z
    .string()
    .regex(/^\d+\.0$/)
    .default('66.0'),
  /** Records per page of a query at most. */
  pageSize: z.int().min(1).max(2000).default(2000),
  /** Records times columns per page at most: wide selections get smaller pages. */
  pageCells: z.int().positive().default(400_000),
  /** Open query cursors of the API user; the oldest makes room. */
  maxCursors: z.int().positive().default(10),
  cursorLifeMs: ms.default(2 * day),
  /** Computed records that cost no memory. */
  generate: z.strictObject({ Contact: z.int().nonnegative().default(0) }).prefault({}),
  /** Whether records carry a CurrencyIsoCode. */
  multiCurrency: z.boolean().default(true),
  /** Whether accounts may be persons. */
  personAccounts: z.boolean().default(false),
  /** The corporate currency; of an org with a single one, that. */
  currency: z.string().length(3).default('USD'),
  /** API calls per rolling 24 hours. */
  dailyRequests: z.int().nonnegative().default(100_000),
  /** Calls in flight at once. */
  concurrentRequests: z.int().positive().default(25),
  /** Each API call takes this long. */
  latencyMs: ms.default(0),
  /** Session policy: a token that old is refused. */
  tokenLifeMs: ms.default(2 * 60 * 60 * 1000),
  /** Every refresh hands out a new refresh token and ends the old one. */
  rotateRefreshTokens: z.boolean().default(false),
  /** A refresh takes this long; another one of the same token meanwhile is refused. */
  refreshMs: ms.default(0),
  clientId: z.string().default('3MVG9emulatedClient'),
  clientSecret: z.string().default('emulated-client-secret'),
  refreshToken: z.string().default('5Aep861emulatedRefresh'),
  username: z.string().default('integration@example.com'),
  /** PEM; without it the JWT bearer flow is not set up. */
  jwtPublicKey: z.string().optional(),
  /** What the org's duplicate rules for leads and contacts of one e-mail address do. */
  duplicateRules: z.enum(['off', 'alert', 'block']).default('off'),
  /** A bulk job takes this long once its data is complete. */
  bulkMs: ms.default(20),
  outbound: z
    .strictObject({
      objects: z.array(z.string()).default(['Account', 'Contact', 'Lead', 'Opportunity']),
      /** Deliveries of one message until it is given up. */
      attempts: z.int().positive().default(6),
      /** Pause before the first repeat; it doubles with every one, up to two hours. */
      retryMs: ms.default(100),
      /** Notifications leave in any order. */
      shuffle: z.boolean().default(false),
    })
    .prefault({}),
});

export type Knobs = z.output<typeof knobsSchema>;

export function readKnobs(knobs: unknown): Knobs {
  const parsed = knobsSchema.safeParse(knobs ?? {});
  if (parsed.success) return parsed.data;
  throw new Problem('usage', `unusable knobs: ${z.prettifyError(parsed.error)}`, {
    where: 'salesforce emulator',
    remedy: 'The knobs are listed in emulators/salesforce/knobs.ts.',
  });
}
