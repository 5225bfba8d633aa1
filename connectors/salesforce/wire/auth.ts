/** Signing in to Salesforce: three OAuth flows of an External Client App, one token answer. */
import { createSign } from 'node:crypto';
import { z } from 'zod';
import type { Auth, GrantContext, Token } from '../../../src/connector/contract/sign-in.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { HttpRequest } from '../../../src/connector/http.ts';
import type { SalesforceConfig } from '../config.ts';
import { expected } from './faults.ts';
import { longId } from './ids.ts';

/** Stands for the token where SOAP wants it inside the body; `sign` puts the token in its place. */
export const sessionPlaceholder = '{session}';

/** The whole life of an assertion may be three minutes at most. */
const assertionLifeSeconds = 170;

const tokenAnswer = z.object({
  access_token: z.string(),
  instance_url: z.url(),
  /** `https://login.salesforce.com/id/<organisation>/<user>` */
  id: z.string().optional(),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
});

type Form = Readonly<Record<string, string>>;
type Grant = GrantContext<SalesforceConfig>;

/** What to ask with, in this order until one is granted. */
const flows: Readonly<Record<SalesforceConfig['flow'], (ctx: Grant, previous: Token | null) => Form[]>> = {
  client_credentials: ({ config }) => [
    {
      grant_type: 'client_credentials',
      client_id: config.clientId,
      client_secret: config.clientSecret ?? '',
    },
  ],
  jwt_bearer: ({ config, vendorClock }) => [
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertion(config, vendorClock.now()),
    },
  ],
  // The configured token comes second: an admin who authorised the hub again put a new one there.
  refresh_token: ({ config }, previous) =>
    [...new Set([previous?.refreshToken, config.refreshToken])].flatMap((token) =>
      token === undefined ? [] : [refreshForm(config, token)],
    ),
};

export const auth: Auth<SalesforceConfig> = {
  async grant(ctx, previous) {
    let refusal: unknown;
    for (const form of flows[ctx.config.flow](ctx, previous)) {
      try {
        return await ask(ctx, form, previous);
      } catch (error) {
        if (!(error instanceof Fault) || error.kind !== 'unauthorized') throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new Fault('unauthorized', 'Salesforce: there is no refresh token to sign in with');
  },

  account: ({ loginUrl, flow, clientId, username, refreshToken }) => [
    loginUrl,
    flow,
    clientId,
    username ?? null,
    refreshToken ?? null,
  ],

  sign(request: HttpRequest, token: Token): HttpRequest {
    const headers = { ...request.headers, Authorization: `Bearer ${token.accessToken}` };
    const { body } = request;
    if (typeof body !== 'string' || !isSoap(request)) return { ...request, headers };
    return { ...request, headers, body: body.replace(sessionPlaceholder, () => token.accessToken) };
  },
};

async function ask(ctx: Grant, form: Form, previous: Token | null): Promise<Token> {
  const answer = await ctx.http.send({ method: 'POST', url: '/services/oauth2/token', form });
  return toToken(expected(tokenAnswer, answer.json(), 'token'), previous);
}

function refreshForm(config: SalesforceConfig, token: string): Form {
  const secret = config.clientSecret === undefined ? {} : { client_secret: config.clientSecret };
  return { grant_type: 'refresh_token', client_id: config.clientId, ...secret, refresh_token: token };
}

function isSoap(request: HttpRequest): boolean {
  return request.url.includes('/services/Soap/');
}

/** No `expires_in`: the org's session policy decides, and a 401 is the only sign. */
function toToken(answer: z.infer<typeof tokenAnswer>, previous: Token | null): Token {
  const [organization = '', user = ''] = (answer.id ?? '').split('/').slice(-2);
  // An answer without a refresh token means that the old one goes on.
  const refreshToken = answer.refresh_token ?? previous?.refreshToken;
  return {
    accessToken: answer.access_token,
    baseUrl: answer.instance_url,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    extra: { userId: longId(user), organizationId: longId(organization), scope: answer.scope ?? '' },
  };
}

/** RFC 7523: who asks, for whom, of whom, until when; signed with the app's own key. */
function assertion(config: SalesforceConfig, now: number): string {
  const claims = {
    iss: config.clientId,
    sub: config.username,
    aud: config.audience ?? audienceOf(config.loginUrl),
    exp: Math.floor(now / 1000) + assertionLifeSeconds,
  };
  const unsigned = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${unsigned}.${createSign('RSA-SHA256')
    .update(unsigned)
    .sign(config.privateKey ?? '', 'base64url')}`;
}

/** The audience is the shared login host of the kind of org, also when a My Domain is asked. */
function audienceOf(loginUrl: string): string {
  const { hostname } = new URL(loginUrl);
  return /(^test\.|\.sandbox\.|--)/.test(hostname)
    ? 'https://test.salesforce.com'
    : 'https://login.salesforce.com';
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
