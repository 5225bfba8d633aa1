/** What an admin fills in for one HubSpot account. */
import { z } from 'zod';

const minute = 60_000;

/** Search answers lag behind writes, so no window may overlap the one before it by less. */
const leastOverlapMs = 5 * minute;

export const hubspotConfig = z
  .strictObject({
    baseUrl: z.url().default('https://api.hubapi.com').meta({
      label: 'API address',
      help: 'The same for all HubSpot data centres; another one only for an emulator or a proxy.',
      example: 'https://api.hubapi.com',
    }),
    apiVersion: z
      .union([
        z.literal('legacy'),
        z.string().regex(/^20\d\d-(03|09)$/, 'legacy or a dated version, such as 2026-09'),
      ])
      .default('2026-09')
      .meta({
        label: 'API version',
        help: 'A dated version (new ones come each March and September, supported for 18 months), or "legacy" for the v3 and v4 paths, which end in 2027.',
        example: '2026-09',
      }),
    accessToken: z.string().min(1).optional().meta({
      label: 'Private app or service key token',
      help: 'Settings > Integrations > Service keys (or Legacy apps). Leave empty when the OAuth fields are filled in.',
      example: 'pat-eu1-…',
      secret: true,
    }),
    clientId: z
      .string()
      .min(1)
      .optional()
      .meta({ label: 'OAuth client id', help: 'Of your public app.', example: 'a1b2c3d4-…' }),
    clientSecret: z.string().min(1).optional().meta({
      label: 'OAuth client secret',
      help: 'Of your public app. It also signs the webhooks of that app.',
      example: 'e5f6a7b8-…',
      secret: true,
    }),
    refreshToken: z.string().min(1).optional().meta({
      label: 'OAuth refresh token',
      help: 'Handed out when the app is installed. Fill it in again when HubSpot says BAD_REFRESH_TOKEN.',
      example: '1e8fbfb1-…',
      secret: true,
    }),
    webhookSecret: z.string().min(1).optional().meta({
      label: 'Webhook secret',
      help: 'Client secret of the app whose webhooks come here, where it is not the OAuth app above.',
      example: 'e5f6a7b8-…',
      secret: true,
    }),
    requestsPerTenSeconds: z.int().min(1).default(100).meta({
      label: 'Requests per 10 seconds',
      help: '100 on Free and Starter, 190 on Professional and Enterprise, 250 with the add-on, 110 for public apps.',
      example: '100',
    }),
    searchesPerSecond: z.int().min(1).default(5).meta({
      label: 'Searches per second',
      help: 'HubSpot counts searches in a pool of their own, per account.',
      example: '5',
    }),
    dailyRequests: z.int().min(1).optional().meta({
      label: 'Requests per day',
      help: 'Only where HubSpot does not say it in its answers (public apps).',
      example: '250000',
    }),
    reserve: z.number().min(0).max(0.9).default(0.1).meta({
      label: 'Share left to other apps',
      help: 'Part of every allowance that the hub does not touch, 0 to 0.9.',
      example: '0.1',
    }),
    overlapMs: z.int().min(leastOverlapMs).default(leastOverlapMs).meta({
      label: 'Overlap of search windows, ms',
      help: 'How far each look for changes reaches back into the one before it, because new changes appear in searches late.',
      example: '300000',
    }),
    archivedEveryMs: z
      .int()
      .min(0)
      .default(15 * minute)
      .meta({
        label: 'Look for deleted records every … ms',
        help: 'HubSpot does not tell deletions by time, so the list of archived records is read at this cadence. Webhooks tell them at once.',
        example: '900000',
      }),
  })
  .refine((config) => config.accessToken !== undefined || oauthOf(config) !== null, {
    error: 'fill in accessToken, or all three of clientId, clientSecret and refreshToken',
    path: ['accessToken'],
  });

export type HubSpotConfig = z.infer<typeof hubspotConfig>;

export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** The OAuth app of the connection; null where it signs in with a static token. */
export function oauthOf(config: {
  readonly accessToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly refreshToken?: string | undefined;
}): OAuthApp | null {
  const { accessToken, clientId, clientSecret, refreshToken } = config;
  if (accessToken !== undefined || !clientId || !clientSecret || !refreshToken) return null;
  return { clientId, clientSecret, refreshToken };
}
