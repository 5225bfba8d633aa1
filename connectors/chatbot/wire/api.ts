/** The chatbot's read API: signing in, its limits, its errors. */
import { z } from 'zod';
import type { Context } from '../../../src/connector/contract/context.ts';
import type { Limits, Usage } from '../../../src/connector/contract/limits.ts';
import type { Auth, CheckResult } from '../../../src/connector/contract/sign-in.ts';
import { Fault, type FaultKind } from '../../../src/connector/fault.ts';
import type { Asked, HttpResponse } from '../../../src/connector/http.ts';
import { retryAfter } from '../../../src/connector/status.ts';
import type { ChatbotConfig } from '../config.ts';
import { account } from './schema.ts';

const neededScope = 'events:read';

/** A fixed key: "granting" hands it out; a refused one is final until the admin changes it. */
export const auth: Auth<ChatbotConfig> = {
  grant: async (ctx) => ({ accessToken: ctx.config.apiKey ?? '' }),
  account: ({ baseUrl, apiKey }) => [baseUrl ?? null, apiKey ?? null],
  sign: (request, token) => ({
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${token.accessToken}` },
  }),
};

export const limits: Limits = {
  pools: { default: { requests: 50, perMs: 1_000, concurrency: 2 } },
  reserve: 0.1,
  usage,
};

function usage({ headers }: HttpResponse): Usage | null {
  const limit = Number(headers['x-ratelimit-limit']);
  const remaining = Number(headers['x-ratelimit-remaining']);
  if (!(limit > 0) || !(remaining >= 0)) return null;
  return { window: { pool: 'default', limit, remaining, perMs: 1_000 } };
}

const kinds: Readonly<Record<number, FaultKind>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  408: 'unavailable',
  409: 'conflict',
  410: 'expired',
  429: 'throttled',
};

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export function fault(answer: HttpResponse, { now }: Pick<Asked, 'now'>): Fault | null {
  const { status } = answer;
  if (status < 300) return null;
  const kind = kinds[status] ?? (status < 500 ? 'rejected' : 'unavailable');
  const said = refusal.safeParse(safeJson(answer)).data?.error;
  const words = `chatbot: ${said?.message ?? `answered ${status}`}`;
  const message = status === 401 ? `${words} (Put its present apiKey into the connection.)` : words;
  const retryAfterMs = retryAfter(answer.headers['retry-after'], now);
  return new Fault(kind, message, {
    status,
    ...(said ? { code: said.code } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function safeJson(answer: HttpResponse): unknown {
  try {
    return answer.json();
  } catch {
    return null;
  }
}

export async function checkAccount(ctx: Context<ChatbotConfig>): Promise<CheckResult> {
  if (ctx.config.baseUrl === undefined)
    return { account: 'webhooks only, nothing to sign in to', missingPermissions: [] };
  const answer = await ctx.http.send({ method: 'GET', url: '/v1/account' });
  const { account: who, scopes } = understand(account, answer.json());
  return { account: who.name, missingPermissions: scopes.includes(neededScope) ? [] : [neededScope] };
}

/** An answer of another shape is most likely another server's: worth a repeat later, not a verdict. */
export function understand<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Fault('unavailable', `the chatbot's answer is not of the documented shape (at "${field}")`, {
    code: 'UNEXPECTED_ANSWER',
  });
}
