/**
 * The hub's single HTTP policy: what every request to a vendor passes through, outermost first.
 *
 *   retry    repeats what may be repeated, by the fault's kind
 *   auth     signs; renews a dead token once
 *   pacing   waits for its turn in the rate pool and the day's allowance
 *   judge    names the fault in an answer, learns the allowance from its headers
 *   timeout  gives the exchange its time
 *   wire     bytes out, bytes in
 *
 * Signing in itself takes the lower half: it has no token yet, is not counted by vendors, and is repeated as a
 * whole.
 */
import type { Clock } from '../support/clock.ts';
import type { Log } from '../support/log.ts';
import { type AuthParts, auth } from './auth.ts';
import type { Answer, Send } from './call.ts';
import type { Fault } from './fault.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { judge } from './judge.ts';
import { type Governor, pacing } from './pacing.ts';
import type { Redactor } from './redact.ts';
import { type RetryPolicy, retry } from './retry.ts';
import { timeout } from './timeout.ts';
import { openWire } from './wire.ts';

export interface HttpParts {
  readonly auth: AuthParts;
  readonly governor: Governor;
  readonly policy: RetryPolicy;
  readonly timeoutMs: number;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The connector's reading of an answer. */
  fault(answer: HttpResponse): Fault | null;
}

export function openHttp(parts: HttpParts): Http {
  const wire = openWire();
  const judging = {
    fault: parts.fault,
    learn: parts.governor.learn.bind(parts.governor),
    clock: parts.clock,
  };
  const layers = <A extends Answer>(bottom: Send<A>): Send<A> =>
    retry(
      parts,
      auth(
        parts.auth,
        pacing(parts.governor, parts.policy.patienceMs, judge(judging, timeout(parts.timeoutMs, bottom))),
      ),
    );
  return asHttp(parts, layers(wire.text), layers(wire.stream));
}

/** For `Auth.grant`: no token, no pacing; the grant is repeated as a whole by its caller. */
export function openSignInHttp(
  parts: Omit<HttpParts, 'auth'> & { located(request: HttpRequest): HttpRequest },
): Http {
  const wire = openWire();
  const judging = { fault: parts.fault, learn: () => undefined, clock: parts.clock };
  const layers = <A extends Answer>(bottom: Send<A>): Send<A> => {
    const send = judge(judging, timeout(parts.timeoutMs, bottom));
    return (call) => {
      parts.governor.count('sign-in');
      return send({ ...call, request: parts.located(call.request) });
    };
  };
  return asHttp(parts, layers(wire.text), layers(wire.stream));
}

type Ends = Pick<HttpParts, 'signal' | 'redactor'>;

function asHttp(
  { signal, redactor }: Ends,
  text: Send<HttpResponse>,
  stream: Send<Awaited<ReturnType<Http['stream']>>>,
): Http {
  const cleaned = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw redactor.error(error);
    }
  };
  return {
    send: (request) => cleaned(text({ request, signal })),
    stream: (request) => cleaned(stream({ request, signal })),
  };
}
