/** Signing in: a static token of a private app or service key, or the refresh grant of a public app. */
import { z } from 'zod';
import type { Auth, GrantContext, Token } from '../../../src/connector/contract/sign-in.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { type HubSpotConfig, type OAuthApp, oauthOf } from '../config.ts';
import { versioned } from './paths.ts';
import { shaped } from './shapes.ts';

const grantSchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  /** Seconds; 1800 so far. */
  expires_in: z.number().positive().optional(),
});

export const hubspotAuth: Auth<HubSpotConfig> = {
  async grant(ctx, previous) {
    const app = oauthOf(ctx.config);
    // The static token is handed out again as it is: whether it is dead, its next refusal says.
    if (app === null) return { accessToken: ctx.config.accessToken ?? '' };
    return refresh(ctx, app, previous?.refreshToken ?? app.refreshToken);
  },
  account: ({ baseUrl, accessToken, clientId, refreshToken }) => [
    baseUrl,
    accessToken ?? null,
    clientId ?? null,
    refreshToken ?? null,
  ],
  sign: (request, token) => ({
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${token.accessToken}` },
  }),
};

/** A stored token that HubSpot no longer takes gives way to the one in the config: the app was installed again. */
async function refresh(
  ctx: GrantContext<HubSpotConfig>,
  app: OAuthApp,
  refreshToken: string,
): Promise<Token> {
  try {
    return await exchange(ctx, app, refreshToken);
  } catch (error) {
    const dead = error instanceof Fault && error.kind === 'unauthorized';
    if (!dead || refreshToken === app.refreshToken) throw error;
    return exchange(ctx, app, app.refreshToken);
  }
}

async function exchange(
  ctx: GrantContext<HubSpotConfig>,
  app: OAuthApp,
  refreshToken: string,
): Promise<Token> {
  const answer = await ctx.http.send({
    method: 'POST',
    url: versioned('/oauth/v3/token', ctx.config.apiVersion),
    form: {
      grant_type: 'refresh_token',
      client_id: app.clientId,
      client_secret: app.clientSecret,
      refresh_token: refreshToken,
    },
    repeatable: true,
  });
  const grant = shaped(grantSchema, answer.json(), 'the answer to signing in');
  return {
    accessToken: grant.access_token,
    refreshToken: grant.refresh_token ?? refreshToken,
    ...(grant.expires_in === undefined ? {} : { expiresAt: ctx.clock.now() + grant.expires_in * 1_000 }),
  };
}
