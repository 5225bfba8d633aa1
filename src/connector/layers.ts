/**
 * The hub's single HTTP policy: what every request to a vendor passes through, outermost first.
 *
 *   retry    repeats what may be repeated, by the fault's kind
 *   auth     signs; renews a dead token once
 *   pacing   waits for its turn in the rate pool and the day's allowance
 *   judge    names the fault in an answer, learns the allowance from its headers
 *   dated    reads the vendor's clock off the answer
 *   timeout  gives the exchange its time
 *   wire     bytes out, bytes in
 *
 * Signing in itself takes the lower half: it has no token yet and is not counted by vendors.
 */
import type { Clock } from '../support/clock.ts';
import type { Log } from '../support/log.ts';
import type { Answer, Send } from './call.ts';
import type { Fault } from './fault.ts';
import type { Asked, Http, HttpResponse, HttpStream } from './http.ts';
import { judge } from './judge.ts';
import { type Governor, pacing } from './pacing.ts';
import type { Redactor } from './redact.ts';
import { locate } from './request.ts';
import { type RetryPolicy, retry } from './retry.ts';
import { type AuthParts, auth } from './signing.ts';
import { timeout } from './timeout.ts';
import { dated, type VendorClock } from './vendor-clock.ts';
import { openWire } from './wire.ts';

interface LowerParts {
  readonly governor: Governor;
  readonly timeoutMs: number;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly vendorClock: VendorClock;
  readonly signal: AbortSignal;
  /** The connector's reading of an answer. */
  fault(answer: HttpResponse, asked: Asked): Fault | null;
}

export interface HttpParts extends LowerParts {
  readonly auth: AuthParts;
  readonly policy: RetryPolicy;
  readonly log: Log;
}

export interface SignInHttpParts extends LowerParts {
  readonly baseUrl: string;
}

export function openHttp(parts: HttpParts): Http {
  const { governor, policy } = parts;
  const wire = openWire(parts.timeoutMs);
  const judging = { ...parts, learn: (answer: HttpResponse) => governor.learn(answer) };
  const layers = <A extends Answer>(bottom: Send<A>): Send<A> =>
    // biome-ignore format: one layer a line
    retry(parts,
      auth(parts.auth,
        pacing(governor, policy.patienceMs,
          judge(judging,
            dated(parts,
              timeout(parts.timeoutMs,
                bottom))))));
  return asHttp(parts, layers(wire.text), layers(wire.stream));
}

/** What `Auth.grant` gets. Its faults surface through `auth` to `retry`, which waits and asks for a new grant. */
export function openSignInHttp(parts: SignInHttpParts): Http {
  const wire = openWire(parts.timeoutMs);
  const judging = { ...parts, learn: () => undefined };
  const layers = <A extends Answer>(bottom: Send<A>): Send<A> => {
    const send = judge(judging, dated(parts, timeout(parts.timeoutMs, bottom)));
    return (call) => {
      parts.governor.count('sign-in');
      return send({ ...call, request: { ...call.request, url: locate(call.request.url, parts.baseUrl) } });
    };
  };
  return asHttp(parts, layers(wire.text), layers(wire.stream));
}

function asHttp(
  ends: Pick<HttpParts, 'signal' | 'redactor'>,
  text: Send<HttpResponse>,
  stream: Send<HttpStream>,
): Http {
  const { signal, redactor } = ends;
  return {
    send: (request) => redactor.guard(text({ request, signal })),
    stream: (request) => redactor.guard(stream({ request, signal })),
  };
}
