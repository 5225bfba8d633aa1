/** Puts the token on every request, and has a dead one renewed. */
import { isSameToken, type Session } from './auth.ts';
import type { Answer, Call, Send } from './call.ts';
import type { Token } from './contract/sign-in.ts';
import { Fault } from './fault.ts';
import type { HttpRequest } from './http.ts';
import { locate } from './request.ts';

export interface AuthParts {
  readonly session: Session;
  sign(request: HttpRequest, token: Token): HttpRequest;
  /** Where relative URLs start. */
  baseUrl(token: Token | null): string;
}

/**
 * One refusal leads to one renewal at most per request; a second one is final. A token that another process
 * stored meanwhile is tried first and is not a renewal of ours.
 */
export function auth<A extends Answer>(parts: AuthParts, next: Send<A>): Send<A> {
  const renewed = new WeakSet<Call>();
  return async (call) => {
    let token = await parts.session.current(call.signal);
    for (;;) {
      const base = parts.baseUrl(token);
      const request = { ...call.request, url: locate(call.request.url, base) };
      // The token goes to the connection's own origin only, whatever address an answer may have named.
      if (token === null || originOf(request.url) !== originOf(base)) return await next({ ...call, request });
      try {
        const answer = await next({ ...call, request: parts.sign(request, token) });
        parts.session.proved(token);
        return answer;
      } catch (error) {
        if (!(error instanceof Fault && error.kind === 'unauthorized')) throw error;
        token = await renewal(parts.session, renewed, call, token, error);
      }
    }
  };
}

async function renewal(
  session: Session,
  renewed: WeakSet<Call>,
  call: Call,
  token: Token,
  refusal: Fault,
): Promise<Token> {
  if (renewed.has(call)) session.giveUp(token, refusal.status);
  if (session.isUseless(token)) throw refusal;
  const fresh = await session.renew(token, call.signal);
  if (fresh.granted) renewed.add(call);
  // A fixed key: the connector has nothing else to offer.
  if (isSameToken(fresh.token, token)) throw refusal;
  return fresh.token;
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin;
}
